package sweeps

import (
	"fmt"
	"math"
)

// Quantity is a number that a figure shows of every point.
type Quantity struct {
	Label string // with its unit
	Of    func(Point) (float64, error)
	Log   bool // shown by its logarithm
}

// Mean is the mean count of an output at a time.
func Mean(name string, t float64) Quantity {
	return Quantity{Label: fmt.Sprintf("mean of %s at t = %.4g (molecules)", name, t), Of: func(p Point) (float64, error) {
		r, err := p.row(name, t)
		if err == nil && r.Moments == nil {
			err = fmt.Errorf("%w: the sweep has not kept moments of %s", ErrName, name)
		}
		if err != nil {
			return 0, err
		}
		return r.Moments.Mean, nil
	}}
}

// Fano is variance over mean of an output at a time; 1 for a Poisson law.
func Fano(name string, t float64) Quantity {
	return Quantity{Label: fmt.Sprintf("Fano factor of %s at t = %.4g", name, t), Of: func(p Point) (float64, error) {
		r, err := p.row(name, t)
		if err == nil && r.Moments == nil {
			err = fmt.Errorf("%w: the sweep has not kept moments of %s", ErrName, name)
		}
		if err != nil {
			return 0, err
		}
		return r.Moments.SD * r.Moments.SD / r.Moments.Mean, nil
	}}
}

// Below is the probability that a species has fewer than n molecules at a time. It
// needs keep: {marginals: [NAME]} in the sweep file.
func Below(name string, n int, t float64) Quantity {
	return Quantity{Label: fmt.Sprintf("P(%s < %d) at t = %.4g", name, n, t), Of: func(p Point) (float64, error) {
		r, err := p.row(name, t)
		if err == nil && r.Marginal == nil {
			err = fmt.Errorf("%w: the sweep has not kept marginals of %s; write keep: {marginals: [%s]}", ErrName, name, name)
		}
		if err != nil {
			return 0, err
		}
		sum := 0.0
		for _, v := range r.Marginal[:min(n, len(r.Marginal))] {
			sum += v
		}
		return sum, nil
	}}
}

// Modes is how deep the valley between the two highest peaks of a law is: the
// smallest probability between them over that of the lower peak, taken from 1. It
// is 0 for a law with one peak and 1 for one whose peaks have nothing between
// them.
func Modes(name string, t float64) Quantity {
	return Quantity{Label: fmt.Sprintf("depth of the valley in the law of %s at t = %.4g", name, t), Of: func(p Point) (float64, error) {
		r, err := p.row(name, t)
		if err == nil && r.Marginal == nil {
			err = fmt.Errorf("%w: the sweep has not kept marginals of %s; write keep: {marginals: [%s]}", ErrName, name, name)
		}
		if err != nil {
			return 0, err
		}
		return valley(r.Marginal), nil
	}}
}

// valley is the quantity of Modes.
func valley(p []float64) float64 {
	n := len(p)
	left, right := make([]float64, n), make([]float64, n) // the highest peak on either side
	high := 0.0
	for i := range p {
		high = math.Max(high, p[i])
		left[i] = high
	}
	high = 0
	for i := n - 1; i >= 0; i-- {
		high = math.Max(high, p[i])
		right[i] = high
	}
	depth := 0.0
	for i := range p {
		if lower := math.Min(left[i], right[i]); lower > 0 {
			depth = math.Max(depth, 1-p[i]/lower)
		}
	}
	return depth
}
