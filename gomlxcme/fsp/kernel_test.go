package fsp

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRowsAreRoundedAsWritten: the loops over rows give what the formulas give to the last bit, for every length that leaves a rest.
func TestRowsAreRoundedAsWritten(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		draw := func() []float64 {
			v := make([]float64, n)
			for i := range v {
				v[i] = rng.NormFloat64()
			}
			return v
		}
		x, y, z := draw(), draw(), draw()
		same := func(what string, got []float64, want func(i int) float64) {
			t.Helper()
			for i, v := range got {
				if v != want(i) {
					t.Fatalf("%s, length %d: element %d is %v, want %v", what, n, i, v, want(i))
				}
			}
		}
		got := slices.Clone(y)
		setProduct(got, x, z)
		same("product", got, func(i int) float64 { return x[i] * z[i] })
		copy(got, y)
		addScaled(got, x, 0.3)
		same("addScaled", got, func(i int) float64 { v := 0.3 * x[i]; return y[i] + v })
		copy(got, y)
		addProduct(got, x, z)
		same("addProduct", got, func(i int) float64 { v := x[i] * z[i]; return y[i] + v })
		for _, old := range [][]float64{nil, z} {
			dst, sum := slices.Clone(old), slices.Clone(y)
			if old == nil {
				dst = make([]float64, n)
			}
			j := job{dst: dst, sum: sum, scale: 2, weight: 0.7}
			if old != nil {
				j.old = dst // as the Chebyshev series does
			}
			j.finishRow(slices.Clone(x), 0)
			end := func(i int) float64 {
				if old == nil {
					return x[i]
				}
				return 2*x[i] - old[i]
			}
			same("finishRow", dst, end)
			same("sum of finishRow", sum, func(i int) float64 { v := 0.7 * end(i); return y[i] + v })
		}
	}
}
