package evolve

import (
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// fullSum is the number of states over which weak forms are summed at most: a
	// whole box, or the likeliest states of the network. Averages over samples are
	// too noisy to steer by: what their noise adds in every step is more than the
	// correction takes away.
	fullSum = 30_000
	// leastMass is the share of the law that the likeliest states must hold.
	leastMass = 0.97
)

// support is the part of a box too large to enumerate that carries the law of a
// network.
type support struct {
	states []int32   // [n·L]
	logp   []float64 // [n]
	mass   float64   // Σ P over them
}

// support collects the states whose log P lies above −floor, at most limit of the
// likeliest. It goes from the given states along reactions, forwards and
// backwards, as long as it meets such states: a law that reactions have spread
// has no others, up to what lies behind a gap in it.
func (p *problem) support(theta van.Params, from []int32, floor float64, limit int, time float64) (*support, error) {
	l := p.model.Box.Species()
	c := newCloud(p.system, p.model.Box, time)
	for i := 0; i < len(from); i += l {
		c.intern(from[i : i+l])
	}
	var logp []float64
	y := make([]int32, l)
	for done := 0; done < len(c.rowOf); {
		wave := c.states[done*l:]
		logp = append(logp, make([]float64, len(wave)/l)...)
		if err := p.model.LogProb(logp[done:], theta, wave); err != nil {
			return nil, err
		}
		if len(logp) > limit {
			floor = min(floor, -nthLargest(logp, limit))
		}
		end := len(logp)
		for i := done; i < end; i++ {
			if logp[i] <= -floor {
				continue
			}
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
					if p.system.Propensity(k, source, time) > 0 {
						c.intern(y)
					}
				}
			}
		}
		done = end
	}
	s := &support{}
	for i, v := range logp {
		if v > -floor {
			s.states = append(s.states, c.state(int32(i))...)
			s.logp = append(s.logp, v)
			s.mass += math.Exp(v)
		}
	}
	return s, nil
}

// carriers lists the states over which weak forms are summed, with log P: the whole
// box, or the support of the network if the box is too large. It returns nil if
// neither is possible.
func (p *problem) carriers(theta van.Params, batch *cloud, time float64) (states []int32, logp []float64, err error) {
	box := p.model.Box
	if n, ok := box.States(); !ok || n > fullSum {
		s, err := p.support(theta, batch.likely(sumFloor), sumFloor, fullSum, time)
		if err != nil || s.mass < leastMass {
			return nil, nil, err
		}
		return s.states, s.logp, nil
	}
	if states, err = box.Enumerate(fullSum); err != nil {
		return nil, nil, err
	}
	logp = make([]float64, len(states)/box.Species())
	return states, logp, p.model.LogProb(logp, theta, states)
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
