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
	const inflow, outflow, p0, begin, end = 0.3, 2.0, 0.9, 0.5, 1.5
	value := func(t float64) float64 {
		return math.Log(inflow/outflow + (p0-inflow/outflow)*math.Exp(-outflow*t))
	}
	for order := 1; order <= 3; order++ {
		var errs []float64
		for _, n := range []int{50, 100, 200} {
			h := (end - begin) / float64(n)
			var history, times []float64
			for k := range order {
				times = append([]float64{begin + h*float64(k)}, times...)
				history = append([]float64{value(times[0])}, history...)
			}
			for k := order; k <= n; k++ {
				now := begin + h*float64(k)
				b := newBDF(now, times)
				z, _ := target(dot(b.alpha, history), b.beta, outflow, math.Log(inflow))
				history = append([]float64{z}, history[:order-1]...)
				times = append([]float64{now}, times[:order-1]...)
			}
			errs = append(errs, math.Abs(history[0]-value(end)))
		}
		for i := 1; i < len(errs); i++ {
			if seen := math.Log2(errs[i-1] / errs[i]); seen < float64(order)-0.25 {
				t.Errorf("order %d: observed %.2f (errors %v)", order, seen, errs)
			}
		}
	}
}
