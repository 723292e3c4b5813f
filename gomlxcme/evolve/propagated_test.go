package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// sampled is a small gene with a network of no particular law, and an older one.
type sampled struct {
	*problem
	theta, old   van.Params
	states       []int32
	names        []string
	logp, before []float64 // of all states
}

func newSampled(t *testing.T) *sampled {
	t.Helper()
	s := &sampled{problem: newProblem(t, smallGene(t), FullSum{})}
	rng := rand.New(rand.NewPCG(8, 8))
	noisy := func() van.Params {
		theta := s.model.Init(rng)
		for i := range theta {
			theta[i] += 0.3 * rng.NormFloat64()
		}
		return theta
	}
	s.theta, s.old = noisy(), noisy()
	var err error
	if s.states, err = s.model.Box.Enumerate(1000); err != nil {
		t.Fatal(err)
	}
	n := len(s.states) / 2
	s.logp, s.before = make([]float64, n), make([]float64, n)
	for theta, dst := range map[*van.Params][]float64{&s.theta: s.logp, &s.old: s.before} {
		if err := s.model.LogProb(dst, *theta, s.states); err != nil {
			t.Fatal(err)
		}
	}
	for k := range n {
		s.names = append(s.names, fmt.Sprint(s.states[2*k:2*k+2]))
	}
	return s
}

// jumped is P K of a law over all states.
func (s *sampled) jumped(p []float64) []float64 {
	index := map[string]int{}
	for i, name := range s.names {
		index[name] = i
	}
	out := make([]float64, len(p))
	for i, v := range p {
		x := s.states[2*i : 2*i+2]
		rates := make([]float64, s.system.NumReactions())
		total := s.system.Propensities(rates, x, 0.5)
		if total == 0 {
			out[i] += v
		}
		for k, a := range rates {
			if a > 0 {
				change := s.system.Change(k)
				out[index[fmt.Sprint([]int32{x[0] + change[0], x[1] + change[1]})]] += v * a / total
			}
		}
	}
	return out
}

// propose returns by state how many draws there were and what they weigh.
func (s *sampled) propose(t *testing.T, p Proposal, seed uint64) map[string]float64 {
	t.Helper()
	got := map[string]float64{}
	d := Draw{System: s.system, Model: s.model, Params: s.theta, Old: s.old, Time: 0.5, Rand: rand.New(rand.NewPCG(seed, 1)), Unique: func() int { return 0 }}
	if err := p.Propose(d, func(x []int32, weight float64) { got[fmt.Sprint(x)] += weight }); err != nil {
		t.Fatal(err)
	}
	return got
}

// compare checks what a state weighs in a batch against its expectation. The
// bound of six standard deviations is passed by chance by one state in 10⁹; there are
// 26 in a comparison.
func (s *sampled) compare(t *testing.T, got map[string]float64, want, deviation func(i int) float64) {
	t.Helper()
	for i, name := range s.names {
		if v := got[name]; math.Abs(v-want(i)) > 6*deviation(i) {
			t.Errorf("state %v: %.5f, want %.5f ± %.5f", name, v, want(i), deviation(i))
		}
	}
}

// The law of moved draws against products with the whole matrix of jumps: exact, and
// of sum 1. Draws follow the mixture, and weighed ones P.
func TestPropagatedDraws(t *testing.T) {
	s := newSampled(t)
	n := len(s.names)
	laws := [][]float64{make([]float64, n)}
	for i, v := range s.logp {
		laws[0][i] = math.Exp(v)
	}
	for range 3 {
		laws = append(laws, s.jumped(laws[len(laws)-1]))
	}
	c := newCloud(s.system, s.model.Box, 0.5)
	for k := range n {
		c.bare(s.states[2*k:2*k+2], 1)
	}
	got, err := newAncestry(s.system, c, 3).laws(s.model, s.theta)
	if err != nil {
		t.Fatal(err)
	}
	for m, law := range laws {
		sum := 0.0
		for i, want := range law {
			v := math.Exp(got[m][i])
			sum += v
			if math.Abs(v-want) > 1e-14 {
				t.Errorf("%d jumps, state %v: %g, want %g", m, s.names[i], v, want)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%d jumps: the law sums to %g", m, sum)
		}
	}
	for _, p := range []Propagated{
		{Draws: 8192, Share: 1, Weighting: Unweighted, Jumps: 1},
		{Draws: 8192, Old: 0.25, Weighting: Unweighted},
		{Draws: 8192, Weighting: Unweighted, Independent: true},
		{Draws: 8192, Old: 0.25},
		{Draws: 8192, Share: 1},
		{Draws: 8192, Weighting: Defensive, Jumps: 2},
	} {
		t.Run(p.String(), func(t *testing.T) {
			moved, old := p.defaults().parts()
			q := make([]float64, n)
			for i := range q {
				q[i] = float64(old) * math.Exp(s.before[i])
				for m, count := range moved {
					q[i] += float64(count) * laws[m][i]
				}
			}
			weight := func(i int) float64 { return p.Weighting.ratio(laws[0][i] * float64(p.Draws) / q[i]) }
			s.compare(t, s.propose(t, p, 3),
				func(i int) float64 { return weight(i) * q[i] },
				func(i int) float64 { return weight(i) * (math.Sqrt(q[i]) + 0.5) })
		})
	}
}

// A state that no reaction leaves stays, and one reaction leads from each state to one
// of its neighbours.
func TestPropagatedDrawsOfIsomers(t *testing.T) {
	p := newProblem(t, isomers(t), FullSum{})
	theta := p.model.Init(rand.New(rand.NewPCG(2, 2)))
	d := Draw{System: p.system, Model: p.model, Params: theta, Rand: rand.New(rand.NewPCG(1, 1)), Unique: func() int { return 0 }}
	total := 0.0
	err := Propagated{Draws: 5000, Share: 1}.Propose(d, func(x []int32, weight float64) {
		total += weight
		if x[0]+x[1] != 6 {
			t.Errorf("state %v", x)
		}
	})
	if err != nil || math.Abs(total/5000-1) > 0.1 { // ten standard deviations of weights of order 1
		t.Errorf("mean weight %g, error %v", total/5000, err)
	}
}

// Every proposal with weights drives both families. The law of the small gene at
// t = 0.5 has a distance of 0.4 to its start; with the implicit scheme 0.02 is what the
// solver promises, and one explicit step from a good network adds little.
func TestProposalsDriveBothFamilies(t *testing.T) {
	c := smallGene(t)
	for _, s := range []struct {
		scheme   Scheme
		proposal Proposal
	}{
		{Implicit{}, Propagated{Draws: 1000, Weighting: Defensive}},
		{Implicit{}, HistoryBias{Along: []float64{0, 1}, Draws: 500, Weighting: Defensive}},
		{Implicit{}, Alpha{Draws: 1000, Weighting: Defensive}},
		{Published{Dt: 0.05}, Propagated{Draws: 1000, Old: 0.2}},
		{Published{Dt: 0.05}, HistoryBias{Along: []float64{0, 1}, Draws: 500}},
	} {
		set := Settings{Times: []float64{0.5}, Seed: 1, Backend: openGo(t), Scheme: s.scheme, Proposal: s.proposal, StartTime: 0.3}
		r, err := Run(context.Background(), c, set)
		if err != nil {
			t.Fatal(s, err)
		}
		d := worst(t, r.Snapshots, c, set.Times)
		t.Logf("%v: %.4f", s, d)
		if _, explicit := s.scheme.(Published); d > 0.02 && !explicit || d > 0.05 {
			t.Errorf("%v: distance %.4f", s, d)
		}
	}
}
