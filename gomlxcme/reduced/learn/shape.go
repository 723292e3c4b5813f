package learn

import (
	"math"
	"math/rand/v2"
)

// Activation of hidden units.
type Activation int

// The activations of the source: rectified units in its shallow and receptor networks, parametric ones in its deep networks.
const (
	ReLU  Activation = iota // max(x, 0)
	PReLU                   // max(x, 0) + s min(x, 0), with a slope s for each unit that is learned, from 0.25 on
)

// String names the activation.
func (a Activation) String() string {
	if a == PReLU {
		return "prelu"
	}
	return "relu"
}

// firstSlope is where the slopes of parametric units begin, as in He et al. (2015). The source does not say.
const firstSlope = 0.25

// shape of a network: K inputs as P coefficients each, F harmonics, H_l units in hidden layer l, O outputs.
type shape struct {
	inputs, powers, harmonics int
	hidden                    []int
	outputs                   int
	activation                Activation
}

// kind of numbers in a part.
type kind int

const (
	fourier kind = iota // coefficients of the latent law: sines and cosines of the mean, then of the variance
	weights             // [from, to]
	biases              // [1, to]
	slopes              // [1, to], of parametric units
)

// part is a piece of the parameters that is one tensor of the graph.
type part struct {
	kind       kind
	from, to   int // place among all parameters
	rows, cols int
}

// parts of the parameters, one after the other: four series of F coefficients, then for each layer its weights, biases and, before the last
// layer, slopes if the units have them.
func (s shape) parts() []part {
	out := []part{{fourier, 0, 4 * s.harmonics, 4, s.harmonics}}
	add := func(k kind, rows, cols int) {
		at := out[len(out)-1].to
		out = append(out, part{k, at, at + rows*cols, rows, cols})
	}
	before := s.inputs
	for _, h := range s.hidden {
		add(weights, before, h)
		add(biases, 1, h)
		if s.activation == PReLU {
			add(slopes, 1, h)
		}
		before = h
	}
	add(weights, before, s.outputs)
	add(biases, 1, s.outputs)
	return out
}

// size is the number of parameters.
func (s shape) size() int {
	p := s.parts()
	return p[len(p)-1].to
}

// init draws weights as He et al. (2015) for rectified units; slopes are firstSlope, and all else is 0.
func (s shape) init(rng *rand.Rand) []float64 {
	theta := make([]float64, s.size())
	for _, p := range s.parts() {
		for i := p.from; i < p.to; i++ {
			switch p.kind {
			case weights:
				theta[i] = rng.NormFloat64() * math.Sqrt(2/float64(p.rows))
			case slopes:
				theta[i] = firstSlope
			}
		}
	}
	return theta
}

// clip holds the weights within ±limit.
func (s shape) clip(theta []float64, limit float64) {
	for _, p := range s.parts() {
		if p.kind != weights {
			continue
		}
		for i := p.from; i < p.to; i++ {
			theta[i] = min(max(theta[i], -limit), limit)
		}
	}
}

// shrink multiplies the weights by 1 − share.
func (s shape) shrink(theta []float64, share float64) {
	if share == 0 {
		return
	}
	for _, p := range s.parts() {
		if p.kind == weights {
			for i := p.from; i < p.to; i++ {
				theta[i] *= 1 - share
			}
		}
	}
}
