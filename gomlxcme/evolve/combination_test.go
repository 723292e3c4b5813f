package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// weighing are the proposals that weigh their draws by P/q.
func weighing(draws int) []Proposal {
	return []Proposal{Vanilla{Draws: draws}, Mixture{Draws: draws}, Diffusive{Draws: draws, Radius: 2}, Alpha{Draws: draws},
		Propagated{Draws: draws, Old: 0.2}, HistoryBias{Along: []float64{0, 1}, Draws: draws}}
}

// Weighed draws of every proposal from every network are draws of the network: a weighted average of a function over
// the box is its average over P. 6 × 5 comparisons at six standard errors of independent draws, which quasi-random ones keep well
// within; a false alarm in 6e-8 of seeds.
func TestEveryProposalOfEveryNetwork(t *testing.T) {
	c := smallGene(t)
	for name, network := range networks {
		set, err := Settings{Times: []float64{1}, Backend: openGo(t), Network: network}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		s, err := newSolver(c, set)
		if err != nil {
			t.Fatal(err)
		}
		p := s.problem
		rng := rand.New(rand.NewPCG(3, 4))
		theta := p.model.Init(rng)
		for i := range theta {
			theta[i] += 0.2 * rng.NormFloat64()
		}
		all, err := p.model.Box.Enumerate(1000)
		if err != nil {
			t.Fatal(err)
		}
		logp := make([]float64, len(all)/2)
		if err := p.model.LogProb(logp, theta, all); err != nil {
			t.Fatal(err)
		}
		f := func(x []int32) float64 { return 1 + float64(x[0]) + math.Sin(float64(x[1])) }
		want := 0.0
		for k, v := range logp {
			want += math.Exp(v) * f(all[2*k:2*k+2])
		}
		const draws = 4000
		for _, proposal := range weighing(draws) {
			d := Draw{System: c, Model: p.model, Params: theta, Old: theta, Rand: rng, Unique: func() int { return 0 }}
			sum, square := 0.0, 0.0
			err := proposal.Propose(d, func(x []int32, weight float64) {
				sum += weight * f(x)
				square += weight * weight * f(x) * f(x)
			})
			if err != nil {
				t.Fatal(name, proposal, err)
			}
			if se := math.Sqrt(square) / draws; math.Abs(sum/draws-want) > 6*se {
				t.Errorf("%s, %v: %v ± %v, want %v", name, proposal, sum/draws, se, want)
			}
		}
	}
}

// Every proposal, also without weights, makes a step by every optimiser and by the implicit scheme.
func TestEveryProposalWithEveryOptimiser(t *testing.T) {
	c := smallGene(t)
	proposals := append(weighing(200), Mixture{Draws: 200, Weighting: Unweighted}, Diffusive{Draws: 200, Weighting: Unweighted}, Alpha{Draws: 200, Weighting: Unweighted}, FullSum{Weight: -1}, Tempered{Unique: 50})
	schemes := []Scheme{Implicit{}}
	for _, o := range []Optimiser{Adam{Epochs: 2}, SGD{Epochs: 2}, Natural{Epochs: 2, Momentum: 0.8}, TDVP{}} {
		schemes = append(schemes, Published{Optimiser: o, Start: Natural{Epochs: 3}, Dt: 0.01})
	}
	for _, proposal := range proposals {
		for _, scheme := range schemes {
			set := Settings{Times: []float64{0.05}, Seed: 1, Backend: openGo(t), Network: van.NADE{Hidden: 3}, Proposal: proposal, Scheme: scheme, MaxSteps: 1}
			if _, implicit := scheme.(Implicit); implicit {
				set.StartTime = 0.045
			}
			r, err := Run(context.Background(), c, set)
			if r == nil || r.State.Step != 1 {
				t.Errorf("%v by %s: %v", proposal, fmt.Sprint(scheme), err)
			}
		}
	}
}
