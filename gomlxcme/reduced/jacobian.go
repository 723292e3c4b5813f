package reduced

import (
	"fmt"
	"math"
	"slices"
)

// Jacobian writes the derivatives of the features by the parameters in the standard frame into dst: rows for Ŵ_1 … Ŵ_V, b̂_1 … b̂_V, σ², columns for
// the features, [2V+1][Size]. The latent law is held. With standardised counts its entries span a few powers of ten, with raw counts many.
func (f *Features) Jacobian(dst [][]float64, p Parameters) error {
	if len(dst) != 2*f.visible+1 || slices.ContainsFunc(dst, func(row []float64) bool { return len(row) != f.Size() }) || len(p.B) != f.visible || len(p.W) != 1 {
		return fmt.Errorf("%w: a Jacobian of %d rows for %d visible and %d latent variables: give %d rows of %d for %d and 1", ErrSettings, len(dst), len(p.B), len(p.W),
			2*f.visible+1, f.Size(), f.visible)
	}
	values := Values(p)
	x := variables(f.visible)
	for i := range f.visible {
		f.slopes(dst[i], x.w(i), values)
		f.slopes(dst[f.visible+i], x.b(i), values)
	}
	f.slopes(dst[2*f.visible], x.noise(), values)
	return nil
}

// slopes of all features by one variable.
func (f *Features) slopes(dst []float64, variable int, values []float64) {
	for k, a := range f.Approximations {
		block := dst[k*a.Size():]
		a.each(func(i int, p Polynomial) { block[i] = p.slope(variable, values) })
	}
}

// slope is the derivative by one variable.
func (p Polynomial) slope(variable int, values []float64) (total float64) {
	for _, m := range p {
		k := m.Powers[variable]
		if k == 0 {
			continue
		}
		x := float64(k) * float64(m.Numerator) / float64(m.Denominator)
		for i, power := range m.Powers {
			if i == variable {
				power--
			}
			if power != 0 {
				x *= math.Pow(values[i], float64(power))
			}
		}
		total += x
	}
	return total
}
