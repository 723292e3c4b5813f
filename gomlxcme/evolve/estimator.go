package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Rate returns the local estimator of the master equation of c at states [n·L],
//
//	d log P(x)/dt = Σ_k a_k(x−s_k) P(x−s_k)/P(x) − R(x),
//
// with the network as P and propensities at its time, in 1/time. It needs log P of
// the states and of those from which one reaction leads to them, so that its cost
// does not depend on the size of the box. Its average over P is 0, because reactions
// move probability and make none.
func (n *Network) Rate(c *crn.Compiled, states []int32) ([]float64, error) {
	box := n.Model.Box
	l := box.Species()
	if c.NumSpecies() != l || len(states)%l != 0 {
		return nil, fmt.Errorf("%w: %d counts for a network of %d species and a model of %d; give one count for each species of every state", ErrSettings, len(states), l, c.NumSpecies())
	}
	for i := 0; i < len(states); i += l {
		if !box.Contains(states[i : i+l]) {
			return nil, fmt.Errorf("%w: the network has no probability for the state %v; choose counts of 0 to %v", ErrSettings, states[i:i+l], box.Caps)
		}
	}
	cloud := newCloud(c, box, n.Time)
	for i := 0; i < len(states); i += l {
		cloud.add(states[i:i+l], 0)
	}
	cloud.logp = make([]float64, len(cloud.rowOf))
	if err := n.Model.LogProb(cloud.logp, n.Theta, cloud.states); err != nil {
		return nil, err
	}
	rates := make([]float64, len(states)/l)
	for i := range rates {
		r := cloud.rows[cloud.rowOf[cloud.intern(states[i*l:(i+1)*l])]]
		logInflow := r.logInflow(cloud.logp, make([]float64, len(r.inflow)))
		rates[i] = math.Exp(logInflow-cloud.logp[r.state]) - r.outflow
	}
	return rates, nil
}
