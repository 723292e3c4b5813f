package evolve

import (
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// mostStates is the number of states on which the equation of a step is solved at
	// most. Averages over samples are too noisy to steer by: what their noise adds in
	// every step is more than the correction takes away.
	mostStates = 30_000
	// wideStates is the same for few species, if those are not enough.
	wideStates = 250_000
	// tailFloor is −log P below which a state is left out, and stateFloor the same with
	// many species, where there would be too many.
	tailFloor, stateFloor = 60.0, 20.0
	// leastMass is the share of the law that those states must hold.
	leastMass = 0.97
)

// support is the part of a box that carries the law of a network, or will at the
// end of a step.
type support struct {
	states []int32   // [n·L]
	logp   []float64 // [n]
	mass   float64   // Σ P over them
}

// String implements Proposal.
func (*support) String() string { return "support" }

// Propose lists the states, with P for their weights.
func (s *support) Propose(d Draw, add func(x []int32, weight float64)) error {
	l := d.Model.Box.Species()
	for i, v := range s.logp {
		add(s.states[i*l:(i+1)*l], math.Exp(v))
	}
	return nil
}

// carrier returns the states that carry the law, nil if they are too many.
func (p *problem) carrier(theta van.Params, from []int32, floor, time, dt float64) (*support, error) {
	limits := []int{mostStates, wideStates}
	if p.model.Box.Species() >= ManySpecies {
		limits = limits[:1]
	}
	for _, limit := range limits {
		if s, err := p.support(theta, from, floor, limit, time, dt); err != nil || s.mass >= leastMass {
			return s, err
		}
	}
	return nil, nil
}

// support collects the states whose log P lies above −floor, or to which reactions
// bring as much within a time step dt, at most limit of the likeliest. It goes from
// the given states along reactions, forwards and backwards, as long as it meets such
// states: a law that reactions have spread has no others, up to what lies behind a gap
// in it. What reactions bring, dt a(x) P(x)/(1 + dt R(y)), counts because no draw from
// the network shows a state that it has next to nothing for.
func (p *problem) support(theta van.Params, from []int32, floor float64, limit int, time, dt float64) (*support, error) {
	l := p.model.Box.Species()
	c := newCloud(p.system, p.model.Box, time)
	for i := 0; i < len(from); i += l {
		c.intern(from[i : i+l])
	}
	var logp, level []float64 // level is log P, or what reactions bring
	var brake []float64       // log(1/dt + R), R the outflow: what stays of that
	var done []bool
	y := make([]int32, l)
	for known, grows := 0, true; grows; {
		n := len(c.rowOf)
		logp, done = append(logp, make([]float64, n-known)...), append(done, make([]bool, n-known)...)
		if err := p.model.LogProb(logp[known:], theta, c.states[known*l:]); err != nil {
			return nil, err
		}
		for i := known; i < n; i++ {
			if i == len(level) {
				level = append(level, logp[i])
			}
			level[i] = max(level[i], logp[i])
		}
		known, grows = n, false
		if n > limit {
			floor = min(floor, -nthLargest(level, limit))
		}
		for i := range n {
			if done[i] || level[i] <= -floor {
				continue
			}
			done[i], grows = true, true
			for k := range p.system.NumReactions() {
				for _, sign := range [2]int32{1, -1} {
					for s, d := range p.system.Change(k) {
						y[s] = c.states[i*l+s] + sign*d
					}
					if !p.model.Box.Contains(y) {
						continue
					}
					source := y
					if sign > 0 {
						source = c.state(int32(i))
					}
					a := p.system.Propensity(k, source, time)
					if a == 0 {
						continue
					}
					j := int(c.intern(y))
					if j == len(level) {
						level = append(level, math.Inf(-1))
					}
					if sign < 0 {
						continue
					}
					for k := len(brake); k <= j; k++ {
						brake = append(brake, math.Log(1/dt+outflow(p.system, c.state(int32(k)), time)))
					}
					level[j] = max(level[j], level[i]+math.Log(a)-brake[j])
				}
			}
		}
	}
	s := &support{}
	for i, v := range level {
		if v > -floor {
			s.states = append(s.states, c.state(int32(i))...)
			s.logp = append(s.logp, logp[i])
			s.mass += math.Exp(logp[i])
		}
	}
	return s, nil
}

// likely returns the states of the cloud with log P above −floor.
func (c *cloud) likely(floor float64) []int32 {
	var states []int32
	for i, v := range c.logp {
		if v > -floor {
			states = append(states, c.state(int32(i))...)
		}
	}
	return states
}

// nthLargest returns the n-th largest value.
func nthLargest(values []float64, n int) float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[len(sorted)-n]
}
