package evolve

import (
	"math"
	"testing"
)

func TestBDFIsExactForPolynomials(t *testing.T) {
	earlier := []float64{0.7, 0.55, 0.2}
	for order := 1; order <= 3; order++ {
		b := newBDF(1, earlier[:order])
		for degree := 0; degree <= order; degree++ {
			d := float64(degree)
			got := b.beta * d // derivative of t^d at 1
			for j, a := range b.alpha {
				got += a * math.Pow(earlier[j], d)
			}
			if math.Abs(got-1) > 1e-13 {
				t.Errorf("order %d, degree %d: %v, want 1", order, degree, got)
			}
		}
	}
}

func TestWright(t *testing.T) {
	for y := -80.0; y < 800; y += 0.37 {
		w := wright(y)
		if got := w + math.Log(w); w <= 0 || math.Abs(got-y) > 1e-12*(1+math.Abs(y)) {
			t.Fatalf("wright(%v) = %v, w + ln w = %v", y, w, got)
		}
	}
}

// A state with constant inflow and outflow has the closed form
// P(t) = I/R + (P(0) − I/R) e^(−R t); small steps of the formula must approach it.
func TestTargetFollowsTheClosedForm(t *testing.T) {
	const inflow, outflow, p0, end = 0.3, 2.0, 0.9, 1.0
	exact := inflow/outflow + (p0-inflow/outflow)*math.Exp(-outflow*end)
	var errs []float64
	for _, n := range []int{50, 100, 200} {
		h := end / float64(n)
		value := func(t float64) float64 {
			return math.Log(inflow/outflow + (p0-inflow/outflow)*math.Exp(-outflow*t))
		}
		history, times := []float64{value(2 * h), value(h), value(0)}, []float64{2 * h, h, 0}
		for k := 3; k <= n; k++ {
			now := h * float64(k)
			b := newBDF(now, times)
			base := 0.0
			for j, a := range b.alpha {
				base += a * history[j]
			}
			z, _ := target(base, b.beta, outflow, math.Log(inflow))
			history = []float64{z, history[0], history[1]}
			times = []float64{now, times[0], times[1]}
		}
		errs = append(errs, math.Abs(math.Exp(history[0])-exact))
	}
	for i := 1; i < len(errs); i++ {
		if order := math.Log2(errs[i-1] / errs[i]); order < 2.7 {
			t.Errorf("observed order %.2f, want about 3 (errors %v)", order, errs)
		}
	}
}
