package reduced

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ErrSeries marks a series that cannot be differentiated.
var ErrSeries = errors.New("bad series")

// TotalVariation differentiates noisy series: the derivative u minimises
//
//	½ Σ (f − f₀ − ∫u)² + Weight · Σ |Δu|,
//
// so that it is smooth but may jump. Method: R. Chartrand, ISRN Appl. Math. 2011, 164564, with lagged diffusivity: the weights 1/|Δu| are
// those of the step before. The matrix of a step is dense in u but has five diagonals in ∫u, which is what is solved for.
type TotalVariation struct {
	Weight     float64 // of the variation, above 0
	Iterations int     // 0 means 10
	Softening  float64 // added to (Δu)² under the root; 0 means 1e-6
	Floor      float64 // derivatives below it are set to 0; 0 means 1e-5
}

// filled returns v with defaults in place of zeros.
func (v TotalVariation) filled() TotalVariation {
	if v.Iterations == 0 {
		v.Iterations = 10
	}
	if v.Softening == 0 {
		v.Softening = 1e-6
	}
	if v.Floor == 0 {
		v.Floor = 1e-5
	}
	return v
}

// Differentiate returns the derivative per step between the values of f, one less than there are values.
func (v TotalVariation) Differentiate(f []float64) ([]float64, error) {
	v = v.filled()
	m := len(f) - 1
	if m < 3 {
		return nil, fmt.Errorf("%w: %d values: give 4 or more", ErrSeries, len(f))
	}
	if !(v.Weight > 0) || v.Iterations < 1 || v.Softening <= 0 {
		return nil, fmt.Errorf("%w: weight %v, %d iterations, softening %v: give numbers above 0", ErrSettings, v.Weight, v.Iterations, v.Softening)
	}
	for i, x := range f {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("%w: value %d is %v: give finite ones", ErrSeries, i, x)
		}
	}
	u := make([]float64, m)
	e := make([]float64, m-1) // Weight/|Δu|
	w := make([]float64, m)   // the gradient with respect to ∫u
	var z mat.VecDense
	var factor mat.BandCholesky
	for range v.Iterations {
		for i := range e {
			d := u[i+1] - u[i]
			e[i] = v.Weight / math.Sqrt(d*d+v.Softening)
		}
		gradient(w, f, u, e)
		if !factor.Factorize(curvature(e)) {
			return nil, fmt.Errorf("%w: the step of the differentiation cannot be solved: give a smaller weight than %v", ErrSeries, v.Weight)
		}
		if err := factor.SolveVecTo(&z, mat.NewVecDense(m, w)); err != nil {
			return nil, fmt.Errorf("%w: %w: give a smaller weight than %v", ErrSeries, err, v.Weight)
		}
		before := 0.0
		for i := range u {
			u[i] -= z.AtVec(i) - before
			before = z.AtVec(i)
		}
	}
	for i := range u {
		if math.Abs(u[i]) < v.Floor {
			u[i] = 0
		}
	}
	return u, nil
}

// gradient writes ∫u − (f − f₀) + Bᵀ L u, where B takes differences, the inverse of integration, and L = Dᵀ diag(e) D.
func gradient(w, f, u, e []float64) {
	m := len(u)
	flow := func(i int) float64 { // e Δu between i and i + 1
		if i < 0 || i >= m-1 {
			return 0
		}
		return e[i] * (u[i+1] - u[i])
	}
	sum := 0.0
	for i := range w {
		sum += u[i]
		here := flow(i-1) - flow(i) // (L u)_i
		next := 0.0
		if i+1 < m {
			next = flow(i) - flow(i+1)
		}
		w[i] = sum - (f[i+1] - f[0]) + here - next
	}
}

// curvature is 1 + Bᵀ L B, where D B is the second difference of a series that begins with 0.
func curvature(e []float64) *mat.SymBandDense {
	m := len(e) + 1
	k := mat.NewSymBandDense(m, 2, nil)
	for i := range m {
		k.SetSymBand(i, i, 1)
	}
	second := [3]float64{1, -2, 1}
	for i, weight := range e {
		for a := range 3 {
			for b := a; b < 3; b++ {
				if r, c := i-1+a, i-1+b; r >= 0 {
					k.SetSymBand(r, c, k.At(r, c)+weight*second[a]*second[b])
				}
			}
		}
	}
	return k
}

// Accumulate returns the series that begins with first and has the derivative u per step: one value more than u.
func Accumulate(first float64, u []float64) []float64 {
	y := make([]float64, len(u)+1)
	y[0] = first
	sum := 0.0
	for i, d := range u {
		sum += d
		y[i+1] = first + sum
	}
	return y
}
