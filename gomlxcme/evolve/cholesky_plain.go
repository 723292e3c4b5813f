//go:build !amd64 || !goexperiment.simd

package evolve

// tileProducts leaves all products to the plain loop.
func tileProducts(_ *[tileRows * tileRows]float64, _, _ []float64, _, _, _ int) int { return 0 }
