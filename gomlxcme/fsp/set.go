package fsp

import "fmt"

// Set says which states are kept.
type Set int

const (
	// AutomaticSet is ReachableSet if that is small or a full box, and AdaptiveSet otherwise.
	AutomaticSet Set = iota
	// ReachableSet is all states that can be reached from the start within the caps.
	ReachableSet
	// AdaptiveSet follows the probability: states enter where it flows to and leave where it is gone.
	AdaptiveSet
)

// automaticStates is the number of reachable states from which AutomaticSet adapts. What an adaptive set will cost is not
// known beforehand; below this number the whole set costs seconds, and its only error is rounding.
const automaticStates = 300_000

// String returns the name of the set that ParseSet reads.
func (s Set) String() string {
	switch s {
	case AutomaticSet:
		return "automatic"
	case ReachableSet:
		return "reachable"
	case AdaptiveSet:
		return "adaptive"
	}
	return fmt.Sprintf("Set(%d)", int(s))
}

// ParseSet reads the name of a set.
func ParseSet(name string) (Set, error) {
	for s := AutomaticSet; s <= AdaptiveSet; s++ {
		if name == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("fsp: %w: set %q: choose automatic, reachable or adaptive", ErrSettings, name)
}
