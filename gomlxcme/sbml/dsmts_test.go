package sbml_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// suite is where the cases of the discrete stochastic model test suite lie, seen from this folder.
const suite = "../../../shared/data/dsmts"

// testCase is a case of the suite.
type testCase struct {
	number     string
	text       string
	model      *sbml.Model
	times      []float64
	mean, sd   map[string][]float64 // by variable, one a time
	variables  []string
	zMax, yMax float64
}

// long reports whether the long tests are asked for.
func long() bool { return os.Getenv("CME_LONG") != "" }

// cases lists the numbers of all cases; it skips the test visibly where they are absent.
func cases(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(suite, "[0-9]*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skipf("the test suite is absent: put its cases into %s", suite)
	}
	for i, f := range found {
		found[i] = filepath.Base(f)
	}
	return found
}

func loadCase(t *testing.T, number string) *testCase {
	t.Helper()
	stem := filepath.Join(suite, number, number)
	text, err := os.ReadFile(stem + "-sbml-l3v2.xml")
	if err != nil {
		t.Fatal(err)
	}
	c := &testCase{number: number, text: string(text), mean: map[string][]float64{}, sd: map[string][]float64{}}
	c.model, err = sbml.Read(strings.NewReader(c.text))
	if err != nil {
		t.Fatal(err)
	}
	c.readSettings(t, stem+"-settings.txt")
	c.readResults(t, stem+"-results.csv")
	return c
}

func (c *testCase) readSettings(t *testing.T, path string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		key, value, _ := strings.Cut(s.Text(), ":")
		switch value = strings.TrimSpace(value); key {
		case "variables":
			for _, v := range strings.Split(value, ",") {
				c.variables = append(c.variables, strings.TrimSpace(v))
			}
		case "meanRange":
			fmt.Sscanf(value, "(-%f, %f)", &c.zMax, &c.zMax)
		case "sdRange":
			fmt.Sscanf(value, "(-%f, %f)", &c.yMax, &c.yMax)
		}
	}
	if len(c.variables) == 0 || c.zMax == 0 || c.yMax == 0 {
		t.Fatalf("%s: settings not understood", path)
	}
}

func (c *testCase) readResults(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimSpace(string(text)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			v, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSpace(rows[0][i])
			if name == "time" {
				c.times = append(c.times, v)
			} else if s, ok := strings.CutSuffix(name, "-mean"); ok {
				c.mean[s] = append(c.mean[s], v)
			} else if s, ok := strings.CutSuffix(name, "-sd"); ok {
				c.sd[s] = append(c.sd[s], v)
			}
		}
	}
}

// functions are the variables as functions of the state.
func (c *testCase) functions(t *testing.T) (list []ssa.Observable) {
	for _, v := range c.variables {
		f, err := c.model.Function(v)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, ssa.Observable{Name: v, Value: f})
	}
	return list
}

