package fsp

import (
	"context"
	"errors"
	"math"
)

// errShorten says that the time step is too long for the Chebyshev series.
var errShorten = errors.New("the time step is too long for the series")

// bessel is e^{−z} I_k(z) for k = 0, 1, … and the integrals of these functions from 0 to z.
type bessel struct {
	value, integral []float64
}

// newBessel runs the recurrence I_{k−1} = I_{k+1} + (2k/z) I_k downwards, in which the wanted solution grows (J. C. P. Miller), and
// normalises by I_0 + 2 Σ I_k = e^z. Because d/dz e^{−z} I_k is half a second difference in k, the integral of the k-th
// function is 2 Σ_{j>k} (j−k) e^{−z} I_j(z): a sum of positive terms.
func newBessel(z float64) *bessel {
	n := int(math.Sqrt(200*z)) + 60 // beyond, e^{−z} I_k ≈ e^{−k²/2z} is below 1e-43
	v := make([]float64, n+2)
	v[n] = 1e-300
	for k := n; k > 0; k-- {
		v[k-1] = v[k+1] + 2*float64(k)/z*v[k]
		if v[k-1] > 1e200 {
			for j := k - 1; j <= n; j++ {
				v[j] *= 1e-200
			}
		}
	}
	total := 0.0
	for k := n; k > 0; k-- {
		total += 2 * v[k]
	}
	total += v[0]
	b := &bessel{value: v, integral: make([]float64, n+2)}
	above, twice := 0.0, 0.0
	for k := n; k >= 0; k-- {
		v[k] /= total
		twice += above // Σ_{m≥k} Σ_{j>m} of the values
		b.integral[k] = 2 * twice
		above += v[k]
	}
	return b
}

// series is the outcome of one step by the Chebyshev series.
type series struct {
	p        []float64
	integral []float64 // of each functional over the step
	bound    float64   // of the cut and of the rounding, in Σ|…|
	products int
	growth   float64 // largest Σ|T_k p| met
}

const (
	// largestGrowth of Σ|T_k p| over Σ|p| before the step is called too long: rounding grows with it.
	largestGrowth = 1e5
	// normEvery is the number of products between looks at Σ|T_k p|.
	normEvery = 8
)

// chebyshev works out e^{zQ/Λ} p = Σ_k 2 e^{−z} I_k(z) T_k(1 + Q/Λ) p, the term k = 0 halved, until the cut is below tol. It
// stops with errShorten if the terms grow, which they do when Q is far from symmetric and z is large.
//
// The bound: the sum up to K solves dy/dt = Qy but for the residual Λ (b_{K+1} T_K − b_K T_{K+1}) p, b_k = e^{−z} I_k. The
// exact flow contracts Σ|…|, so that the error is at most the integral of the residual.
func chebyshev(ctx context.Context, t *team, p []float64, z, tol float64, fs []*functional) (*series, error) {
	b := newBessel(z)
	n := len(p)
	out := &series{p: make([]float64, n), integral: make([]float64, len(fs))}
	now, old := append([]float64(nil), p...), make([]float64, n)
	for i, v := range now {
		out.p[i] = b.value[0] * v
	}
	first := norm(p)
	out.growth = first
	before, size := math.Inf(1), first // Σ|T_{k−1} p| where it is known, Σ|T_k p|
	rate := t.op.lambda()
	for k := 0; ; k++ {
		weight := 2.0
		if k == 0 {
			weight = 1
		}
		for j, f := range fs {
			out.integral[j] += weight * b.integral[k] / rate * f.of(now)
		}
		small := b.integral[k]*first <= tol
		if small || k%normEvery == 0 {
			size = norm(now)
			out.growth = max(out.growth, size)
			if !(out.growth <= largestGrowth*first) {
				return out, errShorten
			}
		}
		if small {
			// Σ|T_{k+1} p| ≤ 2 Σ|T_k p| + Σ|T_{k−1} p|
			if cut := b.integral[k+1]*size + b.integral[k]*(2*size+before); cut <= tol {
				out.bound = cut + roundingOf(k, out.growth)
				return out, nil
			}
			before = size
		}
		if k+1 >= len(b.value)-1 { // the tolerance is below what can be represented
			return out, errShorten
		}
		if k%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		j := job{dst: old, p: now, old: old, sum: out.p, weight: 2 * b.value[k+1], scale: 2}
		if k == 0 {
			j.scale, j.old = 1, nil
		}
		t.multiply(j)
		now, old = old, now
		out.products++
	}
}

// roundingOf estimates what rounding adds in k products: errors of one unit in the last place, as from a random walk.
func roundingOf(k int, growth float64) float64 { return 2e-16 * math.Sqrt(float64(k)) * growth }

// norm is Σ|p|.
func norm(p []float64) float64 {
	a, b := 0.0, 0.0
	i := 0
	for ; i+1 < len(p); i += 2 {
		a += math.Abs(p[i])
		b += math.Abs(p[i+1])
	}
	if i < len(p) {
		a += math.Abs(p[i])
	}
	return a + b
}

// clamp sets negative entries, which only the cut and rounding can leave, to zero and returns what it took away.
func clamp(p []float64) float64 {
	taken := 0.0
	for i, v := range p {
		if v < 0 {
			taken -= v
			p[i] = 0
		}
	}
	return taken
}
