package learn

import "math"

// adam is the optimiser of Kingma and Ba (2015).
type adam struct {
	rate          float64
	count         int
	first, second []float64
}

func newAdam(rate float64, size int) *adam {
	return &adam{rate: rate, first: make([]float64, size), second: make([]float64, size)}
}

func (a *adam) step(theta, gradient []float64) {
	const decay1, decay2, floor = 0.9, 0.999, 1e-8
	a.count++
	unbias1, unbias2 := 1-math.Pow(decay1, float64(a.count)), 1-math.Pow(decay2, float64(a.count))
	for i, g := range gradient {
		a.first[i] = decay1*a.first[i] + (1-decay1)*g
		a.second[i] = decay2*a.second[i] + (1-decay2)*g*g
		theta[i] -= a.rate * a.first[i] / unbias1 / (math.Sqrt(a.second[i]/unbias2) + floor)
	}
}