func (c *testCase) compile(t *testing.T) *crn.Compiled {
	n, err := c.model.Network.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// heavy is the case whose counts have so long a tail that Y, scaled for normal counts, spreads much wider than ±1: the limit
// of Y would be missed by a simulator without any fault, in runs of neighbouring times. The exact law, which agrees with the
// file in every digit (TestSuiteByProjection), says how wide: sqrt((kurtosis−1)/2).
const heavy = "00003"

// spread is the standard deviation of Y at each time for the heavy case, and 1, as the suite takes it, for the others.
func (c *testCase) spread(t *testing.T) []float64 {
	out := make([]float64, len(c.times))
	for i := range out {
		out[i] = 1
	}
	if c.number != heavy {
		return out
	}
	r, err := fsp.Solve(t.Context(), c.compile(t), fsp.Settings{Times: c.times, Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	for i := range out {
		m := r.Snapshots[i].Dist.Moment(0)
		fourth := 0.0
		for n, p := range r.Snapshots[i].Dist.Marginal(0).P {
			fourth += p * math.Pow((float64(n)-m.Mean)/m.SD, 4)
		}
		if m.SD > 0 {
			out[i] = max(1, math.Sqrt((fourth-1)/2))
		}
	}
	return out
}

// The Z and Y tests of the suite, with at most one miss a case.
func TestSuiteBySimulation(t *testing.T) {
	quick := map[string]bool{"00001": true, "00011": true, "00015": true, "00019": true, "00025": true, "00027": true, "00033": true,
		"00029": true, "00035": true, "00037": true}
	for _, number := range cases(t) {
		t.Run(number, func(t *testing.T) {
			if !long() && !quick[number] {
				t.Skip("takes longer: set CME_LONG=1, or run make check-long")
			}
			c := loadCase(t, number)
			runs := 10_000
			r, err := ssa.Run(t.Context(), c.compile(t), ssa.Settings{Times: c.times, Runs: runs, Seed: 20, Observables: c.functions(t)})
			if err != nil {
				t.Fatal(err)
			}
			widen := c.spread(t)
			misses := 0
			for k, v := range c.variables {
				for i := range c.times {
					m := r.Snapshots[i].Observables[k].Moment
					mean, variance := m.Mean, m.SD*m.SD
					mu, sigma := c.mean[v][i], c.sd[v][i]
					if sigma == 0 {
						if mean != mu || variance != 0 {
							t.Errorf("%s at t = %v is %v ± %v, want exactly %v", v, c.times[i], mean, math.Sqrt(variance), mu)
						}
						continue
					}
					variance += (mean - mu) * (mean - mu)
					z := math.Sqrt(float64(runs)) * (mean - mu) / sigma
					y := math.Sqrt(float64(runs)/2) * (variance/sigma/sigma - 1)
					if math.Abs(z) >= c.zMax || math.Abs(y) >= c.yMax*widen[i] {
						misses++
						t.Logf("%s at t = %v: Z = %.2f, Y = %.2f", v, c.times[i], z, y)
					}
				}
			}
			if misses > 1 {
				t.Errorf("%d misses", misses)
			}
		})
	}
}

// The projection agrees with the printed numbers in every case without events.
func TestSuiteByProjection(t *testing.T) {
	quick := map[string]bool{"00001": true, "00011": true, "00013": true, "00015": true, "00017": true, "00019": true, "00021": true,
		"00027": true, "00035": true, "00037": true}
	for _, number := range cases(t) {
		t.Run(number, func(t *testing.T) {
			if !long() && !quick[number] {
				t.Skip("takes longer: set CME_LONG=1, or run make check-long")
			}
			c := loadCase(t, number)
			if c.compile(t).HasEvents() {
				t.Skip("events: the master equation does not know them")
			}
			s := fsp.Settings{Times: c.times, Tolerance: 1e-12}
			if number == "00005" || number == "00007" { // a box would have to hold far more states than ever matter
				s.Set, s.Tolerance = fsp.AdaptiveSet, 1e-9
			}
			r, err := fsp.Solve(t.Context(), c.compile(t), s)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range c.functions(t) {
				slope := 1.0
				if v.Name == "y" { // 2 X, in the file twice what is printed of X
					slope = 2
				}
				for i, at := range c.times {
					m := r.Snapshots[i].Dist.(*dist.Table).Observe(func(x []int32) float64 { return v.Value(x, at) })
					compare(t, fmt.Sprintf("mean of %s at t = %v", v.Name, at), m.Mean, c.mean[v.Name][i], slope)
					compare(t, fmt.Sprintf("sd of %s at t = %v", v.Name, at), m.SD, c.sd[v.Name][i], slope)
				}
			}
		})
	}
}

// compare allows for rounding to five decimals or, where that is coarser, six digits; a table of f(X) is made of rounded X.
func compare(t *testing.T, what string, got, want, slope float64) {
	t.Helper()
	unit := 1e-5
	if want >= 10 {
		unit = math.Pow(10, math.Floor(math.Log10(want))-5)
	}
	if math.Abs(got-want) > 0.51*unit*slope {
		t.Errorf("%s is %.6f, want %v", what, got, want)
	}
}
