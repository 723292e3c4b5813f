// Package ode integrates ordinary differential equations.
package ode

import (
	"errors"
	"fmt"
	"math"
)

// ErrStep says that an equation could not be integrated.
var ErrStep = errors.New("the step of the integration became too small")

// Coefficients of the pair of orders 5 and 4 of J. R. Dormand and P. J. Prince, J. Comput. Appl. Math. 6, 19 (1980). The last stage
// is the first one of the next step.
var (
	dormandPrince = [7][]float64{
		{},
		{1. / 5},
		{3. / 40, 9. / 40},
		{44. / 45, -56. / 15, 32. / 9},
		{19372. / 6561, -25360. / 2187, 64448. / 6561, -212. / 729},
		{9017. / 3168, -355. / 33, 46732. / 5247, 49. / 176, -5103. / 18656},
		{35. / 384, 0, 500. / 1113, 125. / 192, -2187. / 6784, 11. / 84},
	}
	dormandPrinceNode  = [7]float64{0, 1. / 5, 3. / 10, 4. / 5, 8. / 9, 1, 1}
	dormandPrinceError = [7]float64{71. / 57600, 0, -71. / 16695, 71. / 1920, -17253. / 339200, 22. / 525, -1. / 40}
)

// Solve integrates dy/dt = f(t, y) from y at time start to end with the error of a step below tolerance in every component, and shows see
// every step, the start included; see must not keep y, which is changed.
func Solve(f func(t float64, dy, y []float64), y []float64, start, end, tolerance float64, see func(t float64, y []float64)) error {
	var k [7][]float64
	for i := range k {
		k[i] = make([]float64, len(y))
	}
	stage := make([]float64, len(y))
	f(start, k[0], y)
	see(start, y)
	for t, h := start, min(1e-4, end-start); t < end; {
		last := t+h >= end
		if last {
			h = end - t
		}
		for i := 1; i < 7; i++ {
			for c := range y {
				sum := 0.0
				for j, a := range dormandPrince[i] {
					sum += a * k[j][c]
				}
				stage[c] = y[c] + h*sum
			}
			f(t+h*dormandPrinceNode[i], k[i], stage)
		}
		wrong := 0.0
		for c := range y {
			sum := 0.0
			for j, e := range dormandPrinceError {
				sum += e * k[j][c]
			}
			wrong = max(wrong, math.Abs(h*sum)/tolerance)
		}
		if wrong <= 1 {
			if t += h; last {
				t = end
			}
			copy(y, stage) // the last stage is the result
			k[0], k[6] = k[6], k[0]
			see(t, y)
		}
		h *= min(5, max(0.2, 0.9*math.Pow(wrong, -0.2)))
		if !(h > 1e-14*(end-start)) { // also where something is no number
			return fmt.Errorf("%w: %.3g at t = %.6g", ErrStep, h, t)
		}
	}
	return nil
}
