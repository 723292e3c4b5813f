package ssa_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// death is N molecules that decay at rate 1: the last one is gone by t with probability (1 − e^{−t})^N.
func death(n int) *crn.Network {
	net := crn.New("death")
	net.AddSpecies("X", crn.Delta(n), crn.Unbounded)
	net.ReactWith("X -> 0", crn.Number(1))
	return net
}

func TestFirstPassageHasItsLaw(t *testing.T) {
	c := compile(t, death(6))
	for _, m := range []ssa.Method{ssa.Direct{}, ssa.NextReaction{}} {
		s := ssa.Settings{Times: []float64{4}, Runs: 10_000, Seed: 3, Method: m}
		p, err := ssa.FirstPassages(context.Background(), c, s, ssa.Box([]int32{0}, []int32{0}))
		if err != nil {
			t.Fatal(err)
		}
		// Five standard errors in eight comparisons: a false alarm in 5e-6 of seeds.
		for _, at := range []float64{1, 2, 3, 4} {
			want := math.Pow(1-math.Exp(-at), 6)
			if got, _ := p.Probability(at); math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/10_000) {
				t.Errorf("%s: gone by %v with probability %v, want %v", m, at, got, want)
			}
		}
		s.Workers = 3
		again, err := ssa.FirstPassages(context.Background(), c, s, ssa.Box([]int32{0}, []int32{0}))
		if err != nil || !slices.Equal(again.Times, p.Times) {
			t.Errorf("%s: three workers give other times: %v", m, err)
		}
	}
}

// TestRateOfSchlogl: one voxel leaves the upper basin for x ≤ 15 at a rate that tends to 0.836, by the slope of the exact absorbed
// probability. Within five standard errors: a false alarm in 1e-6 of seeds.
func TestRateOfSchlogl(t *testing.T) {
	runs := 400
	if testing.Short() {
		runs = 50
	}
	p, err := ssa.FirstPassages(context.Background(), compile(t, system(t, "schlogl:sites=1")), ssa.Settings{Times: []float64{2}, Runs: runs, Seed: 4},
		func(x []int32) bool { return x[0] <= 15 })
	if err != nil {
		t.Fatal(err)
	}
	rate, se := p.Rate(0.5)
	if se == 0 || math.Abs(rate-0.836) > 5*se {
		t.Errorf("rate %v ± %v, want 0.836", rate, se)
	}
}

func TestFirstPassageEnds(t *testing.T) {
	c := compile(t, death(3))
	here, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: []float64{1}, Runs: 5}, ssa.Box([]int32{2}, []int32{crn.Unbounded}))
	if err != nil || slices.Max(here.Times) != 0 {
		t.Errorf("a start inside the basin: %v, %v", here, err)
	}
	never, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: []float64{1}, Runs: 5}, ssa.Box([]int32{7}, []int32{9}))
	if err != nil || !math.IsInf(slices.Min(never.Times), 1) {
		t.Errorf("a basin out of reach: %v, %v", never, err)
	}
	if rate, se := never.Rate(0); rate != 0 || se != 0 {
		t.Errorf("rate %v ± %v", rate, se)
	}
	if _, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: []float64{1}}, nil); !errors.Is(err, ssa.ErrSettings) {
		t.Errorf("no basin: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ssa.FirstPassages(ctx, c, ssa.Settings{Times: []float64{1}}, ssa.Box([]int32{7}, []int32{9})); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	busy := compile(t, system(t, "birth-death"))
	if _, err := ssa.FirstPassages(context.Background(), busy, ssa.Settings{Times: []float64{1e6}, MaxEvents: 100}, ssa.Box([]int32{39}, []int32{39})); !errors.Is(err, ssa.ErrBudget) {
		t.Errorf("budget: %v", err)
	}
}

// When is the last of six molecules gone? After Σ 1/i lifetimes in the mean, 2.45.
func ExampleFirstPassages() {
	n := crn.New("decay")
	n.Param("k", 1)
	n.AddSpecies("X", crn.Delta(6), crn.Unbounded)
	n.React("X -> 0", "k")
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: []float64{50}, Runs: 10_000, Seed: 1}, ssa.Box([]int32{0}, []int32{0}))
	if err != nil {
		fmt.Println(err)
		return
	}
	mean := 0.0
	for _, t := range p.Times {
		mean += t / float64(len(p.Times))
	}
	fmt.Printf("%.1f\n", mean)
	// Output: 2.4
}
