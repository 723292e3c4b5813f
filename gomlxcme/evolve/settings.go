package evolve

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
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
	Backend *backend.Backend // nil means backend.OpenFor("", states within the caps): see the package backend
	Hook    run.Hook         // told of every step; nil is silent

	Network  van.Architecture // nil means DefaultNetwork
	Scheme   Scheme           // nil means Implicit{}, with fewer iterations from 8 species
	Proposal Proposal         // nil means Tempered{}, with larger batches from 8 species, or Vanilla{} for Published

	Step Place // where the steps of Published are made; 0 means AutomaticPlace

	Tolerance float64 // local error of log P in one step; 0 means DefaultTolerance, and 0.02 from 8 species
	Ratio     float64 // largest dt/t; 0 means DefaultRatio, and RareRatio with Basins or Absorb

	StartTime   float64 // end of the projection that starts the network; 0 means automatic, and none for Published
	StartStates int     // states of that projection at most, three times as many where it follows the flow; 0 means DefaultStartStates

	// Absorb, if not nil, holds what enters the basin: no reaction leaves its states any more. The network is then the
	// law of what has not entered yet, and has no probability in the basin. How much that is, the
	// diagnostic "survival" tells, and "entry_rate" the rate −d ln survival/dt, by the flux into the basin.
	Absorb *rare.Basin

	// Basins are sets of states whose probabilities matter by their relative error, however small: where a step is solved
	// for log P, the network is fitted to them as well. They change the network, for the better there; other sets do not suffer.
	Basins []rare.Basin

	// From, if not nil, is the network to start from, at its time, instead of the
	// initial law: one that another run reached, for the same caps and laws. All
	// output times lie at or after it.
	From *Network

	// MaxSteps and MaxWall end the run with an error that wraps run.ErrTruncated:
	// after so many steps, or after the step during which so much time has passed,
	// since it began or was resumed; at least one step is made. 0 means no limit.
	MaxSteps int
	MaxWall  time.Duration

	// Output is called when an output time is reached, before Checkpoint and in the
	// order of time; not for time 0, and not again for times that a resumed run had
	// reached before. An error stops the run.
	Output func(*Network) error

	// Checkpoint is called after every step with the state from which Resume
	// continues to the same bytes. An error stops the run.
	Checkpoint func(State) error
	Resume     *State
}

// Defaults of Settings.
const (
	DefaultTolerance   = 0.005
	DefaultRatio       = 0.15
	RareRatio          = 0.05 // the error of time is largest, by its ratio, where little probability arrives
	DefaultStartStates = 40_000
)

func (s Settings) withDefaults() (Settings, error) {
	if len(s.Times) == 0 {
		return s, fmt.Errorf("%w: no output times; give at least one", ErrSettings)
	}
	for i, t := range s.Times {
		if math.IsNaN(t) || math.IsInf(t, 0) || t < 0 || i > 0 && t <= s.Times[i-1] {
			return s, fmt.Errorf("%w: output time %g at position %d; times must be finite, not negative and increasing", ErrSettings, t, i)
		}
	}
	if s.MaxSteps < 0 || s.MaxWall < 0 {
		return s, fmt.Errorf("%w: a limit of %d steps and %v; give positive limits, or 0 for none", ErrSettings, s.MaxSteps, s.MaxWall)
	}
	if s.Workers <= 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Hook == nil {
		s.Hook = run.Silence{}
	}
	if s.Scheme == nil {
		s.Scheme = Implicit{}
	}
	if err := s.Scheme.check(); err != nil {
		return s, err
	}
	if s.Proposal == nil {
		s.Proposal = Tempered{}
		if m, ok := s.Scheme.(marching); ok {
			s.Proposal = m.proposal()
		}
	}
	s = s.stepped()
	if s.StartStates == 0 {
		s.StartStates = DefaultStartStates
	}
	if !(s.Tolerance > 0) || !(s.Ratio > 0) || !(s.StartTime >= 0) || s.StartStates < 1 {
		return s, fmt.Errorf("%w: tolerance %g, step ratio %g, start time %g, start states %d; all must be positive", ErrSettings, s.Tolerance, s.Ratio, s.StartTime, s.StartStates)
	}
	return s, nil
}

// stepped fills what bounds the steps.
func (s Settings) stepped() Settings {
	if s.Tolerance == 0 {
		s.Tolerance = DefaultTolerance
	}
	if s.Ratio == 0 {
		s.Ratio = DefaultRatio
		if len(s.Basins) > 0 || s.Absorb != nil {
			s.Ratio = RareRatio
		}
	}
	return s
}
