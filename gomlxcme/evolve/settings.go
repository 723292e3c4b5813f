package evolve

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

var (
	// ErrSettings is returned for settings that make no sense; nothing was computed.
	ErrSettings = errors.New("evolve: bad settings")
	// ErrStep is returned when a time step cannot be solved.
	ErrStep = errors.New("evolve: step failed")
	// ErrResume is returned when a saved state does not belong to the run.
	ErrResume = errors.New("evolve: cannot resume")
)

// Settings of a run. The zero value works but for Times.
type Settings struct {
	Times   []float64        // output times, increasing, ≥ 0
	Seed    uint64           // of all randomness; the same seed gives the same bytes
	Workers int              // goroutines; 0 means all cores. Results do not depend on it
	Backend *backend.Backend // nil means backend.Open("")
	Hook    run.Hook         // told of every step; nil is silent

	Network  van.Architecture // nil means van.NADE{}
	Proposal Proposal         // nil means Tempered{}

	Order      int     // of the multistep formula, 1 to 3; 0 means 3
	Tolerance  float64 // local error of log P in one step; 0 means DefaultTolerance
	Converged  float64 // rms change of log P at which the iteration of a step ends; 0 means 0.001
	Iterations int     // Gauss–Newton updates per step at most; 0 means 8
	Batches    int     // updates that draw a fresh batch first; 0 means 2
	Damping    float64 // smallest Levenberg–Marquardt damping; 0 means 1e-5
	Ratio      float64 // largest dt/t; 0 means 0.15

	StartTime   float64 // end of the projection that starts the network; 0 means automatic
	StartStates int     // states of that projection at most; 0 means 40,000

	// Checkpoint is called after every step with the state from which Resume
	// continues to the same bytes. An error stops the run.
	Checkpoint func(State) error
	Resume     *State
}

// DefaultTolerance is the default of Settings.Tolerance.
const DefaultTolerance = 0.02

func (s Settings) withDefaults() (Settings, error) {
	if len(s.Times) == 0 {
		return s, fmt.Errorf("%w: no output times; give at least one", ErrSettings)
	}
	for i, t := range s.Times {
		if math.IsNaN(t) || math.IsInf(t, 0) || t < 0 || i > 0 && t <= s.Times[i-1] {
			return s, fmt.Errorf("%w: output time %g at position %d; times must be finite, not negative and increasing", ErrSettings, t, i)
		}
	}
	if s.Workers <= 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Hook == nil {
		s.Hook = run.Silence{}
	}
	if s.Network == nil {
		s.Network = van.NADE{}
	}
	if s.Proposal == nil {
		s.Proposal = Tempered{}
	}
	if s.Order == 0 {
		s.Order = 3
	}
	if !slices.Contains([]int{1, 2, 3}, s.Order) {
		return s, fmt.Errorf("%w: order %d; use 1, 2 or 3", ErrSettings, s.Order)
	}
	for _, v := range []struct {
		name     string
		value    *float64
		fallback float64
	}{
		{"tolerance", &s.Tolerance, DefaultTolerance},
		{"convergence threshold", &s.Converged, 0.001},
		{"damping", &s.Damping, 1e-5},
		{"step ratio", &s.Ratio, 0.15},
	} {
		if *v.value == 0 {
			*v.value = v.fallback
		}
		if !(*v.value > 0) || math.IsInf(*v.value, 0) {
			return s, fmt.Errorf("%w: %s %g; it must be positive", ErrSettings, v.name, *v.value)
		}
	}
	if s.Iterations == 0 {
		s.Iterations = 8
	}
	if s.Batches == 0 {
		s.Batches = 2
	}
	if s.StartStates == 0 {
		s.StartStates = 40000
	}
	if s.Iterations < 1 || s.StartStates < 2 || s.StartTime < 0 {
		return s, fmt.Errorf("%w: iterations %d, start states %d, start time %g; all must be positive", ErrSettings, s.Iterations, s.StartStates, s.StartTime)
	}
	return s, nil
}
