package kernelext_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
)

// ensemble simulates a system of the catalogue.
func ensemble(t *testing.T, name string, runs int, times ...float64) kernelext.Answer {
	t.Helper()
	entry, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := entry.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	r, err := ssa.Run(context.Background(), c, ssa.Settings{Times: times, Runs: runs, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return kernelext.Answer{Label: "SSA", Snapshots: r.Snapshots}
}

func TestLatticeDrawsOneMapAnAnswerAndTime(t *testing.T) {
	a := ensemble(t, "schlogl-2d:rows=2,cols=3", 20, 0, 0.05, 0.2)
	svg, err := kernelext.DrawLattice(kernelext.Style{Title: "Schlögl"}, kernelext.Voxels("X", 2, 3), []float64{0, 0.2}, a, a)
	holds(t, svg, err, "Schlögl", "t = 0.2", "row", "column", "mean count (molecules)")
	if n := bytes.Count(svg, []byte("data:image/png")); n != 6 {
		t.Errorf("%d images, expected 2 × 2 maps and 2 scales", n)
	}
	if _, err := kernelext.DrawLattice(kernelext.Style{}, kernelext.Voxels("Y", 2, 3), []float64{0}, a); !errors.Is(err, kernelext.ErrSpecies) {
		t.Errorf("voxels that are not there: %v", err)
	}
	if _, err := kernelext.DrawLattice(kernelext.Style{}, kernelext.Voxels("X", 2, 3), nil, a); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no time: %v", err)
	}
}

func TestKymographDrawsTheChainAgainstTime(t *testing.T) {
	a := ensemble(t, "schlogl:sites=4", 20, 0, 0.05, 0.1, 0.3)
	svg, err := kernelext.DrawKymograph(kernelext.Style{TimeUnit: "s"}, kernelext.Chain("X", 4), a)
	holds(t, svg, err, "voxel", "time (s)", "mean count (molecules)", "SSA, N = 20")
}

func TestMapDrawsEveryCellAndLeavesOutWhatIsNotKnown(t *testing.T) {
	m := kernelext.Map{
		Label: "number of modes", X: kernelext.Axis{Name: "binding", Values: []float64{1e-5, 1e-4, 1e-3}}, Y: kernelext.Axis{Name: "synthesis", Values: []float64{20, 50}},
		Values: [][]float64{{1, 1, 2}, {1, math.NaN(), 2}},
	}
	svg, err := kernelext.DrawMap(kernelext.Style{Title: "Phases"}, m)
	holds(t, svg, err, "Phases", "binding", "synthesis", "1e-05", "50", "number of modes")
	m.Values = m.Values[:1]
	if _, err := kernelext.DrawMap(kernelext.Style{}, m); !errors.Is(err, kernelext.ErrShape) {
		t.Errorf("a row too few: %v", err)
	}
	m.Values = [][]float64{{math.NaN(), math.NaN(), math.NaN()}, {math.NaN(), math.NaN(), math.NaN()}}
	if _, err := kernelext.DrawMap(kernelext.Style{}, m); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("nothing known: %v", err)
	}
}

// humps is a law with normal humps at 10 and, with the given weight, at 10 + apart.
func humps(t *testing.T, weight, apart float64) kernelext.Answer {
	t.Helper()
	var states []int32
	var p []float64
	for n := range 60 {
		bell := func(at float64) float64 {
			return math.Exp(-(float64(n)-at)*(float64(n)-at)/18) / math.Sqrt(18*math.Pi)
		}
		states, p = append(states, int32(n)), append(p, (1-weight)*bell(10)+weight*bell(10+apart))
	}
	table, err := dist.NewTable([]string{"X"}, states, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	return kernelext.Answer{Label: "exact", Snapshots: []dist.Snapshot{{Time: 1, Dist: table}}}
}

func TestBifurcationCountsModes(t *testing.T) {
	svg, err := kernelext.DrawBifurcation(kernelext.Style{TimeUnit: "s"}, "k (1/s)", "X", 1,
		kernelext.Point{Value: 3, Answer: humps(t, 0.5, 30)},
		kernelext.Point{Value: 1, Answer: humps(t, 0.3, 4)}, // too near to be told apart
		kernelext.Point{Value: 2, Answer: humps(t, 0.3, 15)})
	holds(t, svg, err, "k (1/s)", "count of X (molecules)", "mode of the law of X at t = 1 s")
	if want := "Number of modes by value: 1: 1, 2: 2, 3: 2."; !strings.Contains(string(svg), want) {
		t.Errorf("the description lacks %q", want)
	}
	if _, err := kernelext.DrawBifurcation(kernelext.Style{}, "k", "Y", 1, kernelext.Point{Value: 1, Answer: humps(t, 0, 0)}); !errors.Is(err, kernelext.ErrSpecies) {
		t.Errorf("a species that is not there: %v", err)
	}
}

func TestPhasePlaneMarksStartAndEnd(t *testing.T) {
	path := &ssa.Path{Species: []string{"A", "B"}, Times: []float64{0, 0.5, 1.5, 2}, States: []int32{0, 0, 1, 0, 1, 3, 5, 3}, End: 2}
	svg, err := kernelext.DrawPhasePlane(kernelext.Style{}, "A", "B", path)
	holds(t, svg, err, "count of A (molecules)", "count of B (molecules)", "start", "end")
	if _, err := kernelext.DrawPhasePlane(kernelext.Style{}, "A", "C", path); !errors.Is(err, kernelext.ErrSpecies) {
		t.Errorf("a species that is not there: %v", err)
	}
}

func TestRangesStandBesideEachOther(t *testing.T) {
	set := func(label string, shift float64) kernelext.Ranges {
		r := kernelext.Ranges{Label: label}
		for i := range 8 {
			x := 0.1 + 0.25*float64(i)
			r.Ranges = append(r.Ranges, kernelext.Range{At: x, Low: 0.05 + shift, High: 0.1 + shift + 0.3*x, LowSE: 0.005, HighSE: 0.01})
		}
		return r
	}
	svg, err := kernelext.DrawRanges(kernelext.Style{Title: "Calcium"}, "IP3 (µM)", "calcium (µM)", set("published", 0), set("our runs", 0.01), set("reduced model", 0.03))
	holds(t, svg, err, "Calcium", "IP3 (µM)", "calcium (µM)", "published", "our runs", "reduced model")
	if _, err := kernelext.DrawRanges(kernelext.Style{}, "x", "y"); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no range: %v", err)
	}
}
