package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

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
	loss       float64 // root of the loss on a fresh batch, before it was used
	train      float64 // the same on the batch that was solved
	kl         float64 // half the mean square of log P − z under P: the divergence of this step
	local      float64 // what one order less would have changed: the error estimate
	iterations int
	states     int // different states in the batch
	converged  bool
}

// step solves the implicit equation for the network at time t. Each iteration
// draws a fresh batch with the current parameters and first measures the loss on
// it: this is the validation. If it is small the step is done; otherwise the
// batch joins the earlier ones of this step and one damped Gauss–Newton update
// follows.
func (s *solver) step(ctx context.Context, t float64, rng *rand.Rand) (*attempt, error) {
	history := s.state.History
	times := make([]float64, len(history))
	for j, h := range history {
		times[j] = h.Time
	}
	formula := newBDF(t, times)
	var lower *bdf
	if len(times) > 1 {
		f := newBDF(t, times[:len(times)-1])
		lower = &f
	}
	theta := append(van.Params(nil), history[0].Theta...)
	batch := newCloud(s.system, s.model.Box, t)
	a := &attempt{}
	for a.iterations = 0; ; a.iterations++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		fresh, err := s.draw(theta, t, rng)
		if err != nil {
			return nil, err
		}
		weights := fresh.normalised()
		r, err := evaluate(fresh, s.model, theta, formula, lower)
		if err != nil {
			return nil, err
		}
		if a.iterations == 0 && len(history) > 1 {
			if theta, r, err = s.predict(fresh, weights, theta, t, formula, lower, r); err != nil {
				return nil, err
			}
		}
		a.loss = math.Sqrt(r.loss(weights))
		a.local = rms(r.lower, weights)
		a.kl = divergence(fresh, r, weights)
		a.theta = theta
		if math.IsNaN(a.loss) || math.IsInf(a.loss, 0) {
			return nil, fmt.Errorf("%w: the loss at t = %g is not finite", ErrStep, t)
		}
		a.converged = a.iterations > 0 && a.loss < s.set.Converged
		if a.converged || a.iterations == s.set.Iterations {
			return a, nil
		}
		batch.merge(fresh)
		a.states = len(batch.rows)
		if theta, a.train, err = s.update(batch, theta, formula); err != nil {
			return nil, err
		}
	}
}

// predict replaces theta by its linear extrapolation in time where that has the
// smaller loss on the batch.
func (s *solver) predict(c *cloud, weights []float64, theta van.Params, t float64, formula bdf, lower *bdf, r *residuals) (van.Params, *residuals, error) {
	h := s.state.History
	ratio := (t - h[0].Time) / (h[0].Time - h[1].Time)
	guess := make(van.Params, len(theta))
	for i := range guess {
		guess[i] = theta[i] + ratio*(h[0].Theta[i]-h[1].Theta[i])
	}
	g, err := evaluate(c, s.model, guess, formula, lower)
	if err != nil {
		return nil, nil, err
	}
	if g.loss(weights) < r.loss(weights) {
		return guess, g, nil
	}
	return theta, r, nil
}

// draw proposes a batch and evaluates the history at its rows.
func (s *solver) draw(theta van.Params, t float64, rng *rand.Rand) (*cloud, error) {
	c := newCloud(s.system, s.model.Box, t)
	d := Draw{System: s.system, Model: s.model, Params: theta, Rand: rng, Unique: func() int { return len(c.rows) }}
	if err := s.set.Proposal.Propose(d, c.add); err != nil {
		return nil, err
	}
	if len(c.rows) == 0 {
		return nil, fmt.Errorf("%w: the proposal %v found no states at t = %g", ErrStep, s.set.Proposal, t)
	}
	states := c.rowStates(0, len(c.rows))
	order := len(s.state.History)
	pool := make([]float64, len(c.rows)*order)
	for i := range c.rows {
		c.rows[i].base = pool[i*order : (i+1)*order]
	}
	logp := make([]float64, len(c.rows))
	for j, h := range s.state.History {
		if err := s.model.LogProb(logp, h.Theta, states); err != nil {
			return nil, err
		}
		for i := range c.rows {
			c.rows[i].base[j] = logp[i]
		}
	}
	return c, nil
}

// merge adds the rows of other, with the history known there.
func (c *cloud) merge(other *cloud) {
	for _, r := range other.rows {
		x := other.state(r.state)
		known := c.has(x)
		c.add(x, r.weight)
		if !known {
			c.rows[len(c.rows)-1].base = r.base
		}
	}
}

// update takes one Levenberg–Marquardt step: the damping grows until the loss on
// the batch falls. It returns the parameters and the root of the loss before.
func (s *solver) update(c *cloud, theta van.Params, formula bdf) (van.Params, float64, error) {
	weights := c.normalised()
	r, err := evaluate(c, s.model, theta, formula, nil)
	if err != nil {
		return nil, 0, err
	}
	loss := r.loss(weights)
	n, err := s.equations.assemble(c, theta, weights, r)
	if err != nil {
		return nil, 0, err
	}
	// Slow modes of the equation have rows of order 1, fast ones of order ⟨1+w⟩:
	// without this factor the damping would freeze the slow ones.
	scale := r.meanScale(weights)
	trial := make(van.Params, len(theta))
	for range 6 {
		delta, err := n.solve(s.state.Damping / (scale * scale))
		if err != nil {
			return nil, 0, err
		}
		for i := range trial {
			trial[i] = theta[i] + delta[i]
		}
		after, err := evaluate(c, s.model, trial, formula, nil)
		if err != nil {
			return nil, 0, err
		}
		if l := after.loss(weights); l < loss {
			s.state.Damping = max(s.state.Damping/5, s.set.Damping)
			return trial, math.Sqrt(loss), nil
		}
		s.state.Damping *= 20
	}
	s.state.Damping = s.set.Damping
	return theta, math.Sqrt(loss), nil
}

// divergence estimates the Kullback–Leibler divergence between the network and
// the solution of the step, ½ Var_P[log P − z], over plain draws. The rows carry
// the proposal's weights, of which the plain draws are nearly all.
func divergence(_ *cloud, r *residuals, weights []float64) float64 {
	v := rms(r.raw, weights)
	return v * v / 2
}
