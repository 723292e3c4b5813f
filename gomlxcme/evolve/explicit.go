package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/psis"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// ExplicitStep is what an Optimiser works on: one step of length Dt, from the
// network P_old at its beginning to the target (1 + Dt W) P_old. The optimiser
// draws batches, learns from each how Theta should change, and moves it.
//
// While the network is brought to the initial law, the target is that law.
type ExplicitStep struct {
	Theta  van.Params // current parameters; use Move to change them
	Dt     float64    // 0 while the initial law is fitted
	Memory *Memory    // of the optimiser, kept from step to step

	ctx     context.Context
	problem *problem
	rng     *rand.Rand
	old     point
	initial func(x []int32) float64 // log-probability of the initial law, nil in time steps

	known  *cloud    // every state drawn in this step, with its neighbours; logp is of the old network
	target []float64 // log of the target at the rows of known

	moves, states   int
	ratios, times   []float64 // log P/q of the last batch, and how often each was drawn; empty where nothing is weighed
	loss, ess, rate float64   // root mean square misfit, effective states and largest R(x) of the last batch
}

// Memory is what an optimiser remembers between steps. Vectors are replaced and
// never written to, because saved states share them.
type Memory struct {
	Count   uint64
	Vectors [][]float64
}

// Vector returns a copy of vector k, of length n: zeros if there is none.
func (m *Memory) Vector(k, n int) []float64 {
	v := make([]float64, n)
	if k < len(m.Vectors) {
		copy(v, m.Vectors[k])
	}
	return v
}

func newExplicitStep(ctx context.Context, p *problem, old point, dt float64, rng *rand.Rand) *ExplicitStep {
	return &ExplicitStep{
		Theta: append(van.Params(nil), old.Theta...), Dt: dt, Memory: &Memory{},
		ctx: ctx, problem: p, rng: rng, old: old, known: newCloud(p.system, p.model.Box, old.Time),
	}
}

// Move changes the parameters by factor·delta. It refuses numbers that are not finite.
func (s *ExplicitStep) Move(delta []float64, factor float64) error {
	theta := make(van.Params, len(s.Theta))
	for i, v := range s.Theta {
		theta[i] = v + factor*delta[i]
		if math.IsNaN(theta[i]) || math.IsInf(theta[i], 0) {
			return fmt.Errorf("%w at t = %g: an update of the parameters is not finite; use a smaller learning rate or more damping", ErrStep, s.old.Time)
		}
	}
	s.Theta = theta
	s.moves++
	return nil
}

// later moves on the time at which propensities are taken. States and their
// neighbours stay where no rate depends on time.
func (s *ExplicitStep) later(dt float64) {
	if s.problem.system.TimeDependent() {
		s.known, s.target = newCloud(s.problem.system, s.problem.model.Box, s.old.Time+dt), nil
	}
}

// Draw proposes a fresh batch at the current parameters. States that were drawn
// before in this step keep their neighbours and target.
func (s *ExplicitStep) Draw() (*Batch, error) {
	return s.draw(s.problem.proposal)
}

func (s *ExplicitStep) draw(proposal Proposal) (*Batch, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	c := s.known
	for i := range c.rows {
		c.rows[i].weight = 0
	}
	unique := 0
	s.ratios, s.times = s.ratios[:0], s.times[:0]
	d := Draw{System: s.problem.system, Model: s.problem.model, Params: s.Theta, Old: s.old.Theta, Time: s.old.Time, Rand: s.rng, Unique: func() int { return unique }, Ratio: s.weigh}
	err := proposal.Propose(d, func(x []int32, weight float64) {
		if s.initial != nil {
			c.bare(x, weight)
		} else {
			c.add(x, weight)
		}
		if c.rows[c.rowOf[c.intern(x)]].weight == weight {
			unique++
		}
	})
	if err != nil {
		return nil, err
	}
	b := &Batch{step: s, theta: s.Theta}
	sum := 0.0
	for i, r := range c.rows {
		if r.weight > 0 {
			b.rows = append(b.rows, i)
			b.States = append(b.States, c.state(r.state)...)
			b.Weights = append(b.Weights, r.weight)
			sum += r.weight
		}
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("%w: the proposal %v found no states of finite weight at t = %g", ErrStep, proposal, s.old.Time)
	}
	for i := range b.Weights {
		b.Weights[i] /= sum
	}
	s.states, s.ess = len(b.rows), effective(b.Weights)
	return b, s.checkPositive(b)
}

