package evolve

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Every sampling of the published family against the whole box: without weights
// the share of draws of a state is q, with weights it is P. The bound of six standard
// deviations is passed by chance by one state in 10⁹; quasi-random draws keep well
// within it.
func TestSamplingsAgainstEnumeration(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	rng := rand.New(rand.NewPCG(8, 8))
	theta := p.model.Init(rng)
	for i := range theta {
		theta[i] += 0.3 * rng.NormFloat64()
	}
	states, err := p.model.Box.Enumerate(1000)
	if err != nil {
		t.Fatal(err)
	}
	n := len(states) / 2
	logp := make([]float64, n)
	if err := p.model.LogProb(logp, theta, states); err != nil {
		t.Fatal(err)
	}
	const draws = 8192
	for _, c := range []struct {
		proposal Proposal
		bend     van.Bend
		share    float64 // of draws from the bent law, as many as are asked for
		weighted bool
	}{
		{Vanilla{Draws: draws}, van.Power(1), 0, true},
		{Vanilla{Draws: draws, Independent: true}, van.Power(1), 0, true},
		{Mixture{Draws: draws, Share: 0.25}, van.Power(0), 0.25, true},
		{Mixture{Draws: draws, Share: 0.25, Weighting: Unweighted}, van.Power(0), 0.25, false},
		{Diffusive{Draws: draws, Radius: 3}, van.Blur(3), 0.5, true},
		{Diffusive{Draws: draws, Radius: 3, Share: 1, Weighting: Unweighted}, van.Blur(3), 1, false},
		{Alpha{Draws: draws, Share: 1}, van.Power(0.3), 1, true},
		{Alpha{Draws: draws, Independent: true}, van.Power(0.3), 0.5, true},
		{Alpha{Draws: draws, Exponent: 0.5, Weighting: Unweighted}, van.Power(0.5), 0.5, false},
	} {
		t.Run(c.proposal.String(), func(t *testing.T) {
			logq := make([]float64, n)
			if err := p.model.LogProbBent(logq, theta, states, c.bend); err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{}
			d := Draw{System: p.system, Model: p.model, Params: theta, Rand: rng, Unique: func() int { return 0 }}
			err := c.proposal.Propose(d, func(x []int32, weight float64) {
				got[fmt.Sprint(x)] += weight / draws
			})
			if err != nil {
				t.Fatal(err)
			}
			for k := range n {
				pk := math.Exp(logp[k])
				q := (1-c.share)*pk + c.share*math.Exp(logq[k])
				want, weight := q, 1.0
				if c.weighted {
					want, weight = pk, pk/q
				}
				deviation := weight * math.Sqrt(q/draws)
				if v := got[fmt.Sprint(states[2*k:2*k+2])]; math.Abs(v-want) > 6*deviation+2*weight/draws {
					t.Errorf("state %v: share %.5f, want %.5f ± %.5f", states[2*k:2*k+2], v, want, deviation)
				}
			}
		})
	}
}

func TestSamplingSettings(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	d := Draw{System: p.system, Model: p.model, Params: make(van.Params, p.model.Size()), Rand: rand.New(rand.NewPCG(1, 1)), Unique: func() int { return 0 }}
	for _, s := range []Proposal{Vanilla{Draws: -1}, Mixture{Share: 2}, Diffusive{Share: -1}, Alpha{Draws: -1}, Alpha{Weighting: 3},
		Propagated{Draws: -1}, Propagated{Share: 0.6, Old: 0.6}, Propagated{Jumps: 9}, Propagated{Weighting: -1},
		HistoryBias{}, HistoryBias{Along: []float64{0, 0}}, HistoryBias{Along: []float64{1}}, HistoryBias{Along: []float64{1, math.NaN()}}, HistoryBias{Along: []float64{0, 1}, Candidates: 3}} {
		if err := s.Propose(d, func([]int32, float64) {}); !errors.Is(err, ErrSettings) {
			t.Errorf("%v: got %v", s, err)
		}
	}
	for _, s := range []Proposal{Diffusive{Radius: -1}, Alpha{Exponent: -1}} {
		if err := s.Propose(d, func([]int32, float64) {}); !errors.Is(err, van.ErrArchitecture) {
			t.Errorf("%v: got %v", s, err)
		}
	}
}
