package reduced

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Witness measures what a candidate does to the parameters without any formula: it draws counts, lets the reaction happen for a short
// time in each of them, by the exact algorithm, and identifies the parameters before and after.
type Witness struct {
	Runs int     // in all; 0 means 200,000
	Time float64 // how long the reaction runs at unit rate; the error of the result grows with it, its noise falls
	Seed uint64
	// Draw fills in the counts of a run [V+1], the latent variable last. nil draws from the normal law of the parameters; a law of the
	// same moments that is not normal shows what the closure of the moments costs.
	Draw func(rng *rand.Rand, x []float64)
}

// batches are what standard errors are taken from: theirs is then known to a sixth.
const batches = 20

// maxEvents is more than a run of a short time has.
const maxEvents = 1 << 20

// Measure returns the changes of Ŵ, b̂ and σ² per time, in the order of the features [2V+1], and their standard errors. Counts may be any
// numbers for which the propensity is not negative; standardised ones are negative as often as not, and no reaction can be drawn from them.
func (w Witness) Measure(c Candidate, p Parameters) (change, se []float64, err error) {
	n := len(p.B) + 1
	if len(p.W) != 1 || len(c.Orders) != n {
		return nil, nil, fmt.Errorf("%w: parameters of %d visible and %d latent variables for a reaction between %d: give one latent variable", ErrSettings, n-1, len(p.W), len(c.Orders))
	}
	if w.Runs == 0 {
		w.Runs = 200_000
	}
	if !(w.Time > 0) || w.Runs < batches*n*2 {
		return nil, nil, fmt.Errorf("%w: %d runs of the time %v: give %d runs or more, and a time above 0", ErrSettings, w.Runs, w.Time, batches*n*2)
	}
	if w.Draw == nil {
		w.Draw = normalLaw(p)
	}
	change, se = make([]float64, 2*n-1), make([]float64, 2*n-1)
	square := make([]float64, 2*n-1)
	for batch := range batches {
		rng := rand.New(rand.NewPCG(w.Seed, uint64(batch)))
		before, after, err := w.batch(c, rng, n)
		if err != nil {
			return nil, nil, err
		}
		for i := range change {
			d := (after[i] - before[i]) / w.Time
			change[i] += d / batches
			square[i] += d * d / batches
		}
	}
	for i := range se {
		se[i] = math.Sqrt(max(0, square[i]-change[i]*change[i]) / (batches - 1))
	}
	return change, se, nil
}

// batch draws runs and returns the parameters that their counts have before and after.
func (w Witness) batch(c Candidate, rng *rand.Rand, n int) (before, after []float64, err error) {
	x := make([]float64, n)
	var first, last spread
	for range w.Runs / batches {
		w.Draw(rng, x)
		first.add(x)
		if err := w.fire(c, rng, x); err != nil {
			return nil, nil, err
		}
		last.add(x)
	}
	if before, err = first.parameters(); err != nil {
		return nil, nil, err
	}
	after, err = last.parameters()
	return before, after, err
}

// fire lets the reaction happen in x for the time of the witness.
func (w Witness) fire(c Candidate, rng *rand.Rand, x []float64) error {
	t := 0.0
	for range maxEvents {
		a := 1.0
		for i, k := range c.Orders {
			for range k {
				a *= x[i]
			}
		}
		if a < 0 {
			return fmt.Errorf("%w: the propensity of %v is %.3g at %.3g: a reaction needs counts of 0 or above", ErrSettings, c.Equation, a, x)
		}
		if t += rng.ExpFloat64() / a; !(t < w.Time) { // +Inf where nothing reacts
			return nil
		}
		for i, d := range c.Change {
			x[i] += float64(d)
		}
	}
	return fmt.Errorf("%w: %v happens more than %d times in a run of the time %v: give a shorter one", ErrSettings, c.Equation, maxEvents, w.Time)
}

// normalLaw draws from the joint normal law of visible and latent variables.
func normalLaw(p Parameters) func(rng *rand.Rand, x []float64) {
	return func(rng *rand.Rand, x []float64) {
		v := len(p.B)
		x[v] = p.Latent.Mean[0] + math.Sqrt(p.Latent.Var[0])*rng.NormFloat64()
		for i, b := range p.B {
			x[i] = b + p.W[0][i]*x[v] + math.Sqrt(p.Noise)*rng.NormFloat64()
		}
	}
}

// spread gathers mean and covariance (B. P. Welford, Technometrics 4, 419, 1962).
type spread struct {
	n    float64
	mean []float64
	sum  [][]float64 // of products of deviations
}

func (s *spread) add(x []float64) {
	if s.mean == nil {
		s.mean, s.sum = make([]float64, len(x)), zeros(len(x), len(x))
	}
	s.n++
	share := (s.n - 1) / s.n
	for i := range x {
		for j := range i + 1 {
			s.sum[i][j] += share * (x[i] - s.mean[i]) * (x[j] - s.mean[j])
		}
	}
	for i := range x {
		s.mean[i] += (x[i] - s.mean[i]) / s.n
	}
}

// parameters are Ŵ, b̂ and σ² of the family's member with these moments.
func (s *spread) parameters() ([]float64, error) {
	cov := zeros(len(s.mean), len(s.mean))
	for i := range cov {
		for j := range i + 1 {
			cov[i][j] = s.sum[i][j] / (s.n - 1)
			cov[j][i] = cov[i][j]
		}
	}
	p, err := FromMoments(s.mean, cov)
	if err != nil {
		return nil, err
	}
	hat := p.Hat()
	return append(append(hat.W[0], hat.B...), hat.Noise), nil
}
