package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/psis"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Published is the family of explicit schemes of Tang, Weng and Zhang (Nature
// Machine Intelligence 5, 376, 2023) and of the natural-gradient methods that
// followed it: each step brings the network to
//
//	P_(n+1) = (1 + dt W) P_n
//
// by an Optimiser, on states that Settings.Proposal draws (nil means Vanilla{}).
// The network starts at time 0 from the initial law, made positive everywhere
// (Softening), or from a projection to Settings.StartTime where that is set.
//
// A step is positive only where dt R(x) < 1, R the sum of all propensities. A
// state in a batch that breaks this ends the run with its name and the largest
// dt, or reduces dt from there on if Reduce is set; nothing is ever clamped.
type Published struct {
	Optimiser Optimiser // nil means Natural{}
	Start     Optimiser // brings the network to the initial law; nil means up to 100 natural gradients, until log P is right to 0.001 rms
	Dt        float64   // 0 means automatic: positiveShare of the largest positive one, reduced as needed
	Reduce    bool      // dt where a step would not be positive
	Softening float64   // share of each species' initial law that is spread over all counts, where that law vanishes anywhere; 0 means 0.001
}

const (
	// positiveShare is the share of the largest positive dt that a dt chosen
	// automatically, or reduced, takes.
	positiveShare = 0.9
	// startEpochs and startConverged bound the fit of the initial law, and
	// startDamping is small because rare counts have a small metric.
	startEpochs, startConverged, startDamping = 100, 1e-3, 1e-5
	// publishedDraws is the number of plain draws that validate a step.
	publishedDraws = van.Chunk
)

func (m Published) defaults() Published {
	if m.Optimiser == nil {
		m.Optimiser = Natural{}
	}
	if m.Start == nil {
		m.Start = Natural{Epochs: startEpochs, Converged: startConverged, Metric: Metric{Damping: startDamping}}
	}
	if m.Softening == 0 {
		m.Softening = 1e-3
	}
	return m
}

func (m Published) String() string {
	m = m.defaults()
	return fmt.Sprintf("published(optimiser=%v, start=%v, dt=%g, reduce=%t, softening=%g)", m.Optimiser, m.Start, m.Dt, m.Reduce, m.Softening)
}

func (m Published) depth() int { return 1 }

func (m Published) check() error {
	m = m.defaults()
	switch {
	case !(m.Dt >= 0) || math.IsInf(m.Dt, 0):
		return fmt.Errorf("%w: time step %g; give a positive one, or 0 to have it chosen", ErrSettings, m.Dt)
	case !(m.Softening > 0) || m.Softening >= 1:
		return fmt.Errorf("%w: softening %g of the initial law; use a share between 0 and 1", ErrSettings, m.Softening)
	}
	if _, ok := m.Start.(TDVP); ok {
		return fmt.Errorf("%w: %v follows the master equation in time and cannot fit the initial law; start with Adam, SGD or Natural", ErrSettings, m.Start)
	}
	if err := m.Start.Check(); err != nil {
		return err
	}
	return m.Optimiser.Check()
}

func (Published) proposal() Proposal { return Vanilla{} }

func (Published) direct(set Settings) bool { return set.StartTime == 0 }

// begin fits the network to the initial law at time 0.
func (m Published) begin(ctx context.Context, s *solver) error {
	m = m.defaults()
	rng := s.stream(0, 0)
	e := newExplicitStep(ctx, s.problem, point{Theta: s.problem.model.Init(rng)}, 0, rng)
	e.initial = softened(s.problem.system, s.problem.model.Box.Caps, m.Softening)
	if err := m.Start.Step(e); err != nil {
		return fmt.Errorf("initial law: %w", err)
	}
	b, err := e.Draw()
	if err != nil {
		return err
	}
	if _, err := b.Misfit(); err != nil {
		return err
	}
	s.state.StartLoss = e.loss
	s.state.History = []point{{Theta: e.Theta}}
	if s.set.Times[0] == 0 {
		s.state.Outputs = append(s.state.Outputs, Output{})
	}
	return nil
}

// next is the fixed dt, or what is left to the goal.
func (m Published) next(s *solver, goal float64) float64 {
	dt, left := m.Dt, goal-s.state.Time
	if dt == 0 {
		if s.state.Limit == 0 {
			s.state.Limit = positiveShare / s.problem.fastest(s.set.StartStates)
		}
		dt = s.state.Limit
	}
	if s.state.Limit > 0 {
		dt = min(dt, s.state.Limit)
	}
	if dt > left*(1-1e-9) { // within the rounding of many steps
		return left
	}
	return dt
}

// reduced is the dt after a step that would not have been positive.
func (m Published) reduced(err *notPositive) (float64, bool) {
	return positiveShare / err.rate, m.Reduce || m.Dt == 0
}

func (m Published) step(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand) (*attempt, error) {
	m = m.defaults()
	if p.device != nil {
		return m.stepResident(ctx, p, earlier[0], t, rng)
	}
	memory := *p.memory
	s := newExplicitStep(ctx, p, earlier[0], t-earlier[0].Time, rng)
	s.Memory = &memory
	if err := m.Optimiser.Step(s); err != nil {
		return nil, err
	}
	a := &attempt{theta: s.Theta, loss: s.loss, iterations: s.moves, states: s.states, ess: s.ess}
	var err error
	if a.validation, err = s.validate(); err != nil {
		return nil, err
	}
	a.rate = s.rate * s.Dt
	if len(s.ratios) > 0 {
		a.weighted, a.tail = true, psis.Index(s.ratios, s.times)
	}
	*p.memory = memory
	return a, nil
}

// notPositive says that a step would give a state a probability below zero.
type notPositive struct {
	state []int32
	names []string
	rate  float64 // R(x)
	dt    float64
	time  float64
}

func (e *notPositive) Error() string {
	return fmt.Sprintf("%v at t = %g: reactions leave the state %s at rate %.6g, so that an explicit step of %g is not positive there; choose dt < %.6g, or let dt be reduced",
		ErrStep, e.time, named(e.names, e.state), e.rate, e.dt, 1/e.rate)
}

func (e *notPositive) Unwrap() error { return ErrStep }

// named writes a state as A=1, B=2.
func named(names []string, x []int32) string {
	text := ""
	for i, n := range names {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s=%d", n, x[i])
	}
	return text
}

// fastest is the largest R(x): over the box where it has at most limit states,
// otherwise at the initial law's mean, from where it is left to the batches.
func (p *problem) fastest(limit int) float64 {
	l := p.system.NumSpecies()
	states, err := p.model.Box.Enumerate(limit)
	if err != nil {
		states = make([]int32, l)
		for i, cap := range p.model.Box.Caps {
			states[i] = int32(math.Round(p.system.Initial(i).Expected(cap)))
		}
	}
	top, a := 0.0, make([]float64, p.system.NumReactions())
	for k := 0; k < len(states); k += l {
		top = max(top, p.system.Propensities(a, states[k:k+l], 0))
	}
	if top == 0 {
		return 1 // nothing ever happens
	}
	return top
}
