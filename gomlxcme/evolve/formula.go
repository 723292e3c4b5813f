package evolve

import (
	"fmt"
	"math/rand/v2"
)

// Formula turns the master equation into one equation for each state at the end of
// a step, from the networks of earlier times. LogBDF works in log P, LinearBDF in P
// itself, HandOver chooses between the two. A new one is one file.
type Formula interface {
	fmt.Stringer
	check() error
	// depth is the number of earlier networks that a step uses if it has them.
	depth() int
	// at prepares a step to time t; earlier is newest first and not empty.
	at(p *problem, earlier []point, t float64, rng *rand.Rand) (formulas, error)
}

// rule is a formula for one step.
type rule interface {
	// solve solves the equation of one state, given the history, log P newest first,
	// the outflow R and log I, which may be −Inf.
	solve(base []float64, outflow, logInflow float64) pointwise
	// rate is β, the factor of the time derivative at the end of the step.
	rate() float64
}

// pointwise is the solution of a rule at one state.
type pointwise struct {
	z     float64 // log P
	gain  float64 // ∂z/∂log I
	scale float64 // stiffness of the equation: what least squares multiplies the row by
	other bool    // the rule has no solution here, and another one took its place
}

// formulas are the rule of a step and, for the error estimate, one of an order less
// (nil where there is none).
type formulas struct {
	full, lower rule
	order       int // the error estimate grows like dt to this power
}

// times lists the times of points.
func times(list []point) []float64 {
	t := make([]float64, len(list))
	for j, h := range list {
		t[j] = h.Time
	}
	return t
}

// checkOrder refuses orders that formulas do not have.
func checkOrder(order int) error {
	if order < 1 || order > 3 {
		return fmt.Errorf("%w: order %d; use 1, 2 or 3", ErrSettings, order)
	}
	return nil
}
