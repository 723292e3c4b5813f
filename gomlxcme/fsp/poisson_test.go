package fsp

import (
	"math"
	"testing"
)

func TestPoissonWindowWeighsWhatItShould(t *testing.T) {
	for _, mean := range []float64{1e-12, 0.3, 1, 7.5, 400, 12_345.678, 3e6} {
		w := poissonWindow(mean, 1e-14)
		if w.cut > 1e-14 {
			t.Errorf("mean %v: cut %v", mean, w.cut)
		}
		total, first, second := 0.0, 0.0, 0.0
		for i, v := range w.weight {
			d := float64(w.left+i) - mean
			total += v
			first += d * v
			second += d * d * v
		}
		if math.Abs(total-1) > 1e-13 || math.Abs(first) > 1e-9*math.Sqrt(mean) || math.Abs(second/mean-1) > 1e-8 {
			t.Errorf("mean %v: mass %v, mean off by %v, variance ratio %v", mean, total-1, first, second/mean)
		}
		lg, _ := math.Lgamma(float64(w.left+len(w.weight)/2) + 1)
		k := float64(w.left + len(w.weight)/2)
		exact := math.Exp(k*math.Log(mean) - mean - lg)
		if got := w.weight[len(w.weight)/2]; math.Abs(got/exact-1) > 1e-7 { // the logarithms lose digits at large means
			t.Errorf("mean %v, count %v: weight %v, want %v", mean, k, got, exact)
		}
		// Σ_k P(count > k) is the mean.
		sum := 0.0
		for _, v := range w.survival {
			sum += v
		}
		if math.Abs(sum/mean-1) > 1e-9 {
			t.Errorf("mean %v: survival sums to %v", mean, sum)
		}
		if len(w.weight) > 20+int(20*math.Sqrt(mean)) {
			t.Errorf("mean %v: %d weights", mean, len(w.weight))
		}
	}
}
