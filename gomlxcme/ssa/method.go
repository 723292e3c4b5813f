package ssa

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Method is a way to draw trajectories: Direct, the usual one, NextReaction or TauLeap.
type Method interface {
	// New returns a simulator for one goroutine, or an error if the method cannot treat the network.
	New(c *crn.Compiled) (Simulator, error)
	// String names the method.
	String() string
}

// Simulator draws one trajectory after the other.
type Simulator interface {
	// Start begins a trajectory in state x, which it copies, at time 0. All randomness comes from rng.
	Start(x []int32, rng *rand.Rand) error
	// Advance moves on until the given time, but stops after the given number of events; reached tells whether the time was
	// reached. seen, if not nil, is called after every event with the new state, which it must not keep. The trajectory must not
	// depend on how it is cut into calls of Advance.
	Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error)
	// State is the present state; it changes with the next call.
	State() []int32
}

// EventFollower is a Simulator that can carry out the events of a network. Run refuses networks with events for all others, which
// would pass over them.
type EventFollower interface {
	Simulator
	FollowsEvents() bool
}

// ParseMethod reads the name of a method: "direct", "next-reaction" or "tau-leap".
func ParseMethod(name string) (Method, error) {
	var names []string
	for _, m := range []Method{Direct{}, NextReaction{}, TauLeap{}} {
		if m.String() == name {
			return m, nil
		}
		names = append(names, m.String())
	}
	return nil, fmt.Errorf("ssa: %w: unknown method %q: choose %s", ErrSettings, name, strings.Join(names, ", "))
}
