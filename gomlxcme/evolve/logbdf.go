package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// LogBDF is the backward differentiation formula in log P,
//
//	log P_n = Σ_j α_j log P_(n−1−j) + β (I_n/P_n − R).
//
// It is positive and finite for any step size and follows moving fronts, where log
// P is smooth in time and P is not.
type LogBDF struct {
	Order int // 1 to 3; 0 means 3
	// Powers makes the formula exact for t^Order, as usual, instead of ln t, which is
	// how log P starts.
	Powers bool
}

func (f LogBDF) defaults() LogBDF {
	if f.Order == 0 {
		f.Order = 3
	}
	return f
}

func (f LogBDF) String() string {
	f = f.defaults()
	return fmt.Sprintf("log-bdf(order=%d, powers=%t)", f.Order, f.Powers)
}

func (f LogBDF) check() error { return checkOrder(f.defaults().Order) }

func (f LogBDF) depth() int { return f.defaults().Order }

func (f LogBDF) at(_ *problem, earlier []point, t float64, _ *rand.Rand) (formulas, error) {
	return newLogRules(t, times(earlier[:min(len(earlier), f.depth())]), f.Powers), nil
}

// newLogRules returns the rule of order len(times), and that of one order less.
func newLogRules(t float64, times []float64, powers bool) formulas {
	make := newBDF
	if powers {
		make = newPowerBDF
	}
	n := len(times)
	f := formulas{full: logRule{make(t, times), t - times[0]}, order: n}
	if n > 1 {
		f.lower = logRule{make(t, times[:n-1]), t - times[0]}
	}
	return f
}

// logRule keeps within what a step can do: no state loses more than flows out of it,
// and none gains more than flows in,
//
//	−slack·dt·R ≤ log P_n − log P_(n−1) ≤ log(1 + slack·dt·I_n/P_(n−1)).
//
// The formula alone carries on in log P what the earlier networks did, errors
// included: in tails that no fit holds, such errors would grow until they are mass.
type logRule struct {
	bdf
	dt float64
}

// slack allows for flows that change within the step.
const slack = 2

func (r logRule) solve(base []float64, outflow, logInflow float64) pointwise {
	z, w := target(dot(r.alpha, base), r.beta, outflow, logInflow)
	if least := base[0] - slack*r.dt*outflow; z < least {
		return pointwise{z: least, scale: 1}
	}
	gained := math.Log(slack*r.dt) + logInflow
	if most := logSum(base[0], gained); z > most {
		gain := math.Exp(gained - most)
		return pointwise{z: most, gain: gain, scale: 1 + math.Exp(gained-base[0])}
	}
	return pointwise{z: z, gain: w / (1 + w), scale: 1 + w}
}

func (r logRule) rate() float64 { return r.beta }
