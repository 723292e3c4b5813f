package fsp_test

import (
	"context"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// difference is Σ|p − q| over the states of both tables.
func difference(t testing.TB, p, q dist.Distribution) float64 {
	t.Helper()
	v, err := dist.TotalVariationTable(p.(*dist.Table), q.(*dist.Table))
	if err != nil {
		t.Fatal(err)
	}
	return 2 * v.Value
}

// TestAdaptiveSetStaysWithinItsBound compares it with all reachable states, for a law that spreads, drifts and splits.
func TestAdaptiveSetStaysWithinItsBound(t *testing.T) {
	times := []float64{0, 0.1, 2, 5}
	if testing.Short() {
		times = times[:2]
	}
	_, n := build(t, "toggle-switch", crn.FallingFactorial)
	exact := solve(t, n, fsp.Settings{Times: times, Set: fsp.ReachableSet})
	for _, tolerance := range []float64{1e-3, 1e-6} {
		r := solve(t, n, fsp.Settings{Times: times, Set: fsp.AdaptiveSet, Tolerance: tolerance})
		for i, s := range r.Snapshots {
			d, bound := difference(t, s.Dist, exact.Snapshots[i].Dist), diagnostic(t, s, "truncation_bound")
			if d > bound+1e-10 || bound > tolerance {
				t.Errorf("t = %g: difference %.3g, bound %.3g, tolerance %g", s.Time, d, bound, tolerance)
			}
			if missing, lost := 1-s.Dist.(*dist.Table).Mass(), diagnostic(t, s, "lost"); math.Abs(missing-lost) > 1e-10 {
				t.Errorf("t = %g: missing %.3g, lost %.3g", s.Time, missing, lost)
			}
			if states := diagnostic(t, s, "states"); i == 1 && states > 0.2*diagnostic(t, exact.Snapshots[i], "states") {
				t.Errorf("t = %g: %v states at tolerance %g", s.Time, states, tolerance)
			}
		}
	}
}

// TestAdaptiveSetFollowsADriftAndForgets: the law moves from 400 molecules to none, and the set with it.
func TestAdaptiveSetFollowsADriftAndForgets(t *testing.T) {
	n := crn.New("decay")
	n.AddSpecies("X", crn.Delta(400), crn.Unbounded)
	n.ReactWith("X -> 0", crn.Number(1))
	r := solve(t, n, fsp.Settings{Times: []float64{0.5, 3, 12}, Set: fsp.AdaptiveSet, Tolerance: 1e-7})
	for _, s := range r.Snapshots {
		stay := math.Exp(-s.Time)
		d := 0.0
		for x, p := range s.Dist.Marginal(0).P {
			want := 0.0
			if lg := logBinomial(400, x) + float64(x)*math.Log(stay) + float64(400-x)*math.Log1p(-stay); lg > -700 {
				want = math.Exp(lg)
			}
			d += math.Abs(p - want)
		}
		if bound := diagnostic(t, s, "truncation_bound"); d > bound+1e-10 || bound > 1e-7 {
			t.Errorf("t = %g: difference %.3g, bound %.3g", s.Time, d, bound)
		}
	}
	if states := diagnostic(t, r.Snapshots[2], "states"); states > 100 {
		t.Errorf("%v states for a law on a few counts", states)
	}
}

func TestAdaptiveSetRefusesWithNumbers(t *testing.T) {
	c := compile(t, mapk())
	_, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1000}, Tolerance: 1e-4, Set: fsp.AdaptiveSet, MaxStates: 2000})
	var large *fsp.TooLargeError
	if !errors.As(err, &large) || large.Limit != 2000 || !(large.Time > 0 && large.Time < 1000) || large.Bytes < 1e6 {
		t.Errorf("got %v", err)
	}
	_, err = fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{10}, Tolerance: 1e-18, Set: fsp.AdaptiveSet})
	if !errors.Is(err, fsp.ErrTolerance) || !strings.Contains(err.Error(), "1e-18") {
		t.Errorf("got %v", err)
	}
}

func TestAdaptiveSetDoesNotDependOnWorkers(t *testing.T) {
	var tables []*dist.Table
	for _, workers := range []int{1, 2} {
		r := solve(t, mapk(), fsp.Settings{Times: []float64{300}, Tolerance: 1e-4, Set: fsp.AdaptiveSet, Workers: workers})
		tables = append(tables, r.Snapshots[0].Dist.(*dist.Table))
	}
	for i := range tables[0].Len() {
		if tables[0].P(i) != tables[1].P(i) {
			t.Fatalf("state %v: %v and %v", tables[0].State(i), tables[0].P(i), tables[1].P(i))
		}
	}
}

// TestSixteenSpecies is the cascade that no box holds: 10^16 states. The answers at the end are those of an independent
// program with 5.5e-5 lost mass.
func TestSixteenSpecies(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("set CME_LONG=1: this takes 5 to 20 seconds")
	}
	r := solve(t, mapk(), fsp.Settings{Times: []float64{1000, 10_000}, Tolerance: 1e-4})
	s := r.Snapshots[1]
	t.Log(s.Diagnostics)
	if bound := diagnostic(t, s, "truncation_bound"); bound > 1e-4 {
		t.Errorf("bound %v", bound)
	}
	for _, k := range []struct {
		species  int
		mean, sd float64
	}{{1, 0.9484, 0.2212}, {2, 0.6920, 1.0197}, {5, 1.8108, 1.7400}} {
		// Counts up to 9 with the mass 1e-4 unknown leave 1e-4 · 9 open.
		if m := s.Dist.Moment(k.species); math.Abs(m.Mean-k.mean) > 9e-4 || math.Abs(m.SD-k.sd) > 2e-3 {
			t.Errorf("species %d: mean %.4f, sd %.4f, want %v, %v", k.species, m.Mean, m.SD, k.mean, k.sd)
		}
	}
}
