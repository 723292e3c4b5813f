package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/evolve/device"
	"github.com/gomlx-cme/cme/gomlxcme/psis"
)

// resident is an Optimiser that can also work on a step on the device.
type resident interface {
	Optimiser
	// resides says, by an error that wraps device.ErrUnsupported, why its settings cannot.
	resides() error
	stepResident(s *residentStep) error
}

// residentStep is an ExplicitStep whose network, batches and targets lie on the device.
type residentStep struct {
	*device.Step
	draws ExplicitStep // whose proposals it uses, and whose records it keeps
}

// stepResident is step on the device.
func (m Published) stepResident(ctx context.Context, p *problem, old point, t float64, rng *rand.Rand) (*attempt, error) {
	step, err := p.device.NewStep(old.Theta, old.Time, t-old.Time)
	if err != nil {
		return nil, err
	}
	defer step.Close()
	memory := *p.memory
	s := &residentStep{Step: step, draws: *newExplicitStep(ctx, p, old, t-old.Time, rng)}
	s.draws.Memory = &memory
	if err := m.Optimiser.(resident).stepResident(s); err != nil {
		return nil, err
	}
	a := &attempt{loss: s.draws.loss, iterations: s.draws.moves, states: s.draws.states, ess: s.draws.ess}
	if a.theta, err = step.Params(); err != nil {
		return nil, s.failed(err)
	}
	if a.validation, err = s.validate(); err != nil {
		return nil, err
	}
	a.rate = s.draws.rate * s.draws.Dt
	if len(s.draws.ratios) > 0 {
		a.weighted, a.tail = true, psis.Index(s.draws.ratios, s.draws.times)
	}
	*p.memory = memory
	return a, nil
}

// failed is the error of a step.
func (s *residentStep) failed(err error) error {
	return fmt.Errorf("%w at t = %g: %w; use a smaller learning rate or more damping", ErrStep, s.draws.old.Time, err)
}

// compare draws a batch and returns how far the network is from the target there.
// Draws of Vanilla never leave the device; other proposals draw on the host, where each
// different state is listed once.
func (s *residentStep) compare() (device.Misfit, error) {
	e := &s.draws
	if err := e.ctx.Err(); err != nil {
		return device.Misfit{}, err
	}
	if v, ok := e.problem.proposal.(Vanilla); ok {
		v = v.defaults()
		if v.Draws < 1 {
			return device.Misfit{}, fmt.Errorf("%w: %d draws; use at least one", ErrSettings, v.Draws)
		}
		e.states = v.Draws
		if err := s.Draw(uniforms(Draw{Model: e.problem.model, Rand: e.rng}, v.Draws, v.Independent)); err != nil {
			return device.Misfit{}, s.failed(err)
		}
	} else if err := s.propose(); err != nil {
		return device.Misfit{}, err
	}
	m, err := s.Misfit()
	if err != nil {
		return m, s.failed(err)
	}
	e.loss, e.ess = m.Spread, m.ESS
	return m, s.checkPositive(m.Outflow)
}

// propose draws a batch on the host and sends it to the device.
func (s *residentStep) propose() (err error) {
	e := &s.draws
	if e.Theta, err = s.Params(); err != nil {
		return s.failed(err)
	}
	c := newCloud(e.problem.system, e.problem.model.Box, e.old.Time)
	e.ratios, e.times = e.ratios[:0], e.times[:0]
	d := Draw{System: e.problem.system, Model: e.problem.model, Params: e.Theta, Old: e.old.Theta, Time: e.old.Time, Rand: e.rng, Unique: func() int { return len(c.rows) }, Ratio: e.weigh}
	if err := e.problem.proposal.Propose(d, c.bare); err != nil {
		return err
	}
	sum := 0.0
	for _, r := range c.rows {
		sum += r.weight
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return fmt.Errorf("%w: the proposal %v found no states of finite weight at t = %g", ErrStep, e.problem.proposal, e.old.Time)
	}
	e.states = len(c.rows)
	if err := s.Load(c.states, c.normalised()); err != nil {
		return s.failed(err)
	}
	return nil
}