// weigh notes an importance weight of the batch.
func (s *ExplicitStep) weigh(logRatio, draws float64) {
	s.ratios, s.times = append(s.ratios, logRatio), append(s.times, draws)
}

// bare adds to the weight of a row that needs no neighbours.
func (c *cloud) bare(x []int32, weight float64) {
	i := c.intern(x)
	if c.rowOf[i] < 0 {
		c.rowOf[i] = int32(len(c.rows))
		c.rows = append(c.rows, row{state: i})
	}
	c.rows[c.rowOf[i]].weight += weight
}

// checkPositive refuses states from which more flows out than there is.
func (s *ExplicitStep) checkPositive(b *Batch) error {
	worst := 0
	for _, i := range b.rows {
		if s.known.rows[i].outflow > s.known.rows[worst].outflow {
			worst = i
		}
	}
	r := s.known.rows[worst]
	s.rate = max(s.rate, r.outflow)
	if s.Dt*r.outflow < 1 {
		return nil
	}
	return &notPositive{
		state: append([]int32(nil), s.known.state(r.state)...), names: s.problem.system.SpeciesNames(),
		rate: r.outflow, dt: s.Dt, time: s.old.Time,
	}
}

// targets completes the log of the target at all rows,
//
//	log[P_old (1 − dt R) + dt I],
//
// in which both terms are positive.
func (s *ExplicitStep) targets() error {
	c := s.known
	if s.initial != nil {
		for i := len(s.target); i < len(c.rows); i++ {
			s.target = append(s.target, s.initial(c.state(c.rows[i].state)))
		}
		return nil
	}
	done, l := len(c.logp), c.box.Species()
	c.logp = append(c.logp, make([]float64, len(c.rowOf)-done)...)
	if err := s.problem.model.LogProb(c.logp[done:], s.old.Theta, c.states[done*l:]); err != nil {
		return err
	}
	logDt := math.Log(s.Dt)
	var share []float64
	for i := len(s.target); i < len(c.rows); i++ {
		r := c.rows[i]
		share = append(share[:0], make([]float64, len(r.inflow))...)
		stays := c.logp[r.state] + math.Log1p(-s.Dt*r.outflow)
		s.target = append(s.target, logSum(stays, logDt+r.logInflow(c.logp, share)))
	}
	return nil
}

// logSum is log(e^a + e^b).
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// validate measures the step on plain draws that no update has seen: the
// divergence from the target, and the flow that the caps hold back.
//
// The mean of log P − log target is the divergence itself, and half its variance
// the same to leading order with far less noise. Where all draws are one state
// the variance is 0 whatever was missed, so the mean counts as far as it exceeds
// three standard errors.
func (s *ExplicitStep) validate() (validation, error) {
	v := validation{Local: math.NaN()}
	if s.known.time != s.old.Time {
		s.known, s.target = newCloud(s.problem.system, s.problem.model.Box, s.old.Time), nil
	}
	loss, states, ess := s.loss, s.states, s.ess
	ratios, times := s.ratios, s.times
	s.ratios, s.times = nil, nil
	b, err := s.draw(Plain{Draws: publishedDraws})
	if err != nil {
		return v, err
	}
	r, err := b.Misfit()
	if err != nil {
		return v, err
	}
	s.loss, s.states, s.ess = loss, states, ess
	s.ratios, s.times = ratios, times
	mean, spread := 0.0, rms(r, b.Weights)
	ratio, draws := make([]float64, len(r)), make([]float64, len(r))
	for i, w := range b.Weights {
		mean += w * r[i]
		ratio[i], draws[i] = -r[i], s.known.rows[b.rows[i]].weight
		v.Leak += w * s.problem.system.Blocked(s.known.state(s.known.rows[b.rows[i]].state), s.old.Time)
	}
	v.Tail = psis.Index(ratio, draws)
	v.KL = spread*spread/2 + max(0, mean-3*spread/math.Sqrt(publishedDraws))
	return v, nil
}
