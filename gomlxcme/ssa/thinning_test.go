package ssa_test

import (
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// Arrivals at a rate that a formula gives are Poisson with the integral of the rate as mean: mean and variance within 5
// standard errors, which a right program misses once in a million comparisons.
func TestFormulasOfTimeAreDrawnExactly(t *testing.T) {
	const runs = 4000
	for text, mean := range map[string]float64{
		"2 * time()":                                 25,
		"piecewise(0, time() < 2, 6)":                18,
		"piecewise(0, time() < 2, 1, time() < 3, 0)": 1,
		"4 * sin(time())^2":                          10 - math.Sin(10),
		"20 * exp(-time() / 2)":                      40 * (1 - math.Exp(-2.5)),
		"10 / (1 + time())":                          10 * math.Log(6),
		"50 * max(0, time() - 4)":                    25,
		"time() * (5 - time())^2":                    625.0 / 12,
		"exp(-(time() - 3)^2) * 20":                  20 * math.Sqrt(math.Pi) / 2 * (math.Erf(2) + math.Erf(3)),
		"rem(time(), 2) * 3":                         3 * 4.5,
		"abs(time() - 2.5) + floor(time())":          6.25 + 10,
	} {
		n := crn.New("arrivals")
		n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
		rate, err := crn.ParseExpression(text)
		if err != nil {
			t.Fatal(err)
		}
		n.ReactWith("0 -> X", rate)
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		r, err := ssa.Run(t.Context(), c, ssa.Settings{Times: []float64{5}, Runs: runs, Seed: 11})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		m := r.Snapshots[0].Dist.Moment(0)
		if math.Abs(m.Mean-mean) > 5*math.Sqrt(mean/runs) || math.Abs(m.SD*m.SD-mean) > 5*math.Sqrt((2*mean*mean+mean)/runs) {
			t.Errorf("%s: mean %v, variance %v, want %v", text, m.Mean, m.SD*m.SD, mean)
		}
	}
}

// A rate without a finite ceiling anywhere, and one that turns negative, are refused.
func TestFormulasWithoutCeilings(t *testing.T) {
	for _, text := range []string{"factorial(time())", "1 - time()"} {
		n := crn.New("bad")
		n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
		rate, err := crn.ParseExpression(text)
		if err != nil {
			t.Fatal(err)
		}
		n.ReactWith("0 -> X", rate)
		n.ReactWith("0 -> X", crn.Number(50))
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ssa.Run(t.Context(), c, ssa.Settings{Times: []float64{5}, Runs: 2}); !errors.Is(err, ssa.ErrPropensity) && !errors.Is(err, ssa.ErrTimeDependent) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
