package evolve

import "math"

// bdf is a backward differentiation formula on unevenly spaced times,
//
//	f(t_n) = Σ_j alpha_j f(t_{n−1−j}) + beta f′(t_n),
//
// exact for polynomials of degree len(alpha).
type bdf struct {
	alpha []float64 // newest first
	beta  float64   // carries the time step
}

// newBDF returns the formula for time t from earlier times, newest first. It
// follows from the derivative at t of the polynomial through all points.
func newBDF(t float64, earlier []float64) bdf {
	d := 0.0 // derivative of the Lagrange polynomial of t itself
	for _, s := range earlier {
		d += 1 / (t - s)
	}
	b := bdf{alpha: make([]float64, len(earlier)), beta: 1 / d}
	for j, s := range earlier {
		numerator, denominator := 1.0, s-t
		for q, r := range earlier {
			if q != j {
				numerator *= t - r
				denominator *= s - r
			}
		}
		b.alpha[j] = -numerator / denominator / d
	}
	return b
}

// wright solves w + ln w = y, the Lambert function of e^y.
func wright(y float64) float64 {
	if y < -36 {
		return math.Exp(y) // w² and beyond are below rounding
	}
	w := y
	if y < 1 {
		e := math.Exp(y)
		w = e / (1 + e)
	} else {
		w = y - math.Log(y)*y/(1+y)
	}
	for range 50 {
		step := (w + math.Log(w) - y) * w / (1 + w)
		next := w - step
		if next <= 0 {
			next = w / 8
		}
		if math.Abs(next-w) <= 1e-15*(1+w) {
			return next
		}
		w = next
	}
	return w
}

// target solves the log-space formula at one state for log P: with the inflow I,
// the outflow R and the history B = Σ α_j log P_{n−1−j},
//
//	z = B + β (I e^(−z) − R).
//
// It returns z, which is finite for any step size because I is positive, and
// w = β I e^(−z), the share of the equation that the neighbours decide:
// dz = w/(1+w) · d log I. logInflow may be −Inf.
func target(base, beta, outflow, logInflow float64) (z, w float64) {
	c := base - beta*outflow
	if math.IsInf(logInflow, -1) {
		return c, 0
	}
	w = wright(math.Log(beta) + logInflow - c)
	return c + w, w
}
