package evolve

import (
	"math"
	"testing"
)

func TestBDFIsExactForItsFunctions(t *testing.T) {
	for _, shift := range []float64{0, 1e4} { // early, where ln t matters, and late, where it is all but t^p
		now := 1 + shift
		earlier := []float64{0.7 + shift, 0.55 + shift, 0.2 + shift}
		for order := 1; order <= 3; order++ {
			b := newBDF(now, earlier[:order])
			check := func(name string, f, derivative func(float64) float64) {
				got := b.beta * derivative(now)
				for j, a := range b.alpha {
					got += a * f(earlier[j])
				}
				if math.Abs(got-f(now)) > 1e-11 {
					t.Errorf("order %d at t = %g, %s: off by %.2g", order, now, name, got-f(now))
				}
			}
			for m := range order {
				d := float64(m)
				check("power", func(s float64) float64 { return math.Pow(s-shift, d) }, func(s float64) float64 { return d * math.Pow(s-shift, d-1) })
			}
			check("logarithm", math.Log, func(s float64) float64 { return 1 / s })
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
