package evolve

import (
	"gonum.org/v1/gonum/floats"
)

// sparse is a square matrix by rows: its diagonal, and what stands beside it.
type sparse struct {
	start    []int32 // [n+1] of a row in column and value
	column   []int32
	value    []float64
	diagonal []float64 // [n]
}

// times writes A x.
func (a *sparse) times(dst, x []float64) {
	for i, d := range a.diagonal {
		s := d * x[i]
		for k := a.start[i]; k < a.start[i+1]; k++ {
			s += a.value[k] * x[a.column[k]]
		}
		dst[i] = s
	}
}

// sweep solves A x = b roughly, by a Gauss–Seidel sweep from x = 0 and one back.
func (a *sparse) sweep(x, b []float64) {
	clear(x)
	row := func(i int) {
		s := b[i]
		for k := a.start[i]; k < a.start[i+1]; k++ {
			s -= a.value[k] * x[a.column[k]]
		}
		x[i] = s / a.diagonal[i]
	}
	for i := range b {
		row(i)
	}
	for i := len(b) - 1; i >= 0; i-- {
		row(i)
	}
}

// solve moves x to the solution of A x = b by stabilised biconjugate gradients
// (van der Vorst, SIAM J. Sci. Stat. Comput. 13, 631 (1992)) with Gauss–Seidel
// sweeps as preconditioner, in at most so many steps, until the residual is small
// enough relative to b. It returns what is left of it.
func (a *sparse) solve(x, b []float64, steps int, good float64) float64 {
	n := len(b)
	r, shadow, p, v, s, t := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	ph, sh := make([]float64, n), make([]float64, n)
	size := floats.Norm(b, 2)
	if size == 0 {
		clear(x)
		return 0
	}
	a.times(r, x)
	floats.SubTo(r, b, r)
	if floats.Norm(r, 2) > size {
		clear(x)
		copy(r, b)
	}
	copy(shadow, r)
	rho, alpha, omega := 1.0, 1.0, 1.0
	for range steps {
		if floats.Norm(r, 2) <= good*size {
			break
		}
		next := floats.Dot(shadow, r)
		if next == 0 {
			break
		}
		beta := next / rho * alpha / omega
		rho = next
		for i := range p {
			p[i] = r[i] + beta*(p[i]-omega*v[i])
		}
		a.sweep(ph, p)
		a.times(v, ph)
		alpha = rho / floats.Dot(shadow, v)
		floats.AddScaledTo(s, r, -alpha, v)
		a.sweep(sh, s)
		a.times(t, sh)
		tt := floats.Dot(t, t)
		if tt == 0 {
			floats.AddScaled(x, alpha, ph)
			copy(r, s)
			break
		}
		omega = floats.Dot(t, s) / tt
		floats.AddScaled(x, alpha, ph)
		floats.AddScaled(x, omega, sh)
		floats.AddScaledTo(r, s, -omega, t)
	}
	return floats.Norm(r, 2) / size
}
