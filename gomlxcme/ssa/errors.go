package ssa

import "errors"

// Errors of this package; all returned errors wrap one of them, or the context's error.
var (
	// ErrBudget says that a trajectory had more events than allowed.
	ErrBudget = errors.New("too many events")
	// ErrTimeDependent says that a rate depends on time, which the method does not allow.
	ErrTimeDependent = errors.New("rates that depend on time are not supported by this method")
	// ErrPropensity says that a rate gave a propensity that is negative or not finite.
	ErrPropensity = errors.New("bad propensity")
	// ErrSettings marks settings that make no sense.
	ErrSettings = errors.New("bad settings")
	// ErrResume says that a stored state belongs to another run or is damaged.
	ErrResume = errors.New("cannot resume")
)
