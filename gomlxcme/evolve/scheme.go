package evolve

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve/device"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Scheme carries the network over one time step. A new one is one file. Implicit
// solves the equation of a step at its end; a scheme that projects an explicit
// step, as the published methods do, fits the same interface.
type Scheme interface {
	fmt.Stringer
	// depth is the number of earlier networks that a step needs.
	depth() int
	// step finds the network at time t from earlier ones, newest first.
	step(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand) (*attempt, error)
	// check says what is wrong with the settings of the scheme.
	check() error
}

// problem is what a scheme works on.
type problem struct {
	system    *crn.Compiled
	model     *van.Model
	proposal  Proposal
	basins    []rare.Basin // sets of states whose probability counts by itself
	absorb    *rare.Basin  // the set that is not left any more; nil for none
	equations *equations
	damping   *float64  // of Levenberg–Marquardt, carried from step to step
	memory    *Memory   // of the optimiser, carried from step to step
	room      []float64 // for the matrix of a natural gradient

	device *device.Kernel // makes whole steps; nil where the host makes them

	conditionals *van.Conditionals // for checks of masses, made when first needed
}

// point is the network at one time.
type point struct {
	Time  float64
	Theta van.Params
}

// attempt is what came out of trying one step.
type attempt struct {
	theta      van.Params
	validation validation
	loss       float64 // root of the loss on the batch before the last update
	moved      float64 // rms change of log P by the last update
	slow       float64 // rms distance in log P to the solution of the step, 0 if it was not measured
	iterations int
	states     int     // different states in the batch
	ess        float64 // effective number of states, (Σw)²/Σw²
	rate       float64 // largest dt·R(x) in the batch of an explicit step, 0 for others
	weighted   bool    // the batch has importance weights
	tail       float64 // their Pareto index
	order      int     // the error estimate grows like dt to this power
	fallback   float64 // share of the states that the formula could not solve
}

// draw proposes a batch for time t and evaluates the network and its history
// there.
func (p *problem) draw(proposal Proposal, theta van.Params, earlier []point, t float64, rng *rand.Rand) (*cloud, error) {
	c := newCloud(p.system, p.model.Box, t)
	d := Draw{System: p.system, Model: p.model, Params: theta, Time: t, Rand: rng, Unique: func() int { return len(c.rows) }}
	if len(earlier) > 0 {
		d.Old = earlier[0].Theta
	}
	if err := proposal.Propose(d, c.add); err != nil {
		return nil, err
	}
	if len(c.rows) == 0 {
		return nil, fmt.Errorf("%w: the proposal %v found no states at t = %g", ErrStep, proposal, t)
	}
	c.logp = make([]float64, len(c.rowOf))
	if err := p.model.LogProb(c.logp, theta, c.states); err != nil {
		return nil, err
	}
	states := c.rowStates(0, len(c.rows))
	pool := make([]float64, len(c.rows)*len(earlier))
	for i := range c.rows {
		c.rows[i].base = pool[i*len(earlier) : (i+1)*len(earlier)]
	}
	logp := make([]float64, len(c.rows))
	for j, h := range earlier {
		if err := p.model.LogProb(logp, h.Theta, states); err != nil {
			return nil, err
		}
		for i := range c.rows {
			c.rows[i].base[j] = logp[i]
		}
	}
	return c, nil
}
