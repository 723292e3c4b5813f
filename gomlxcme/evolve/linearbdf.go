package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// LinearBDF is the backward differentiation formula in P,
//
//	P_n (1 + β R) = A + β I_n,   A = Σ_j α_j P_(n−1−j),
//
// which is linear, keeps the sum of P, and treats slow modes as exactly as an
// exponential allows. Order 1 is backward Euler, whose right side is positive. With
// an order above 1 A is negative where P fell by more than a factor of about four
// in a step. Where the right side is then not positive, or the inflow cancels all but a tenth
// of itself, the state is solved by LogBDF of the same order; the diagnostic
// fallback is the share of such states in the last batch.
type LinearBDF struct {
	Order int // 1 to 3; 0 means 2
	// Powers makes the formula exact for t^Order, as usual, instead of ln t, which
	// suits relaxation over many factors of time.
	Powers bool
}

// leastRest is the share of the inflow that must be left of A + βI.
const leastRest = 0.1

func (f LinearBDF) defaults() LinearBDF {
	if f.Order == 0 {
		f.Order = 2
	}
	return f
}

func (f LinearBDF) String() string {
	f = f.defaults()
	return fmt.Sprintf("linear-bdf(order=%d, powers=%t)", f.Order, f.Powers)
}

func (f LinearBDF) check() error { return checkOrder(f.defaults().Order) }

func (f LinearBDF) depth() int { return f.defaults().Order }

func (f LinearBDF) at(_ *problem, earlier []point, t float64, _ *rand.Rand) (formulas, error) {
	return newLinearRules(t, times(earlier[:min(len(earlier), f.depth())]), f.Powers), nil
}

// newLinearRules returns the rule of order len(times), and that of one order less.
func newLinearRules(t float64, times []float64, powers bool) formulas {
	make := newBDF
	if powers {
		make = newPowerBDF
	}
	rule := func(times []float64) linearRule {
		return linearRule{make(t, times), logRule{newBDF(t, times), t - times[0]}}
	}
	n := len(times)
	f := formulas{full: rule(times), order: n}
	if n > 1 {
		f.lower = rule(times[:n-1])
	}
	return f
}

type linearRule struct {
	bdf
	otherwise logRule
}

func (r linearRule) solve(base []float64, outflow, logInflow float64) pointwise {
	base = base[:len(r.alpha)]
	inflow := math.Log(r.beta) + logInflow
	top := inflow
	for _, v := range base {
		top = max(top, v)
	}
	in := math.Exp(inflow - top)
	sum := in
	for j, v := range base {
		sum += r.alpha[j] * math.Exp(v-top)
	}
	if !(sum > leastRest*in) {
		s := r.otherwise.solve(base, outflow, logInflow) // of as many times
		s.other = true
		return s
	}
	return pointwise{z: top + math.Log(sum) - math.Log1p(r.beta*outflow), gain: in / sum, scale: 1 + r.beta*outflow}
}

func (r linearRule) rate() float64 { return r.beta }
