package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Implicit is the implicit scheme of the package comment: a formula that is solved
// by Gauss–Newton at the end of every step. The zero value works.
type Implicit struct {
	Formula    Formula // nil means LogBDF{}
	Iterations int     // Gauss–Newton updates per step at most; 0 means 8
	Batches    int     // updates that draw a fresh batch first; 0 means 2
	Converged  float64 // rms change of log P at which the iteration ends; 0 means 0.001
	Damping    float64 // smallest Levenberg–Marquardt damping; 0 means 1e-5
	// Redo is how many times larger than on the batch the divergence on plain draws
	// that the fit has not seen may be before they join the batch and the iteration
	// goes on; 0 means 10, a negative number that the step is never redone.
	Redo float64
	// Corrections is the largest number of updates that bring the network to the
	// solution of the step, where few enough states carry the law; 0 means 24, a
	// negative number none.
	Corrections int
}

func (m Implicit) defaults() Implicit {
	if m.Formula == nil {
		m.Formula = LogBDF{}
	}
	if m.Iterations == 0 {
		m.Iterations = 8
	}
	if m.Batches == 0 {
		m.Batches = 2
	}
	if m.Converged == 0 {
		m.Converged = 0.001
	}
	if m.Damping == 0 {
		m.Damping = 1e-5
	}
	if m.Corrections == 0 {
		m.Corrections = 24
	}
	m.Corrections = max(m.Corrections, -1)
	if m.Redo == 0 {
		m.Redo = 10
	}
	return m
}

func (m Implicit) String() string {
	m = m.defaults()
	return fmt.Sprintf("implicit(formula=%v, iterations=%d, batches=%d, converged=%g, damping=%g, redo=%g, corrections=%d)", m.Formula, m.Iterations, m.Batches, m.Converged, m.Damping, m.Redo, m.Corrections)
}

func (m Implicit) depth() int { return m.defaults().Formula.depth() }

func (m Implicit) check() error {
	m = m.defaults()
	switch {
	case m.Iterations < 1 || m.Batches < 1:
		return fmt.Errorf("%w: %d iterations with %d batches; use at least 1", ErrSettings, m.Iterations, m.Batches)
	case !(m.Converged > 0) || !(m.Damping > 0):
		return fmt.Errorf("%w: convergence threshold %g and damping %g; both must be positive", ErrSettings, m.Converged, m.Damping)
	}
	return m.Formula.check()
}

const (
	// bendAt and bendRatio bound the pull of single states: residuals of log P
	// beyond the larger of bendAt and bendRatio times the bulk's rms count less.
	bendAt, bendRatio = 0.05, 5.0
	// dampingTries bounds the attempts of one update to lower the loss.
	dampingTries = 6
	// validationDraws is the number of plain draws that validate a step.
	validationDraws = 2 * van.Chunk
	// validationFloor is a divergence that is always good enough.
	validationFloor = 1e-6
)

// step solves the implicit equation for the network at time t. The first updates
// draw a fresh batch each. Where few enough states carry the law, the network is then
// brought to the solution on them; otherwise later updates work on the union of the
// batches, so that Gauss–Newton converges. Then plain draws that the fit has not seen
// validate the step; if they disagree with the batch they join it and the iteration
// goes on.
//
// The iteration starts from the last network. Extrapolating the parameters in
// time would save an update, but moves what no sample constrains, and such
// errors grow until they are real.
func (m Implicit) step(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand) (*attempt, error) {
	m = m.defaults()
	f, err := m.Formula.at(p, earlier, t, rng)
	if err != nil {
		return nil, err
	}
	return m.solve(ctx, p, earlier, t, rng, f)
}

// solve finds the network at time t that meets the rule.
func (m Implicit) solve(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand, f formulas) (*attempt, error) {
	*p.damping = max(*p.damping, m.Damping)
	a := &attempt{theta: append(van.Params(nil), earlier[0].Theta...), order: f.order}
	batch, relaxes := newCloud(p.system, p.model.Box, t), m.Corrections > 0
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if a.iterations < m.Batches {
			fresh, err := p.draw(p.proposal, a.theta, earlier, t, rng)
			if err != nil {
				return nil, err
			}
			batch.merge(fresh)
		}
		if err := m.update(p, batch, a, f); err != nil {
			return nil, err
		}
		a.iterations++
		if math.IsNaN(a.loss) || math.IsInf(a.loss, 0) {
			return nil, fmt.Errorf("%w: the loss at t = %g is not finite", ErrStep, t)
		}
		last := a.iterations >= m.Iterations
		if a.iterations < m.Batches && !last {
			continue
		}
		if relaxes {
			var err error
			if a.slow, relaxes, err = m.correct(p, batch, a, earlier, t, f); err != nil {
				return nil, err
			}
		}
		if !relaxes && a.moved > m.Converged && !last {
			continue
		}
		check, err := p.validate(a, batch, earlier, t, rng, f)
		if err != nil {
			return nil, err
		}
		r := batch.residuals(batch.logp, f.full, nil)
		seen := divergence(r, batch.bulk(batch.logp))
		if last || m.Redo < 0 || a.validation.KL <= m.Redo*seen+validationFloor {
			a.states, a.ess = len(batch.rows), effective(batch.normalised())
			a.fallback = float64(r.other) / float64(len(batch.rows))
			return a, nil
		}
		batch.merge(check)
	}
}

// update makes one Levenberg–Marquardt step: the damping grows until the loss on
// the batch falls.
func (m Implicit) update(p *problem, c *cloud, a *attempt, f formulas) error {
	r := c.residuals(c.logp, f.full, nil)
	weights := r.unscaled(c.normalised())
	bend := max(bendAt, bendRatio*rms(r.raw, c.bulk(c.logp)))
	loss := r.loss(weights, bend)
	a.loss, a.moved = math.Sqrt(loss), 0
	n, err := p.equations.assemble(c, a.theta, r.robust(weights, bend), r)
	if err != nil {
		return err
	}
	n.centre()
	// Without this factor the damping would freeze the slow modes of the equation.
	stiffness := r.stiffness(weights)
	trial := make(van.Params, len(a.theta))
	logp, change := make([]float64, len(c.logp)), make([]float64, len(c.rows))
	for range dampingTries {
		delta, err := n.solve(*p.damping/stiffness, p.model.Workers)
		if err != nil {
			return err
		}
		for i := range trial {
			trial[i] = a.theta[i] + delta[i]
		}
		if err := p.model.LogProb(logp, trial, c.states); err != nil {
			return err
		}
		if c.residuals(logp, f.full, nil).loss(weights, bend) < loss {
			for i, row := range c.rows {
				change[i] = logp[row.state] - c.logp[row.state]
			}
			a.moved = rms(change, c.bulk(logp))
			a.theta, c.logp = trial, logp
			*p.damping = max(*p.damping/5, m.Damping)
			return nil
		}
		*p.damping *= 20
	}
	*p.damping = m.Damping
	return nil
}
