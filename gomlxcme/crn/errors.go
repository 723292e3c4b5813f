package crn

import "errors"

// Errors of this package; all returned errors wrap one of them and say what is wrong, where, and how to mend it.
var (
	// ErrSyntax marks a reaction string that cannot be read.
	ErrSyntax = errors.New("cannot read the reaction")
	// ErrUnknownSpecies marks a species name or index that the network does not have.
	ErrUnknownSpecies = errors.New("unknown species")
	// ErrUnknownParameter marks a parameter name that the network does not have.
	ErrUnknownParameter = errors.New("unknown parameter")
	// ErrDuplicate marks a name that is used twice.
	ErrDuplicate = errors.New("duplicate name")
	// ErrRate marks a rate constant or parameter that is missing, negative or not finite.
	ErrRate = errors.New("bad rate")
	// ErrInitial marks an initial law that is missing or impossible.
	ErrInitial = errors.New("bad initial law")
	// ErrCap marks a cap that is negative or below the start.
	ErrCap = errors.New("bad cap")
	// ErrReaction marks a reaction whose terms or masks make no sense.
	ErrReaction = errors.New("bad reaction")
	// ErrEmpty marks a network without species or without reactions.
	ErrEmpty = errors.New("empty network")
	// ErrLaw marks a rate law that does not exist.
	ErrLaw = errors.New("unknown rate law")
	// ErrFormula marks a formula that cannot be read or computed.
	ErrFormula = errors.New("cannot read the formula")
	// ErrEvent marks an event that makes no sense, or that a method cannot follow.
	ErrEvent = errors.New("bad event")
	// ErrOverflow marks a conservation law whose coefficients do not fit into 64 bits.
	ErrOverflow = errors.New("coefficient too large")
)
