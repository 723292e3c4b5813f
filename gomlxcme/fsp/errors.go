package fsp

import (
	"errors"
	"fmt"
)

// Errors of this package; all returned errors wrap one of them, the context's error, or one of package crn.
var (
	// ErrTooLarge says that more states can be reached than may be kept; see TooLargeError for the numbers.
	ErrTooLarge = errors.New("too many states")
	// ErrTimeDependent says that a rate depends on time, which uniformisation does not allow.
	ErrTimeDependent = errors.New("rates that depend on time are not supported by the projection")
	// ErrSettings marks settings that make no sense.
	ErrSettings = errors.New("bad settings")
)

// TooLargeError carries the numbers of ErrTooLarge.
type TooLargeError struct {
	Box   float64 // states in the box of the caps, reachable or not; +Inf without caps
	Limit int     // most states that may be kept
	Time  float64 // time that was reached
}

// Error says what to do.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("fsp: %v: more than %d can be reached at t = %g, the box of the caps holds %g: lower the caps, raise MaxStates, "+
		"or use trajectories", ErrTooLarge, e.Limit, e.Time, e.Box)
}

// Unwrap returns ErrTooLarge.
func (e *TooLargeError) Unwrap() error { return ErrTooLarge }