// checkPositive refuses a step in which more flows out of a state of the batch than
// there is.
func (s *residentStep) checkPositive(outflow float64) error {
	e := &s.draws
	e.rate = max(e.rate, outflow)
	if e.Dt*outflow < 1 {
		return nil
	}
	x, rate, err := s.Fastest()
	if err != nil {
		return err
	}
	return &notPositive{state: x, names: e.problem.system.SpeciesNames(), rate: rate, dt: e.Dt, time: e.old.Time}
}

// validate is that of ExplicitStep.
func (s *residentStep) validate() (validation, error) {
	e := &s.draws
	v := validation{Local: math.NaN()}
	r, leak, outflow, err := s.Check(uniforms(Draw{Model: e.problem.model, Rand: e.rng}, publishedDraws, false))
	if err != nil {
		return v, s.failed(err)
	}
	if err := s.checkPositive(outflow); err != nil {
		return v, err
	}
	weights, ratio, ones := make([]float64, len(r)), make([]float64, len(r)), make([]float64, len(r))
	for i, x := range r {
		weights[i], ratio[i], ones[i] = 1/float64(len(r)), -x, 1
	}
	mean, spread := dot(weights, r), rms(r, weights)
	v.Leak, v.Tail = leak, psis.Index(ratio, ones)
	v.KL = spread*spread/2 + max(0, mean-3*spread/math.Sqrt(publishedDraws))
	return v, nil
}

func (o Natural) resides() error {
	if o.Momentum > 0 {
		return fmt.Errorf("%w: a natural gradient with momentum", device.ErrUnsupported)
	}
	return nil
}

// stepResident makes the updates of Step.
func (o Natural) stepResident(s *residentStep) error {
	o = o.defaults()
	metric := o.Metric.defaults()
	p := len(s.draws.Theta)
	for epoch := range o.Epochs {
		m, err := s.compare()
		if err != nil {
			return err
		}
		if m.Spread < o.Converged {
			break
		}
		parameters := metric.Space == ParameterSpace || metric.Space == AutomaticSpace && s.draws.states >= p
		if parameters && p > maxParameters {
			return fmt.Errorf("%w: the network has %d parameters; a natural gradient in their space takes at most %d: solve in the space of samples, or use fewer", ErrSettings, p, maxParameters)
		}
		update := device.Natural{Damping: metric.Damping, Relative: metric.Relative, Parameters: parameters, Rate: o.Rate * o.Schedule.Factor(epoch, o.Epochs)}
		if err := s.Natural(update); err != nil {
			return s.failed(err)
		}
		s.draws.moves++
	}
	return nil
}

func (Adam) resides() error { return nil }

// stepResident makes the updates of Step.
func (o Adam) stepResident(s *residentStep) error {
	o = o.defaults()
	count := s.draws.Memory.Count
	err := s.descend(o.descent(), func() device.Descent {
		count++
		return device.Descent{
			Keep: o.First, New: 1 - o.First, Unbias: 1 - math.Pow(o.First, float64(count)),
			Adam: true, KeepSquare: o.Second, NewSquare: 1 - o.Second, UnbiasSquare: 1 - math.Pow(o.Second, float64(count)),
		}
	})
	s.draws.Memory.Count = count
	return err
}

func (SGD) resides() error { return nil }

// stepResident makes the updates of Step.
func (o SGD) stepResident(s *residentStep) error {
	o = o.defaults()
	err := s.descend(o.descent(), func() device.Descent { return device.Descent{Keep: o.Momentum, New: 1, Unbias: 1} })
	if v := s.draws.Memory.Vectors; len(v) > 1 {
		s.draws.Memory.Vectors = v[:1]
	}
	return err
}

// descend is descent.run on the device.
func (s *residentStep) descend(d descent, update func() device.Descent) error {
	memory, p := s.draws.Memory, len(s.draws.Theta)
	if err := s.Remember(memory.Vector(0, p), memory.Vector(1, p)); err != nil {
		return s.failed(err)
	}
	for epoch := range d.epochs {
		if _, err := s.compare(); err != nil {
			return err
		}
		u := update()
		u.Rate, u.Clip = d.rate*d.schedule.Factor(epoch, d.epochs), d.clip
		if err := s.Descend(u); err != nil {
			return s.failed(err)
		}
		s.draws.moves++
	}
	first, second, err := s.Memory()
	if err != nil {
		return s.failed(err)
	}
	memory.Vectors = [][]float64{first, second}
	return nil
}

var _, _, _ resident = Natural{}, Adam{}, SGD{}
