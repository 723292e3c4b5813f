package reduced

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// ErrSingular marks moments that determine no distribution.
var ErrSingular = errors.New("singular moments")

// Orientation chooses between the two signs of W, which give the same distribution.
type Orientation int

const (
	Positive Orientation = iota // the sum of W is above 0
	Negative                    // the sum of W is below 0
)

// PPCA is the maximum-likelihood probabilistic principal component analysis with one latent variable.
type PPCA struct {
	Orientation Orientation
	// Constants are visible variables that do not vary between runs, such as a number of receptors. They are taken as uncorrelated
	// with the others and with the variance ConstantVariance.
	Constants []int
}

// ConstantVariance is the variance of constants, in standardised units.
const ConstantVariance = 1e-7

// Identify returns the parameters in the standard frame from the mean [V] and the covariance [V][V] of standardised counts, V ≥ 2: σ² is
// the mean of all eigenvalues but the largest one, λ, and W is √(λ − σ²) times its eigenvector.
func (a PPCA) Identify(mean []float64, cov [][]float64) (Parameters, error) {
	v := len(mean)
	if v < 2 || len(cov) != v {
		return Parameters{}, fmt.Errorf("%w: %d means and a covariance of %d: give those of two variables or more", ErrSamples, v, len(cov))
	}
	s := mat.NewSymDense(v, nil)
	for i := range v {
		for j := range i + 1 {
			c := cov[i][j]
			if slices.Contains(a.Constants, i) || slices.Contains(a.Constants, j) {
				if c = 0; i == j {
					c = ConstantVariance
				}
			}
			if math.IsNaN(c) || math.IsInf(c, 0) || math.IsNaN(mean[i]) || math.IsInf(mean[i], 0) {
				return Parameters{}, fmt.Errorf("%w: mean %v, covariance %v: give finite ones", ErrSingular, mean, cov)
			}
			s.SetSym(i, j, c)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(s, true) {
		return Parameters{}, fmt.Errorf("%w: the eigenvalues of the covariance %v were not found", ErrSingular, cov)
	}
	values := eigen.Values(nil) // rising
	noise, largest := 0.0, values[v-1]
	for _, l := range values[:v-1] {
		noise += l / float64(v-1)
	}
	if noise <= 0 || largest <= noise {
		return Parameters{}, fmt.Errorf("%w: the covariance has the eigenvalues %v, which leave no noise or no direction: take more runs, or leave out times at "+
			"which a count does not vary", ErrSingular, values)
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	w, sum := make([]float64, v), 0.0
	for i := range w {
		w[i] = math.Sqrt(largest-noise) * vectors.At(i, v-1)
		sum += w[i]
	}
	if (sum < 0) == (a.Orientation == Positive) {
		for i := range w {
			w[i] = -w[i]
		}
	}
	return Parameters{W: [][]float64{w}, B: slices.Clone(mean), Noise: noise, Latent: StandardFrame(1)}, nil
}
