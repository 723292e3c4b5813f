package fsp

import (
	"errors"
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Errors of this package; all returned errors wrap one of them, the context's error, or one of package crn.
var (
	// ErrTooLarge says that more states can be reached than may be kept; see TooLargeError for the numbers.
	ErrTooLarge = errors.New("too many states")
	// ErrTimeDependent says that a rate depends on time, which an adaptive set does not allow.
	ErrTimeDependent = errors.New("rates that depend on time are not supported by an adaptive set")
	// ErrTolerance says that the tolerance cannot be kept.
	ErrTolerance = errors.New("the tolerance cannot be kept")
	// ErrPropensity says that a rate law gives a propensity that is negative or not finite in a state that can be reached.
	ErrPropensity = errors.New("bad propensity")
	// ErrSettings marks settings that make no sense.
	ErrSettings = errors.New("bad settings")
)

// TooLargeError carries the numbers of ErrTooLarge.
type TooLargeError struct {
	Box   float64 // states in the box of the caps, reachable or not; +Inf without caps
	Limit int     // most states that may be kept
	Time  float64 // time that was reached
	Lost  float64 // how much of the tolerance an adaptive set had used up by then
	Bytes float64 // memory that Limit states ask for, about
}

// Error says what to do.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("fsp: %v: more than %d are needed at t = %g (about %.3g GB hold so many; %.2g is lost so far), the box of the caps "+
		"holds %g: lower the caps, raise Tolerance or MaxStates, or use trajectories", ErrTooLarge, e.Limit, e.Time, e.Bytes/1e9, e.Lost, e.Box)
}

// Unwrap returns ErrTooLarge.
func (e *TooLargeError) Unwrap() error { return ErrTooLarge }

// checkPropensity refuses a propensity with which the master equation makes no sense.
func checkPropensity(c *crn.Compiled, k int, x []int32, a float64) error {
	if a >= 0 && !math.IsInf(a, 1) {
		return nil
	}
	n := c.Network()
	r := n.Reactions[k]
	return fmt.Errorf("fsp: %w: reaction %s (%s) has %v in state %v: mend its rate, or keep the state out of reach by a cap", ErrPropensity, r.Name, r.Format(n), a, x)
}
