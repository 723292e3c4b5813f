package ssa

import (
	"fmt"
	"math"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Settings of Run and Trajectory; but for Times the zero value works.
type Settings struct {
	Times   []float64 // output times: rising, the first 0 or later
	Runs    int       // trajectories; 0 means 1000
	Seed    uint64    // any number, 0 as well
	Workers int       // goroutines; 0 means one a core; results do not depend on it
	Method  Method    // nil means Direct
	Pairs   [][2]int  // species whose joint distributions are kept
	// Observables are functions of the state whose mean and standard deviation Run gathers; they stand in the snapshots.
	Observables []Observable
	MaxEvents   uint64   // most events of one trajectory; 0 means 1e9 for Run, 1e7 for Trajectory
	Hook        run.Hook // progress; nil is silent

	// Resume goes on from a state that Checkpoint was given by a run with the same network, method, seed, times, pairs and observables;
	// Runs may differ. The result has the same bytes as that of a run in one go.
	Resume *State
	// Checkpoint, if not nil, is given the state after every round of trajectories. It may keep it. An error from it ends the run.
	Checkpoint func(*State) error
}

const (
	defaultRuns       = 1000
	defaultMaxEvents  = 1_000_000_000
	defaultPathEvents = 10_000_000
)

// filled returns the settings with defaults in place of zeros, or an error that wraps ErrSettings.
func (s Settings) filled(c *crn.Compiled, maxEvents uint64) (Settings, error) {
	if s.Runs == 0 {
		s.Runs = defaultRuns
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Method == nil {
		s.Method = Direct{}
	}
	if s.MaxEvents == 0 {
		s.MaxEvents = maxEvents
	}
	if s.Hook == nil {
		s.Hook = run.Silence{}
	}
	switch {
	case s.Runs < 0:
		return s, fmt.Errorf("ssa: %w: %d runs: give 1 or more", ErrSettings, s.Runs)
	case s.Workers < 0:
		return s, fmt.Errorf("ssa: %w: %d workers: give 1 or more, or 0 for one a core", ErrSettings, s.Workers)
	case len(s.Times) == 0:
		return s, fmt.Errorf("ssa: %w: no output times: give at least one", ErrSettings)
	}
	last := 0.0
	for i, t := range s.Times {
		if !(t >= 0) || math.IsInf(t, 0) || (i > 0 && t <= last) {
			return s, fmt.Errorf("ssa: %w: output time %v at place %d: times must be finite, 0 or later, and rise", ErrSettings, t, i)
		}
		last = t
	}
	for _, p := range s.Pairs {
		if min(p[0], p[1]) < 0 || max(p[0], p[1]) >= c.NumSpecies() {
			return s, fmt.Errorf("ssa: %w: pair %v: the species are 0 to %d", ErrSettings, p, c.NumSpecies()-1)
		}
	}
	return s, nil
}
