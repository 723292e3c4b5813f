package fsp_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"pgregory.net/rapid"
)

// smallNetworks draws networks of two or three species and one to five reactions, each of which takes and makes up to two
// molecules, with either rate law.
func smallNetworks() *rapid.Generator[*crn.Network] {
	return rapid.Custom(func(t *rapid.T) *crn.Network {
		n := crn.New("random")
		n.Law = rapid.SampledFrom([]crn.Law{crn.FallingFactorial, crn.Power}).Draw(t, "law")
		species := rapid.IntRange(2, 3).Draw(t, "species")
		for i := range species {
			start := rapid.IntRange(1, 4).Draw(t, "start")
			n.AddSpecies(fmt.Sprintf("S%d", i), crn.Delta(start), rapid.IntRange(max(1, start), 7).Draw(t, "cap"))
		}
		for range rapid.IntRange(1, 5).Draw(t, "reactions") {
			side := func(name string) (terms []crn.Term) {
				for range rapid.IntRange(0, 2).Draw(t, name) {
					s := rapid.IntRange(0, species-1).Draw(t, name)
					if k := len(terms) - 1; k >= 0 && terms[k].Species == s {
						terms[k].Order++
					} else {
						terms = append(terms, crn.Term{Species: s, Order: 1})
					}
				}
				return terms
			}
			n.Reactions = append(n.Reactions, crn.Reaction{Name: fmt.Sprintf("R%d", len(n.Reactions)), Reactants: side("takes"), Products: side("makes"),
				Rate: crn.Number(rapid.Float64Range(0.05, 1.5).Draw(t, "rate"))})
		}
		return n
	})
}

// TestRandomNetworks holds the projection of any small network to what every law of one obeys, on a reachable and on an adaptive
// set: probabilities that are not negative and sum to 1 with what was lost, states within the caps, conserved totals that stay
// what they were at the start. Trajectories of the same network must follow that law: by Bernstein's inequality each frequency
// fails by chance with a probability below 1e-10, all of the some 5000 in one run of this test below 1e-6.
func TestRandomNetworks(t *testing.T) {
	runs := 4000
	if testing.Short() {
		runs = 400
	}
	rapid.Check(t, func(t *rapid.T) {
		n := smallNetworks().Draw(t, "network")
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		laws, err := n.ConservationLaws()
		if err != nil {
			t.Fatal(err)
		}
		times := []float64{rapid.Float64Range(0.01, 0.3).Draw(t, "early"), rapid.Float64Range(0.4, 1).Draw(t, "late")}
		var exact *fsp.Result
		for _, set := range []fsp.Set{fsp.AdaptiveSet, fsp.ReachableSet} {
			if exact, err = fsp.Solve(context.Background(), c, fsp.Settings{Times: times, Set: set, Workers: 1}); err != nil {
				t.Fatal(err)
			}
			for _, s := range exact.Snapshots {
				lost, _ := s.Diagnostics.Get("lost")
				checkLaw(t, c, laws, s.Dist.(*dist.Table), lost)
			}
		}
		drawn, err := ssa.Run(context.Background(), c, ssa.Settings{Times: times, Runs: runs, Seed: rapid.Uint64().Draw(t, "seed"), Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		const unlikely = 23.8 // ln(2/1e-10)
		for k, s := range exact.Snapshots {
			for i, name := range c.SpeciesNames() {
				p, q := s.Dist.Marginal(i).P, drawn.Snapshots[k].Dist.Marginal(i).P
				for x := range max(len(p), len(q)) {
					want, got := float64(runs)*at(p, x), float64(runs)*at(q, x)
					if far := unlikely/3 + math.Sqrt(unlikely*unlikely/9+2*unlikely*want); math.Abs(got-want) > far {
						t.Fatalf("t = %g: %s = %d in %v of %d trajectories, expected %v", s.Time, name, x, got, runs, want)
					}
				}
			}
		}
	})
}

// checkLaw holds one law to the properties that every law has.
func checkLaw(t *rapid.T, c *crn.Compiled, laws []crn.Conservation, law *dist.Table, lost float64) {
	mass := 0.0
	start := make([]int32, c.NumSpecies())
	for i := range start {
		low, _ := c.Initial(i).Support(c.Caps()[i], 1e-12)
		start[i] = int32(low)
	}
	for s := range law.Len() {
		x, p := law.State(s), law.P(s)
		if !(p >= 0) {
			t.Fatalf("P(%v) = %v", x, p)
		}
		mass += p
		for i, cap := range c.Caps() {
			if x[i] < 0 || int(x[i]) > cap {
				t.Fatalf("state %v leaves the box %v", x, c.Caps())
			}
		}
		for _, k := range laws {
			if k.Total(x) != k.Total(start) {
				t.Fatalf("state %v breaks %v, which is %d at the start %v", x, k, k.Total(start), start)
			}
		}
	}
	if !(lost >= 0) || math.Abs(mass+lost-1) > 1e-10 {
		t.Fatalf("mass %v and lost %v do not make 1", mass, lost)
	}
}

func at(p []float64, x int) float64 {
	if x < len(p) {
		return p[x]
	}
	return 0
}
