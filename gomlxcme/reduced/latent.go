package reduced

import (
	"fmt"
	"math"
)

// Fourier is a series over steps that is bounded by 1 around its offset:
//
//	Offset + Σ_k (Sin_k sin(f_k (step − 1)) + Cos_k cos(f_k (step − 1)))/s,   s = max(1, Σ_k (|Sin_k| + |Cos_k|) + 1e-8).
//
// Steps are counted from 1, as in the source.
type Fourier struct {
	Offset      float64
	Frequencies []float64 // f_k, per step
	Sin, Cos    []float64
}

// Harmonics returns the frequencies 2πk/steps for k = 1 … n.
func Harmonics(n, steps int) []float64 {
	f := make([]float64, n)
	for k := range f {
		f[k] = 2 * math.Pi * float64(k+1) / float64(steps)
	}
	return f
}

// At is the value at a step.
func (f Fourier) At(step float64) float64 {
	sum, size := 0.0, 0.0
	for k, w := range f.Frequencies {
		sin, cos := math.Sincos(w * (step - 1))
		sum += f.Sin[k]*sin + f.Cos[k]*cos
		size += math.Abs(f.Sin[k]) + math.Abs(f.Cos[k])
	}
	return f.Offset + sum/max(1, size+1e-8)
}

// Latent is a law of the latent variable over time.
type Latent struct{ Mean, Var Fourier }

// VarianceOffset keeps the variance of a latent variable at 0.01 or above.
const VarianceOffset = 1.01

// NewLatent returns mean 0 and variance VarianceOffset, with all coefficients of n harmonics 0.
func NewLatent(n, steps int) Latent {
	series := func(offset float64) Fourier {
		return Fourier{offset, Harmonics(n, steps), make([]float64, n), make([]float64, n)}
	}
	return Latent{series(0), series(VarianceOffset)}
}

// Trial is the latent by which the source standardises features: the highest harmonic alone, with equal coefficients.
func Trial(n, steps int) Latent {
	l := NewLatent(n, steps)
	for _, f := range []Fourier{l.Mean, l.Var} {
		f.Sin[n-1], f.Cos[n-1] = 1, 1
	}
	return l
}

// Frame is the law at a step. A variance of 0 or below is an error: the offset is too small for the coefficients.
func (l Latent) Frame(step float64) (Frame, error) {
	v := l.Var.At(step)
	if !(v > 0) {
		return Frame{}, fmt.Errorf("%w: the latent variance is %v at step %v: give a larger offset", ErrSettings, v, step)
	}
	return Frame{[]float64{l.Mean.At(step)}, []float64{v}}, nil
}
