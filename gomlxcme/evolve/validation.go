package evolve

import (
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/psis"
)

// validation is what plain draws, which no fit has seen, say of a step.
type validation struct {
	KL      float64 // divergence of the network from the solution of the step
	Local   float64 // rms of what one order less would change in log P: the error estimate of dt
	Leak    float64 // estimate of Σ_x P(x) Blocked(x), the flow that the caps hold back
	Missing float64 // probability that reactions carry to states for which the network has next to nothing
	Tail    float64 // Pareto index of solution/P: whether draws from P can see what is missing
}

// validate measures a step on plain draws and returns them. The leak comes from
// rare states at the caps: it is the larger of the average over the plain draws,
// which sees the bulk, and the sum over the distinct states of the batch, which
// holds flattened draws from the tails; both can only miss states.
func (p *problem) validate(a *attempt, batch *cloud, earlier []point, t float64, rng *rand.Rand, f formulas) (*cloud, error) {
	c, err := p.draw(Plain{Draws: validationDraws}, a.theta, earlier, t, rng)
	if err != nil {
		return nil, err
	}
	weights := c.normalised()
	r := c.residuals(c.logp, f.full, f.lower)
	a.validation = validation{KL: divergence(r, weights), Local: rms(r.lower, weights), Tail: psis.Index(r.raw, c.draws())}
	if a.validation.Missing, err = p.missing(c, a.theta, f.full.rate()); err != nil {
		return nil, err
	}
	seen := 0.0
	for _, row := range batch.rows {
		seen += math.Exp(batch.logp[row.state]) * p.system.Blocked(batch.state(row.state), t)
	}
	for i, row := range c.rows {
		a.validation.Leak += weights[i] * p.system.Blocked(c.state(row.state), t)
	}
	a.validation.Leak = max(a.validation.Leak, seen)
	return c, nil
}

// draws returns the weights of the rows: how often each was drawn, where every
// draw adds 1.
func (c *cloud) draws() []float64 {
	n := make([]float64, len(c.rows))
	for i, r := range c.rows {
		n[i] = r.weight
	}
	return n
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
