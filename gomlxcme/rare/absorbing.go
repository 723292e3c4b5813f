package rare

import (
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// Absorbing draws the trajectories of another method until they enter the basin, and holds them in the state with which they
// entered. Entries are seen at events; see ssa.FirstPassages for what that means with ssa.TauLeap.
type Absorbing struct {
	Method ssa.Method
	Basin  Basin
}

// String names the method and the basin.
func (a Absorbing) String() string { return a.Method.String() + " until " + a.Basin.String() }

// New returns a simulator for one goroutine.
func (a Absorbing) New(c *crn.Compiled) (ssa.Simulator, error) {
	inner, err := a.Method.New(c)
	if err != nil {
		return nil, err
	}
	return &absorbing{inner: inner, basin: a.Basin}, nil
}

type absorbing struct {
	inner ssa.Simulator
	basin Basin
	held  []int32 // the state of entry, nil before
}

// Start begins a trajectory; it ends at once if it starts in the basin.
func (a *absorbing) Start(x []int32, rng *rand.Rand) error {
	a.held = nil
	if a.basin.Contains(x) {
		a.held = slices.Clone(x)
		return nil
	}
	return a.inner.Start(x, rng)
}

// Advance looks at every event, one at a time, since nothing must follow the one that enters.
func (a *absorbing) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	look := func(t float64, x []int32) {
		if a.held != nil {
			return
		}
		if seen != nil {
			seen(t, x)
		}
		if a.basin.Contains(x) {
			a.held = slices.Clone(x)
		}
	}
	for a.held == nil {
		if done >= events {
			return done, false, nil
		}
		n, reached, err := a.inner.Advance(until, 1, look)
		done += n
		if err != nil || (reached && a.held == nil) {
			return done, reached, err
		}
	}
	return done, true, nil
}

// FollowsEvents reports whether the method does.
func (a *absorbing) FollowsEvents() bool {
	f, ok := a.inner.(ssa.EventFollower)
	return ok && f.FollowsEvents()
}

// State is the state of entry, or the present one before.
func (a *absorbing) State() []int32 {
	if a.held != nil {
		return a.held
	}
	return a.inner.State()
}
