package evolve

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// missing estimates the probability that reactions carry within a step of length β to states
// where it cannot stay, because the network has next to nothing for them,
//
//	Σ_x P(x) Σ_k β a_k(x) max(0, 1 − P(y)/(s P(x))),   y = x + s_k,   s = β a_k(x) / (1 + β R(y)),
//
// from plain draws x, the rows of c. An implicit Euler step leaves s P(x) or more at y. No draw
// from the network shows such states, and neither does its divergence from the solution: what
// they lack is spread over all that is drawn, and is normalised away.
func (p *problem) missing(c *cloud, theta van.Params, beta float64) (float64, error) {
	l, weights := p.model.Box.Species(), c.normalised()
	var to []int32
	var from []int
	var flow, stays []float64
	y := make([]int32, l)
	for i, row := range c.rows {
		x := c.state(row.state)
		for k := range p.system.NumReactions() {
			a := p.system.Propensity(k, x, c.time)
			if a <= 0 {
				continue
			}
			for s, v := range p.system.Change(k) {
				y[s] = x[s] + v
			}
			if p.model.Box.Contains(y) {
				to, from = append(to, y...), append(from, i)
				flow = append(flow, beta*a)
				stays = append(stays, beta*a/(1+beta*outflow(p.system, y, c.time)))
			}
		}
	}
	logp := make([]float64, len(from))
	if err := p.model.LogProb(logp, theta, to); err != nil {
		return 0, err
	}
	sum := 0.0
	for j, i := range from {
		sum += weights[i] * min(1, flow[j]) * max(0, 1-math.Exp(logp[j]-c.logp[c.rows[i].state])/stays[j])
	}
	return sum, nil
}
