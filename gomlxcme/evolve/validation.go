package evolve

import (
	"math/rand/v2"
)

// validation is what plain draws, which no fit has seen, say of a step.
type validation struct {
	KL    float64 // divergence of the network from the solution of the step
	Local float64 // rms of what one order less would change in log P: the error estimate of dt
	Leak  float64 // Σ_x P(x) Blocked(x), the flow that the caps hold back
}

// validate measures a step on plain draws and returns them.
func (p *problem) validate(a *attempt, earlier []point, t float64, rng *rand.Rand, f formulas) (*cloud, error) {
	c, err := p.draw(Plain{Draws: validationDraws}, a.theta, earlier, t, rng)
	if err != nil {
		return nil, err
	}
	weights := c.normalised()
	r := c.residuals(c.logp, f.full, f.lower)
	a.validation = validation{KL: divergence(r, weights), Local: rms(r.lower, weights)}
	for i, row := range c.rows {
		a.validation.Leak += weights[i] * p.system.Blocked(c.state(row.state), t)
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
