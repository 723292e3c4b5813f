package evolve

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The law of candidates sums to 1; kept draws follow it times the acceptance, and
// weighed ones P.
func TestHistoryBias(t *testing.T) {
	s := newSampled(t)
	for _, weighting := range []Weighting{Unweighted, Balanced, Defensive} {
		p := HistoryBias{Along: []float64{-3, 1}, Draws: 2000, Candidates: 8000, Bins: 10, Weighting: weighting}
		t.Run(p.String(), func(t *testing.T) {
			logp, logb, err := p.density(s.model, s.theta, s.states)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for i, v := range logb {
				sum += math.Exp(v)
				if logp[i] != s.logp[i] {
					t.Errorf("state %v: log P %g, want %g", s.names[i], logp[i], s.logp[i])
				}
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("the law of candidates sums to %g", sum)
			}
			const seed = 5
			// The bias is learned from the first numbers of the stream.
			d := Draw{Model: s.model, Rand: rand.New(rand.NewPCG(seed, 1))}
			earlier, err := p.candidates(d, s.old)
			if err != nil {
				t.Fatal(err)
			}
			keep := p.acceptance(s.model.Box, earlier)
			kept := func(i int) float64 { return 8000 * math.Exp(logb[i]) * keep(s.states[2*i:2*i+2]) }
			weight := func(i int) float64 { return p.Weighting.ratio(math.Exp(logp[i]) * 2000 / kept(i)) }
			s.compare(t, s.propose(t, p, seed),
				func(i int) float64 { return weight(i) * kept(i) },
				func(i int) float64 { return weight(i) * (math.Sqrt(kept(i)) + 0.5) })
		})
	}
}

// With the network that the bias was learned from, bins that have enough candidates
// get about as many states, and all together as many as asked for.
func TestHistoryBiasIsFlat(t *testing.T) {
	s := newSampled(t)
	s.old = s.theta
	p := HistoryBias{Along: []float64{0, 1}, Draws: 1300, Candidates: 13000, Bins: 13, Weighting: Unweighted}
	bins, total := make([]float64, 13), 0.0
	got := s.propose(t, p, 4)
	for i, name := range s.names {
		v := got[name]
		bins[s.states[2*i+1]] += v
		total += v
	}
	// Six standard deviations each: 60 of 100 and 220 of 1300.
	for k, v := range bins {
		if math.Abs(v-100) > 60 {
			t.Errorf("count %d: %g states", k, v)
		}
	}
	if math.Abs(total-1300) > 220 {
		t.Errorf("%g states", total)
	}
}
