package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// Richardson takes every step three times by backward Euler, once as a whole and
// twice by half, and fits the next network to the extrapolation, of order 2,
//
//	P(h/2)²/P(h),   or   2 P(h/2) − P(h)   with Linear,
//
// P(h/2) being the network after the two halves. Backward Euler is robust on every
// front; the difference of the two results is the error estimate. It needs one
// earlier network only.
type Richardson struct {
	// Solver solves the steps and the fit; its Formula is not used.
	Solver Implicit
	// Linear takes backward Euler and the extrapolation in P instead of log P.
	// States where 2 P(h/2) − P(h) is not at least a tenth of P(h/2) are
	// extrapolated in log P; the diagnostic fallback is their share.
	Linear bool
}

func (m Richardson) euler() Formula {
	if m.Linear {
		return LinearBDF{Order: 1, Powers: true}
	}
	return LogBDF{Order: 1}
}

func (m Richardson) solver() Implicit {
	m.Solver.Formula = m.euler()
	return m.Solver.defaults()
}

func (m Richardson) String() string {
	return fmt.Sprintf("richardson(solver=%v, linear=%t)", m.solver(), m.Linear)
}

func (m Richardson) depth() int { return 1 }

func (m Richardson) check() error {
	if m.Solver.Formula != nil {
		return fmt.Errorf("%w: the formula %v beside Richardson extrapolation, which has its own; leave it out", ErrSettings, m.Solver.Formula)
	}
	return m.solver().check()
}

func (m Richardson) step(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand) (*attempt, error) {
	s, begin := m.solver(), earlier[:1]
	middle := begin[0].Time + (t-begin[0].Time)/2
	whole, err := s.step(ctx, p, begin, t, rng)
	if err != nil {
		return nil, err
	}
	half, err := s.step(ctx, p, begin, middle, rng)
	if err != nil {
		return nil, err
	}
	full, err := s.step(ctx, p, []point{{Time: middle, Theta: half.theta}}, t, rng)
	if err != nil {
		return nil, err
	}
	rule := extrapolation{linear: m.Linear}
	a, err := s.solve(ctx, p, []point{{Time: t, Theta: full.theta}, {Time: t, Theta: whole.theta}}, t, rng, formulas{full: rule, lower: finer{rule}, order: 2})
	if err != nil {
		return nil, err
	}
	// The master equation contracts total variation, and the extrapolation doubles
	// that of the halves.
	bound := func(a *attempt) float64 { return math.Sqrt(a.validation.KL / 2) }
	total := bound(a) + bound(whole) + 2*(bound(half)+bound(full))
	a.validation.KL = 2 * total * total
	a.validation.Missing += whole.validation.Missing + 2*(half.validation.Missing+full.validation.Missing)
	a.iterations += whole.iterations + half.iterations + full.iterations
	return a, nil
}

// extrapolation is the rule of the last fit: the earlier networks are those of the
// halves and of the whole step, at the same time. No state depends on another one.
type extrapolation struct{ linear bool }

func (r extrapolation) solve(base []float64, _, _ float64) pointwise {
	s := pointwise{z: 2*base[0] - base[1], scale: 1}
	if r.linear {
		rest := 2 - math.Exp(base[1]-base[0])
		if s.other = !(rest > leastRest); !s.other {
			s.z = base[0] + math.Log(rest)
		}
	}
	return s
}

func (extrapolation) rate() float64 { return 0 }

// finer is the result of the halves, for the error estimate.
type finer struct{ extrapolation }

func (finer) solve(base []float64, _, _ float64) pointwise { return pointwise{z: base[0], scale: 1} }
