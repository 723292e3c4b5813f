package fsp_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func build(t testing.TB, name string, law crn.Law) (systems.Entry, *crn.Network) {
	t.Helper()
	e, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	n := e.Build()
	n.Law = law
	return e, n
}

func compile(t testing.TB, n *crn.Network) *crn.Compiled {
	t.Helper()
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func solve(t testing.TB, n *crn.Network, s fsp.Settings) *fsp.Result {
	t.Helper()
	r, err := fsp.Solve(context.Background(), compile(t, n), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func diagnostic(t testing.TB, s dist.Snapshot, name string) float64 {
	t.Helper()
	v, ok := s.Diagnostics.Get(name)
	if !ok {
		t.Fatalf("no diagnostic %q", name)
	}
	return v
}

// TestCatalogueAnswers compares every known answer of the catalogue up to the given times.
func TestCatalogueAnswers(t *testing.T) {
	for _, test := range []struct {
		name  string
		until float64
		laws  []crn.Law
	}{
		{"birth-death", 100, []crn.Law{crn.FallingFactorial}},
		{"gene-expression", 3600, []crn.Law{crn.FallingFactorial}},
		{"toggle-switch", 5, []crn.Law{crn.FallingFactorial, crn.Power}},
	} {
		if testing.Short() { // the race detector makes the products slow
			test.until = map[string]float64{"birth-death": 100, "gene-expression": 100, "toggle-switch": 1}[test.name]
		}
		for _, law := range test.laws {
			e, n := build(t, test.name, law)
			var times []float64
			for _, k := range e.Known {
				if k.Time <= test.until && !slices.Contains(times, k.Time) {
					times = append(times, k.Time)
				}
			}
			r := solve(t, n, fsp.Settings{Times: times})
			for _, s := range r.Snapshots {
				t.Logf("%s t=%g %v", test.name, s.Time, s.Diagnostics)
				for _, k := range e.Known {
					if k.Time == s.Time && k.Law == law {
						check(t, n, s, k)
					}
				}
			}
		}
	}
}

func check(t *testing.T, n *crn.Network, s dist.Snapshot, k systems.Known) {
	t.Helper()
	i, err := n.SpeciesIndex(k.Species)
	if err != nil {
		t.Fatal(err)
	}
	var got float64
	switch k.Quantity {
	case systems.Mean:
		got = s.Dist.Moment(i).Mean
	case systems.SD:
		got = s.Dist.Moment(i).SD
	case systems.Below:
		for _, p := range s.Dist.Marginal(i).P[:k.Count] {
			got += p
		}
	}
	if math.Abs(got-k.Value) > k.Tolerance*1.01 {
		t.Errorf("%s, %s, t = %g: %s of %s is %.9g, known is %.9g ± %.1g", n.Name, n.Law, k.Time, k.Quantity, k.Species, got, k.Value, k.Tolerance)
	}
}

func TestBirthDeathStaysPoisson(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	if err := n.SetCap("X", crn.Unbounded); err != nil {
		t.Fatal(err)
	}
	r := solve(t, n, fsp.Settings{Times: []float64{0, 1, 30, 300, 2000}, Tolerance: 1e-10})
	for _, s := range r.Snapshots {
		decay := math.Exp(-0.01 * s.Time)
		law := crn.Poisson{Mean: decay + 10*(1-decay)}
		difference := 0.0
		for x, p := range s.Dist.Marginal(0).P {
			difference += math.Abs(p - math.Exp(law.LogProb(x, crn.Unbounded)))
		}
		bound := diagnostic(t, s, "truncation_bound")
		if difference > bound+1e-12 || bound > 1e-10 {
			t.Errorf("t = %g: difference %.2g, bound %.2g", s.Time, difference, bound)
		}
	}
	if cap := r.Caps[0]; cap < 35 || cap > 80 {
		t.Errorf("the box grew to %d, which is not what Poisson(10) needs", cap)
	}
}

// TestGrowingBoxKeepsItsBound starts a gene expression far below its final counts, without caps.
func TestGrowingBoxKeepsItsBound(t *testing.T) {
	_, n := build(t, "gene-expression", crn.FallingFactorial)
	for _, s := range []string{"m", "p"} {
		if err := n.SetCap(s, crn.Unbounded); err != nil {
			t.Fatal(err)
		}
	}
	r := solve(t, n, fsp.Settings{Times: []float64{50, 400}, Tolerance: 1e-7})
	for _, s := range r.Snapshots {
		bound, lost := diagnostic(t, s, "truncation_bound"), diagnostic(t, s, "lost")
		missing := 1 - s.Dist.(*dist.Table).Mass()
		if math.Abs(missing-lost) > 1e-12 || lost > bound || bound > 1e-7 {
			t.Errorf("t = %g: missing %.3g, lost %.3g, bound %.3g", s.Time, missing, lost, bound)
		}
		if leak := diagnostic(t, s, "leak"); leak != 0 {
			t.Errorf("leak %v without caps", leak)
		}
	}
}

func TestLeakMeasuresACapThatIsTooLow(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	if err := n.SetCap("X", 3); err != nil {
		t.Fatal(err)
	}
	times := []float64{0, 50, 100}
	r := solve(t, n, fsp.Settings{Times: times})
	// d<x>/dt = birth (1 − P(cap)) − death <x>, so that the mean and the leak determine each other only through P(cap).
	if leak := diagnostic(t, r.Snapshots[0], "leak"); leak != 0 {
		t.Errorf("leak %v at t = 0", leak)
	}
	if leak := diagnostic(t, r.Snapshots[2], "leak"); leak < 3 || leak > 10 {
		t.Errorf("leak %v, want a large part of the 10 births", leak)
	}
	if bound := diagnostic(t, r.Snapshots[2], "truncation_bound"); bound > 1e-10 {
		t.Errorf("the cap is part of the model, but the bound is %v", bound)
	}
}

func TestResultsDoNotDependOnWorkers(t *testing.T) {
	_, n := build(t, "toggle-switch", crn.FallingFactorial)
	one := solve(t, n, fsp.Settings{Times: []float64{0.2}, Workers: 1}).Snapshots[0].Dist.(*dist.Table)
	three := solve(t, n, fsp.Settings{Times: []float64{0.2}, Workers: 3}).Snapshots[0].Dist.(*dist.Table)
	for i := range one.Len() {
		if one.P(i) != three.P(i) {
			t.Fatalf("state %v: %v and %v", one.State(i), one.P(i), three.P(i))
		}
	}
}

func TestTooManyStatesIsToldBeforeMemoryIsAskedFor(t *testing.T) {
	_, n := build(t, "toggle-switch", crn.FallingFactorial)
	_, err := fsp.Solve(context.Background(), compile(t, n), fsp.Settings{Times: []float64{1}, MaxStates: 1000})
	var large *fsp.TooLargeError
	if !errors.Is(err, fsp.ErrTooLarge) || !errors.As(err, &large) || large.Box != 25600 {
		t.Errorf("got %v", err)
	}
}

func TestInterruptionKeepsTheLastTimes(t *testing.T) {
	_, n := build(t, "toggle-switch", crn.FallingFactorial)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := fsp.Solve(ctx, compile(t, n), fsp.Settings{Times: []float64{1}})
	if !errors.Is(err, context.Canceled) || len(r.Snapshots) != 0 {
		t.Errorf("got %v and %d snapshots", err, len(r.Snapshots))
	}
}

func TestBadSettings(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	c := compile(t, n)
	for name, s := range map[string]fsp.Settings{
		"no times":      {},
		"negative time": {Times: []float64{-1}},
		"falling times": {Times: []float64{2, 1}},
		"equal times":   {Times: []float64{1, 1}},
		"infinite time": {Times: []float64{math.Inf(1)}},
		"time NaN":      {Times: []float64{math.NaN()}},
		"tolerance":     {Times: []float64{1}, Tolerance: -1},
		"states":        {Times: []float64{1}, MaxStates: -1},
		"workers":       {Times: []float64{1}, Workers: -1},
	} {
		if _, err := fsp.Solve(context.Background(), c, s); !errors.Is(err, fsp.ErrSettings) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func BenchmarkToggleSwitch(b *testing.B) {
	_, n := build(b, "toggle-switch", crn.FallingFactorial)
	products := 0.0
	for b.Loop() {
		r := solve(b, n, fsp.Settings{Times: []float64{1}})
		v, _ := r.Snapshots[0].Diagnostics.Get("products")
		products += v
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/products, "µs/product")
}

// A rate law that turns negative or is not a number is refused with the state, by every kind of state set: the series of
// a matrix with such an entry would never end.
func TestBadPropensitiesAreRefused(t *testing.T) {
	for name, value := range map[string]float64{"negative": -1, "not a number": math.NaN(), "infinite": math.Inf(1)} {
		for _, set := range []fsp.Set{fsp.AutomaticSet, fsp.ReachableSet, fsp.AdaptiveSet} {
			n := crn.New("bad")
			n.AddSpecies("X", crn.Delta(4), 20)
			n.ReactWith("X -> 0", badRate{value})
			c, err := n.Compile()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1}, Set: set}); !errors.Is(err, fsp.ErrPropensity) {
				t.Errorf("%s, %v: got %v", name, set, err)
			}
		}
	}
}

// badRate is fine in the first state and bad below it.
type badRate struct{ value float64 }

func (b badRate) Bind(*crn.Network) (crn.Bound, error) {
	return crn.Bound{Whole: true, Function: func(x []int32, _ float64) float64 {
		if x[0] < 4 {
			return b.value
		}
		return 1
	}}, nil
}

func (badRate) String() string { return "bad" }
