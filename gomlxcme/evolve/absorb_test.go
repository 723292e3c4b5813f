package evolve

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// pair is two coupled counts with a basin that is entered now and then: both above 4.
func pair(t testing.TB) (*crn.Compiled, rare.Basin) {
	t.Helper()
	n := crn.New("pair")
	n.Param("in", 2)
	n.Param("out", 1)
	n.Param("hop", 0.7)
	n.AddSpecies("A", crn.Delta(1), 13)
	n.AddSpecies("B", crn.Delta(1), 13)
	n.React("0 -> A", "in")
	n.React("A -> 0", "out")
	n.React("A -> B", "hop")
	n.React("B -> A", "hop")
	n.React("0 -> B", "in")
	n.React("B -> 0", "out")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	b, err := rare.ParseBasin("A>=4,B>=4", c.SpeciesNames())
	if err != nil {
		t.Fatal(err)
	}
	return c, b
}

// One definition of absorption for all solvers: the survival and the rate of entering of the network, of the projection and of trajectories.
// The network is solved by full sums, with an error of the time steps of some 1e-3, and some 6e-3 of its law at the edge of the basin; trajectories agree within
// five standard errors, three comparisons, a false alarm in 2e-6 of seeds.
func TestAbsorptionIsTheSameForAll(t *testing.T) {
	c, b := pair(t)
	times := []float64{0.5, 1, 3}
	set := Settings{Times: times, Seed: 1, Backend: openGo(t), Proposal: FullSum{}, Absorb: &b, StartTime: 0.1}
	r, err := Run(context.Background(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times, Absorb: b.Contains})
	if err != nil {
		t.Fatal(err)
	}
	const runs = 4000
	drawn, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: times, Runs: runs, Seed: 4}, b.Contains)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range r.Snapshots {
		want := exact.Survival()[i]
		survival, _ := s.Diagnostics.Get("survival")
		entry, _ := s.Diagnostics.Get("entry_rate")
		law := exact.Snapshots[i].Dist.(*dist.Table)
		rate := rare.Flux(law, c, b, s.Time) / want.Low
		if math.Abs(survival/want.Low-1) > 3e-3 || math.Abs(entry/rate-1) > 0.01 {
			t.Errorf("t = %g: survival %v at the rate %v, exactly %v and %v", s.Time, survival, entry, want.Low, rate)
		}
		entered, _ := drawn.Probability(s.Time)
		if se := math.Sqrt(want.Low * (1 - want.Low) / runs); math.Abs(1-entered-want.Low) > 5*se {
			t.Errorf("t = %g: %v of the trajectories survive, exactly %v", s.Time, 1-entered, want.Low)
		}
		// The network is the law of what survives.
		table, far, inside := s.Dist.(*dist.Table), 0.0, 0.0
		p := map[[2]int32]float64{}
		for k := range table.Len() {
			x := table.State(k)
			p[[2]int32{x[0], x[1]}] = table.P(k)
			if b.Contains(x) {
				inside += table.P(k)
			}
		}
		for k := range law.Len() {
			if x := law.State(k); !b.Contains(x) {
				far += math.Abs(law.P(k)/want.Low-p[[2]int32{x[0], x[1]}]) / 2
			}
		}
		if far > 0.01 || inside != 0 {
			t.Errorf("t = %g: total variation %v, %v in the basin", s.Time, far, inside)
		}
	}
}

// With samples instead of full sums, and by all proposals, the survival is found as well; a run goes on after a break to the same bytes.
func TestAbsorptionWithSamples(t *testing.T) {
	c, b := pair(t)
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1}, Absorb: b.Contains})
	if err != nil {
		t.Fatal(err)
	}
	want := exact.Survival()[0].Low
	for _, proposal := range []Proposal{Tempered{}, Mixture{Weighting: Defensive}, Propagated{Weighting: Defensive}, HistoryBias{Along: []float64{1, 1}, Weighting: Defensive}} {
		set := Settings{Times: []float64{1}, Seed: 2, Backend: openGo(t), Proposal: proposal, Absorb: &b, StartTime: 0.1}
		r, err := Run(context.Background(), c, set)
		if err != nil {
			t.Fatal(proposal, err)
		}
		if got, _ := r.Snapshots[0].Diagnostics.Get("survival"); math.Abs(got/want-1) > 0.01 {
			t.Errorf("%v: survival %v, exactly %v", proposal, got, want)
		}
		if _, ok := proposal.(Propagated); !ok {
			continue
		}
		whole, _ := r.State.MarshalBinary()
		set.MaxSteps = 3
		r, _ = Run(context.Background(), c, set)
		set.MaxSteps, set.Resume = 0, &r.State
		if r, err = Run(context.Background(), c, set); err != nil {
			t.Fatal(err)
		}
		if again, _ := r.State.MarshalBinary(); !bytes.Equal(again, whole) {
			t.Error("the end of a resumed run differs")
		}
	}
}

func TestBadAbsorption(t *testing.T) {
	c, _ := pair(t)
	for _, text := range []string{"A>=14", "A>=0,B<=13"} {
		b, err := rare.ParseBasin(text, c.SpeciesNames())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Run(context.Background(), c, Settings{Times: []float64{1}, Backend: openGo(t), Absorb: &b}); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
