package evolve_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// networkOf is a network with random parameters for the box of a model of the catalogue.
func networkOf(t *testing.T, name string, cap int) (*evolve.Network, *crn.Compiled) {
	t.Helper()
	entry, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	n := entry.Build()
	for _, s := range n.Species {
		if err := n.SetCap(s.Name, min(s.Cap, cap)); err != nil {
			t.Fatal(err)
		}
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	m, err := van.New(b, van.Box{Caps: c.Caps()}, van.NADE{Hidden: 3}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return &evolve.Network{Time: 1, Species: c.SpeciesNames(), Model: m, Theta: m.Init(rand.New(rand.NewPCG(1, 2)))}, c
}

// The rates of all states of a box are those of W P, summed up reaction by reaction
// from where they start, and take nothing from the whole.
func TestRateIsTheMasterEquation(t *testing.T) {
	for _, name := range []string{"birth-death", "gene-expression", "toggle-switch"} {
		n, c := networkOf(t, name, 9)
		all, err := n.Model.Box.Enumerate(10_000)
		if err != nil {
			t.Fatal(err)
		}
		l := n.Model.Box.Species()
		logp := make([]float64, len(all)/l)
		if err := n.Model.LogProb(logp, n.Theta, all); err != nil {
			t.Fatal(err)
		}
		flow := map[string]float64{}
		for i, v := range logp {
			x := all[i*l : (i+1)*l]
			y := make([]int32, l)
			for k := range c.NumReactions() {
				a := c.Propensity(k, x, n.Time) * math.Exp(v)
				for s := range y {
					y[s] = x[s] + c.Change(k)[s]
				}
				flow[fmt.Sprint(x)] -= a
				flow[fmt.Sprint(y)] += a
			}
		}
		rates, err := n.Rate(c, all)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, r := range rates {
			p, want := math.Exp(logp[i]), flow[fmt.Sprint(all[i*l:(i+1)*l])]
			sum += p * r
			if math.Abs(p*r-want) > 1e-13*(1+math.Abs(want)) { // rounding of sums of a few terms
				t.Errorf("%s: state %v: dP/dt = %g, by the reactions %g", name, all[i*l:(i+1)*l], p*r, want)
			}
		}
		if math.Abs(sum) > 1e-12 {
			t.Errorf("%s: reactions make probability at rate %g", name, sum)
		}
	}
}

func TestRateRefuses(t *testing.T) {
	n, c := networkOf(t, "birth-death", 9)
	_, other := networkOf(t, "gene-expression", 9)
	for _, try := range []struct {
		c      *crn.Compiled
		states []int32
	}{{c, []int32{10}}, {c, []int32{-1}}, {other, []int32{1, 1}}} {
		if _, err := n.Rate(try.c, try.states); !errors.Is(err, evolve.ErrSettings) {
			t.Errorf("states %v: %v", try.states, err)
		}
	}
}

// The local estimator of a settled law is 0: what flows in flows out.
func ExampleNetwork_Rate() {
	n := crn.New("immigration and death")
	n.Param("in", 5)
	n.Param("out", 1)
	n.AddSpecies("X", crn.Delta(0), 25)
	n.React("0 -> X", "in")
	n.React("X -> 0", "out")
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := evolve.Run(context.Background(), c, evolve.Settings{Times: []float64{1, 12}, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range []float64{1, 12} {
		network, err := r.At(t)
		if err != nil {
			fmt.Println(err)
			return
		}
		rates, err := network.Rate(c, []int32{0, 3, 8})
		if err != nil {
			fmt.Println(err)
			return
		}
		for i := range rates {
			rates[i] = math.Round(10*rates[i])/10 + 0 // no −0
		}
		fmt.Printf("t = %g: d log P/dt = %v at 0, 3 and 8 molecules\n", t, rates)
	}
	// Output:
	// t = 1: d log P/dt = [-1.8 -0.1 2.8] at 0, 3 and 8 molecules
	// t = 12: d log P/dt = [0 0 0] at 0, 3 and 8 molecules
}
