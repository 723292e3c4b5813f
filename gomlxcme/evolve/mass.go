package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// massDraws is the number of states whose conditionals are summed up.
	massDraws = 8
	// massCounts is the number of counts of a species up to which they are.
	massCounts = 4096
	// massTolerance is the deviation that rounding explains: log P of 1e3 terms
	// carries some 1e-13.
	massTolerance = 1e-9
)

// masses is how well a network obeys the rules of probability.
type masses struct {
	conditional float64 // largest |Σ_n P(x_i = n | …) − 1|
	forbidden   float64 // largest probability of a state that breaks a conservation law
}

// check says what is wrong, if anything is.
func (m masses) check() error {
	switch {
	case !(m.conditional <= massTolerance):
		return fmt.Errorf("%w: a conditional of the network sums to 1 only within %.2g; its numbers are damaged or have overflowed", ErrStep, m.conditional)
	case !(m.forbidden <= massTolerance):
		return fmt.Errorf("%w: the network gives a state that breaks a conservation law the probability %.2g", ErrStep, m.forbidden)
	}
	return nil
}

// masses draws a few states, and sums up every conditional that led to them over
// all counts of its species. Then it asks for the probability of neighbours that
// break a conservation law, and whether a draw breaks one.
func (p *problem) masses(theta van.Params, rng *rand.Rand) (masses, error) {
	var m masses
	l := p.model.Box.Species()
	x := make([]int32, massDraws*l)
	if err := p.model.Sample(x, theta, uniforms(Draw{Model: p.model, Rand: rng}, massDraws, false), nil); err != nil {
		return m, err
	}
	if p.conditionals == nil {
		c, err := p.model.Conditionals()
		if err != nil {
			return m, err
		}
		p.conditionals = c
	}
	for i, cap := range p.model.Box.Caps {
		if cap >= massCounts {
			continue
		}
		var varied []int32
		for k := range massDraws {
			for n := range int32(cap + 1) {
				varied = append(varied, x[k*l:(k+1)*l]...)
				varied[len(varied)-l+i] = n
			}
		}
		logs := make([]float64, len(varied))
		if err := p.conditionals.LogProb(logs, theta, varied); err != nil {
			return m, err
		}
		for k := range massDraws {
			sum := 0.0
			for n := range cap + 1 {
				sum += math.Exp(logs[(k*(cap+1)+n)*l+i])
			}
			m.conditional = worse(m.conditional, math.Abs(sum-1))
		}
	}
	for k := range massDraws {
		if !lawful(p.model.Box, x[k*l:(k+1)*l]) {
			m.forbidden = 1
			return m, nil
		}
	}
	broken := unlawful(p.model.Box, x)
	logp := make([]float64, len(broken)/l)
	if err := p.model.LogProb(logp, theta, broken); err != nil {
		return m, err
	}
	for _, v := range logp {
		m.forbidden = worse(m.forbidden, math.Exp(v))
	}
	return m, nil
}

// worse is the larger number, or NaN if one of them is.
func worse(a, b float64) float64 {
	if math.IsNaN(a) || a > b {
		return a
	}
	return b
}

// lawful reports whether a state meets all conservation laws of the box.
func lawful(box van.Box, x []int32) bool {
	for _, law := range box.Laws {
		sum := 0
		for i, w := range law.Weights {
			sum += w * int(x[i])
		}
		if sum != law.Total {
			return false
		}
	}
	return true
}

// unlawful returns states that differ from one of those given by one count of one
// species and break a law.
func unlawful(box van.Box, states []int32) []int32 {
	var list []int32
	l := box.Species()
	for k := 0; k < len(states); k += l {
		for i, cap := range box.Caps {
			for _, d := range []int32{-1, 1} {
				y := slices.Clone(states[k : k+l])
				if y[i] += d; y[i] >= 0 && int(y[i]) <= cap && !lawful(box, y) {
					list = append(list, y...)
				}
			}
		}
	}
	return list
}

// missed compares the network with the probabilities of a list of states, each
// once: it returns the probability that the network gives to other states, which
// a fit cannot see, and the total variation.
func (p *problem) missed(theta van.Params, states []int32, probability []float64) (outside, variation float64, err error) {
	logp := make([]float64, len(probability))
	if err := p.model.LogProb(logp, theta, states); err != nil {
		return 0, 0, err
	}
	sum := 0.0
	for i, v := range logp {
		sum += math.Exp(v)
		variation += math.Abs(math.Exp(v)-probability[i]) / 2
	}
	outside = max(0, 1-sum)
	return outside, variation + outside/2, nil
}
