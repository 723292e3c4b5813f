package study

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// What Report writes is read back, in a text with other tables and lines around it.
func TestTotalsAreThoseOfTheReport(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("| other | table |\n| --- | --- |\n| a | 1 |\n\nwords\n\n")
	columns := []Column{{Name: "a", Summaries: []Summary{
		{Value: 0.4, Role: Learned, Median: 1e-3, Mean: 2e-3, Together: 5e-4, Kept: 4e-2},
		{Value: 0.5, Role: Learned, Median: 3e-3, Mean: 4e-3, Together: 15e-4, Kept: 6e-2},
		{Value: 2, Role: Unseen, Median: 7e-3, Mean: 9e-3, Together: 1e-3, Kept: 2e-3},
	}, Published: []float64{1e-4, 3e-4, 5e-4}}, {Name: "b", Summaries: []Summary{
		{Value: 0.4, Role: Learned, Median: 1, Mean: 2, Together: math.Inf(1), Kept: 4e-2},
	}}}
	if err := IP3.Report(&text, columns); err != nil {
		t.Fatal(err)
	}
	text.WriteString("\nmore words\n")
	got, err := ReadTotals(&text)
	want := []Total{
		{"a", 2, Learned, 5e-2, 2e-3, 3e-3, 1e-3, "2.0e-04"}, {"b", 2, Learned, 5e-2, 1, 2, math.Inf(1), ""},
		{"a", 1, Unseen, 2e-3, 7e-3, 9e-3, 1e-3, "5.0e-04"},
	}
	if err != nil || len(got) < 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("read\n%v\nnot\n%v\nerror %v", got, want, err)
	}
	if _, err := ReadTotals(bytes.NewReader([]byte("words"))); !errors.Is(err, ErrReport) {
		t.Errorf("a text without tables: error %v", err)
	}
}

// RESULTS.md can be read, and tells what its text tells.
func TestTotalsOfTheResults(t *testing.T) {
	file, err := os.Open("../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all, err := ReadTotals(file)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, v := range all {
		found[v.Networks]++
		if v.Kept <= 0 || v.Median <= 0 || v.Together <= 0 {
			t.Errorf("%+v has an error of 0 or less", v)
		}
	}
	for _, name := range []string{"reactions-followed", "parameters-followed", "reactions-deep-followed", "parameters-deep-followed", "receptors-reactions-beyond"} {
		if found[name] == 0 {
			t.Errorf("nothing about %s", name)
		}
	}
}

// Whatever is read as averages has a role and as many conditions as it says; nothing else than a refusal comes of other texts.
func FuzzReadTotals(f *testing.F) {
	f.Add([]byte("| µM of IP3 | first value kept | a: median | mean ± band | together | published mean |\n| --- | --- | --- | --- | --- | --- |\n| mean of 2 learned | 5.0e-02 | 2.0e-03 | 3.0e-03 | 1.0e-03 ✗ | 2.0e-04 |\n"))
	f.Add([]byte("| a | b | c: median | d | e |\n| mean of 1 unseen | 1 | – | diverged | 2 |\n"))
	f.Add([]byte("||\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := ReadTotals(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrReport) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, v := range all {
			if v.Role != Learned && v.Role != Validated && v.Role != Unseen {
				t.Errorf("role %q", v.Role)
			}
		}
	})
}

// The floor is what the parameters of drawn ensembles err: 4000 ensembles of 20 normal runs, so that the mean squared errors are known to 3 % (one standard
// error); three of these and the bias of a standard deviation from few runs are allowed.
func TestFloorIsTheErrorOfEnsembles(t *testing.T) {
	const runs, ensembles, w, noise = 20, 4000, 0.6, 1e-6
	rng := rand.New(rand.NewPCG(5, 1))
	sum := 0.0
	for range ensembles {
		first, second := 0.0, 0.0
		for range runs {
			x := w * rng.NormFloat64()
			first, second = first+x, second+x*x
		}
		b := first / runs
		sd := math.Sqrt((second - runs*b*b) / (runs - 1))
		sum += (b*b + (sd-w)*(sd-w)) / 2 / ensembles
	}
	s := &Study{Reduction: reduced.Reduction{MovingW: []int{0}, MovingB: []int{0}}}
	p := reduced.Parameters{W: [][]float64{{-w, 0}}, B: []float64{0, 0}, Noise: noise}
	got := s.Floor(Case{Series: &reduced.Series{Filtered: []reduced.Parameters{p, p}}}, runs)
	if math.Abs(got/sum-1) > 0.1 {
		t.Errorf("the floor is %g, ensembles err by %g", got, sum)
	}
}
