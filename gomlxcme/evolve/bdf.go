package evolve

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// bdf is a backward differentiation formula on unevenly spaced times,
//
//	f(t_n) = Σ_j alpha_j f(t_{n−1−j}) + beta f′(t_n).
//
// With p earlier times it is exact for 1, t … t^(p−1) and ln t. The logarithm
// takes the place of t^p because that is how log P starts: a state that takes n
// reactions to reach has log P = n ln t + c₀ + c₁ t + …, whose higher powers of
// dt/t an ordinary formula would miss at every early step. Where dt ≪ t the
// formula is the ordinary one.
type bdf struct {
	alpha []float64 // newest first
	beta  float64   // carries the time step
}

// newBDF returns the formula for time t > 0 from earlier positive times, newest
// first.
func newBDF(t float64, earlier []float64) bdf {
	return fitted(t, earlier, (t-earlier[0])/t)
}

// newPowerBDF returns the ordinary formula, exact for 1, t … t^p.
func newPowerBDF(t float64, earlier []float64) bdf { return fitted(t, earlier, 0) }

// fitted solves for the coefficients. epsilon is the step as a share of the time
// from which logarithms count; with 0 they are powers.
func fitted(t float64, earlier []float64, epsilon float64) bdf {
	p := len(earlier)
	h := t - earlier[0]
	a, right := mat.NewDense(p+1, p+1, nil), mat.NewVecDense(p+1, nil)
	right.SetVec(0, 1)
	for j, s := range earlier {
		tau, power := (s-t)/h, 1.0
		for m := range p {
			a.Set(m, j, power)
			power *= tau
		}
		a.Set(p, j, logRemainder(p, epsilon, tau))
	}
	a.Set(1, p, 1) // the derivative at t of τ, or of the logarithm when p is 1
	var x mat.VecDense
	// The times differ, so the matrix is not singular; Solve only warns otherwise.
	_ = x.SolveVec(a, right)
	b := bdf{alpha: make([]float64, p), beta: h * x.AtVec(p)}
	for j := range b.alpha {
		b.alpha[j] = x.AtVec(j)
	}
	return b
}

// logRemainder is what is left of ln(1+ετ) after its Taylor terms below τ^p,
// scaled to τ^p + O(ε).
func logRemainder(p int, epsilon, tau float64) float64 {
	x := epsilon * tau
	sum, power := 0.0, 1.0
	for m := p; m < p+400; m++ {
		term := power * float64(p) / float64(m)
		sum += term
		if math.Abs(term) < 1e-17*math.Abs(sum) {
			break
		}
		power *= -x
	}
	return sum * math.Pow(tau, float64(p))
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
