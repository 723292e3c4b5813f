package reduced

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/ode"
)

// Field is how fast parameters in the standard frame change per step: it writes the derivatives of W and b [V] for the parameters p at a
// step, which are counted from 1. dw and db come as zeros.
type Field func(dw, db []float64, p Parameters, step float64) error

// Integrator follows a field.
type Integrator interface {
	// Follow returns the parameters at the steps 1 … n, the first as given.
	Follow(f Field, first Parameters, n int) ([]Parameters, error)
}

// Euler takes one explicit step per step, as the source does: its fields are differences between steps.
type Euler struct{}

// Follow returns the parameters at the steps 1 … n.
func (Euler) Follow(f Field, first Parameters, n int) ([]Parameters, error) {
	if n < 1 {
		return nil, fmt.Errorf("%w: %d steps: give 1 or more", ErrSettings, n)
	}
	out := []Parameters{first.Clone()}
	for step := 1; step < n; step++ {
		p := out[step-1].Clone()
		dw, db := make([]float64, len(p.B)), make([]float64, len(p.B))
		if err := f(dw, db, out[step-1], float64(step)); err != nil {
			return nil, fmt.Errorf("at step %d: %w", step, err)
		}
		for i := range p.B {
			p.W[0][i] += dw[i]
			p.B[i] += db[i]
			if math.IsNaN(p.W[0][i]+p.B[i]) || math.IsInf(p.W[0][i]+p.B[i], 0) {
				return nil, fmt.Errorf("%w: W %v and b %v at step %d", ErrDiverged, p.W[0], p.B, step+1)
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// Adaptive takes the field as continuous in time and chooses its own steps by the pair of Dormand and Prince.
type Adaptive struct {
	Tolerance float64 // of W and b in one step of its own; 0 means 1e-8
}

// Follow returns the parameters at the steps 1 … n.
func (a Adaptive) Follow(f Field, first Parameters, n int) ([]Parameters, error) {
	if a.Tolerance == 0 {
		a.Tolerance = 1e-8
	}
	if n < 1 || !(a.Tolerance > 0) {
		return nil, fmt.Errorf("%w: %d steps with tolerance %v: give 1 or more, and a number above 0", ErrSettings, n, a.Tolerance)
	}
	v := len(first.B)
	y := append(append([]float64{}, first.W[0]...), first.B...)
	at := first.Clone()
	load := func(y []float64) {
		copy(at.W[0], y[:v])
		copy(at.B, y[v:])
	}
	var failure error
	slope := func(t float64, dy, y []float64) {
		load(y)
		clear(dy)
		if err := f(dy[:v], dy[v:], at, t); err != nil && failure == nil {
			failure = err
		}
	}
	out := []Parameters{first.Clone()}
	for step := 1; step < n; step++ {
		err := ode.Solve(slope, y, float64(step), float64(step+1), a.Tolerance, func(float64, []float64) {})
		if failure != nil {
			err = failure
		}
		if err != nil {
			return nil, fmt.Errorf("%w: at step %d: %w", ErrDiverged, step, err)
		}
		load(y)
		out = append(out, at.Clone())
	}
	return out, nil
}

// Still is the field that moves nothing, the baseline of every comparison: keep the first value.
func Still(_, _ []float64, _ Parameters, _ float64) error { return nil }

// Together is the field of several networks as one model: for each derivative the median of what they say. Where each errs in its own way, errors
// cancel; beyond what they have learned from, one of them that goes astray would drag a mean along, and does not move a median.
func Together(fields ...Field) Field {
	return func(dw, db []float64, p Parameters, step float64) error {
		w, b := make([][]float64, len(dw)), make([][]float64, len(db))
		for _, f := range fields {
			oneW, oneB := make([]float64, len(dw)), make([]float64, len(db))
			if err := f(oneW, oneB, p, step); err != nil {
				return err
			}
			for i := range w {
				w[i], b[i] = append(w[i], oneW[i]), append(b[i], oneB[i])
			}
		}
		for i := range w {
			dw[i], db[i] = median(w[i]), median(b[i])
		}
		return nil
	}
}

// median of numbers, which it sorts.
func median(x []float64) float64 {
	slices.Sort(x)
	return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
}

// Known is the field of a series that is known: its derivatives at whole steps. It answers what a perfect network would.
func (s *Series) Known(dw, db []float64, _ Parameters, step float64) error {
	t := int(step) - 1
	for i := range dw {
		if t < 0 || t >= len(s.DW[i]) {
			return fmt.Errorf("%w: a derivative at step %v of %d", ErrSettings, step, len(s.DW[i]))
		}
		dw[i], db[i] = s.DW[i][t], s.DB[i][t]
	}
	return nil
}

// Deviation is the mean of squared differences between two series, over times and over the moving parameters that r names.
func (r Reduction) Deviation(a, b []Parameters) (float64, error) {
	if len(a) != len(b) || len(a) == 0 || len(r.MovingW)+len(r.MovingB) == 0 {
		return 0, fmt.Errorf("%w: series of %d and %d steps with %d moving parameters", ErrSettings, len(a), len(b), len(r.MovingW)+len(r.MovingB))
	}
	square := 0.0
	for t := range a {
		for _, i := range r.MovingW {
			square += math.Pow(a[t].W[0][i]-b[t].W[0][i], 2)
		}
		for _, i := range r.MovingB {
			square += math.Pow(a[t].B[i]-b[t].B[i], 2)
		}
	}
	return square / float64(len(a)*(len(r.MovingW)+len(r.MovingB))), nil
}
