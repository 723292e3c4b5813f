package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

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
	iterations int
	states     int     // different states in the batch
	ess        float64 // effective number of states, (Σw)²/Σw²
}

// formulas are the multistep formula of a step and, for the error estimate, the
// one of an order less.
type formulas struct {
	full  bdf
	lower *bdf
}

func (s *solver) formulas(t float64) formulas {
	times := make([]float64, len(s.state.History))
	for j, h := range s.state.History {
		times[j] = h.Time
	}
	f := formulas{full: newBDF(t, times)}
	if len(times) > 1 {
		lower := newBDF(t, times[:len(times)-1])
		f.lower = &lower
	}
	return f
}

// step solves the implicit equation for the network at time t. Each iteration
// draws a fresh batch with the current parameters, joins it to the earlier ones
// of this step, and makes one damped Gauss–Newton update. When an update changes
// little, plain draws that the fit has not seen validate the step; if they
// disagree they join the batch and the iteration goes on.
func (s *solver) step(ctx context.Context, t float64, rng *rand.Rand) (*attempt, error) {
	f := s.formulas(t)
	a := &attempt{theta: append(van.Params(nil), s.state.History[0].Theta...)}
	batch := newCloud(s.system, s.model.Box, t)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if a.iterations < s.set.Batches {
			fresh, err := s.draw(s.set.Proposal, a.theta, t, rng)
			if err != nil {
				return nil, err
			}
			batch.merge(fresh)
		}
		if err := s.update(batch, a, f); err != nil {
			return nil, err
		}
		a.iterations++
		if math.IsNaN(a.loss) || math.IsInf(a.loss, 0) {
			return nil, fmt.Errorf("%w: the loss at t = %g is not finite", ErrStep, t)
		}
		last := a.iterations == s.set.Iterations
		if (a.moved > s.set.Converged || a.iterations < s.set.Batches) && !last {
			continue
		}
		check, err := s.validate(a, t, rng, f)
		if err != nil {
			return nil, err
		}
		weights := batch.normalised()
		r := batch.residuals(batch.logp, f.full, nil)
		if last || a.validation.KL <= 10*divergence(r, batch.bulk(batch.logp))+1e-6 {
			a.states, a.ess = len(batch.rows), effective(weights)
			return a, nil
		}
		batch.merge(check)
	}
}

// draw proposes a batch and evaluates the network and its history there.
func (s *solver) draw(proposal Proposal, theta van.Params, t float64, rng *rand.Rand) (*cloud, error) {
	c := newCloud(s.system, s.model.Box, t)
	d := Draw{System: s.system, Model: s.model, Params: theta, Rand: rng, Unique: func() int { return len(c.rows) }}
	if err := proposal.Propose(d, c.add); err != nil {
		return nil, err
	}
	if len(c.rows) == 0 {
		return nil, fmt.Errorf("%w: the proposal %v found no states at t = %g", ErrStep, proposal, t)
	}
	c.logp = make([]float64, len(c.rowOf))
	if err := s.model.LogProb(c.logp, theta, c.states); err != nil {
		return nil, err
	}
	states := c.rowStates(0, len(c.rows))
	order := len(s.state.History)
	pool := make([]float64, len(c.rows)*order)
	logp := make([]float64, len(c.rows))
	for j, h := range s.state.History {
		if err := s.model.LogProb(logp, h.Theta, states); err != nil {
			return nil, err
		}
		for i := range c.rows {
			c.rows[i].base = pool[i*order : (i+1)*order]
			c.rows[i].base[j] = logp[i]
		}
	}
	return c, nil
}

// update makes one Levenberg–Marquardt step: the damping grows until the loss on
// the batch falls.
func (s *solver) update(c *cloud, a *attempt, f formulas) error {
	weights := c.normalised()
	r := c.residuals(c.logp, f.full, nil)
	bend := max(s.bendMin, s.bendFac*rms(r.raw, c.bulk(c.logp)))
	loss := r.loss(weights, bend)
	a.loss, a.moved = math.Sqrt(loss), 0
	if s.debug && a.loss > 0.05 {
		type top struct {
			c float64
			i int
		}
		var ts []top
		for i := range c.rows {
			v := (1 + r.share[i]) * r.raw[i]
			ts = append(ts, top{weights[i] * v * v, i})
		}
		sort.Slice(ts, func(a, b int) bool { return ts[a].c > ts[b].c })
		fmt.Printf("   it %d loss %.3g rows %d states %d\n", a.iterations, a.loss, len(c.rows), len(c.rowOf))
		for _, t := range ts[:5] {
			row := c.rows[t.i]
			fmt.Printf("      x=%v contrib %.2g weight %.2g logP %.2f base %.2f %.2f %.2f raw %.3f share %.3g hR %.3g\n", c.state(row.state), t.c/loss, weights[t.i], c.logp[row.state], row.base[0], row.base[1], row.base[2], r.raw[t.i], r.share[t.i], row.outflow*f.full.beta)
		}
	}
	n, err := s.equations.assemble(c, a.theta, r.robust(weights, bend), r)
	if err != nil {
		return err
	}
	// Slow modes of the equation have rows of order 1, fast ones of order ⟨1+w⟩:
	// without this factor the damping would freeze the slow ones.
	scale := r.meanScale(weights)
	trial := make(van.Params, len(a.theta))
	logp, change := make([]float64, len(c.logp)), make([]float64, len(c.rows))
	for range 6 {
		delta, err := n.solve(s.state.Damping / (scale * scale))
		if err != nil {
			return err
		}
		for i := range trial {
			trial[i] = a.theta[i] + delta[i]
		}
		if err := s.model.LogProb(logp, trial, c.states); err != nil {
			return err
		}
		if c.residuals(logp, f.full, nil).loss(weights, bend) < loss {
			for i, row := range c.rows {
				change[i] = logp[row.state] - c.logp[row.state]
			}
			a.moved = rms(change, c.bulk(logp))
			a.theta, c.logp = trial, logp
			s.state.Damping = max(s.state.Damping/5, s.set.Damping)
			return nil
		}
		s.state.Damping *= 20
	}
	s.state.Damping = s.set.Damping
	return nil
}

// validation is what plain draws, which no fit has seen, say of a step.
type validation struct {
	KL    float64 // divergence of the network from the solution of the step
	Local float64 // what one order less would have changed: the error estimate of dt
	Leak  float64 // Σ_x P(x) Blocked(x)
}

// validationDraws is the number of plain draws.
const validationDraws = 2 * van.Chunk

func (s *solver) validate(a *attempt, t float64, rng *rand.Rand, f formulas) (*cloud, error) {
	c, err := s.draw(Plain{Draws: validationDraws}, a.theta, t, rng)
	if err != nil {
		return nil, err
	}
	weights := c.normalised()
	r := c.residuals(c.logp, f.full, f.lower)
	a.validation = validation{KL: divergence(r, weights), Local: rms(r.lower, weights)}
	for i, row := range c.rows {
		a.validation.Leak += weights[i] * s.system.Blocked(c.state(row.state), t)
	}
	return c, nil
}

// divergence estimates the Kullback–Leibler divergence between the network and
// the solution of its step: to leading order half the variance of log P − z.
func divergence(r *residuals, weights []float64) float64 {
	v := rms(r.raw, weights)
	return v * v / 2
}

// effective is the effective number of weighted states, (Σw)²/Σw², for weights
// that sum to 1.
func effective(weights []float64) float64 {
	s := 0.0
	for _, w := range weights {
		s += w * w
	}
	return 1 / s
}
