package reduced

import (
	"fmt"
	"math"
	"slices"
)

// Frame is the law of the latent variables, which are independent and normal.
type Frame struct {
	Mean []float64 // μ_h, one a latent variable
	Var  []float64 // Σ_h, its diagonal, above 0
}

// StandardFrame has mean 0 and variance 1 for each of n latent variables.
func StandardFrame(n int) Frame {
	f := Frame{make([]float64, n), make([]float64, n)}
	for i := range f.Var {
		f.Var[i] = 1
	}
	return f
}

// Parameters of the effective distribution of V visible and H latent variables.
type Parameters struct {
	W      [][]float64 // [H][V]
	B      []float64   // [V]
	Noise  float64     // σ²
	Latent Frame
}

// Clone returns a copy that shares nothing with p.
func (p Parameters) Clone() Parameters {
	w := make([][]float64, len(p.W))
	for i, row := range p.W {
		w[i] = slices.Clone(row)
	}
	return Parameters{w, slices.Clone(p.B), p.Noise, Frame{slices.Clone(p.Latent.Mean), slices.Clone(p.Latent.Var)}}
}

// In returns the parameters of the same distribution of visible variables in another frame with as many latent variables:
// W₂ = Σ₂^−½ Σ^½ W, b₂ = b + Wᵀμ − W₂ᵀμ₂.
func (p Parameters) In(f Frame) Parameters {
	q := p.Clone()
	q.Latent = Frame{slices.Clone(f.Mean), slices.Clone(f.Var)}
	for h, row := range q.W {
		scale := math.Sqrt(p.Latent.Var[h] / f.Var[h])
		for i := range row {
			row[i] *= scale
			q.B[i] += p.W[h][i]*p.Latent.Mean[h] - row[i]*f.Mean[h]
		}
	}
	return q
}

// Hat returns the parameters in the standard frame.
func (p Parameters) Hat() Parameters { return p.In(StandardFrame(len(p.W))) }

// Moments returns the mean [V+H] and the covariance [V+H][V+H] of visible and latent variables, visible first.
func (p Parameters) Moments() (mean []float64, cov [][]float64) {
	v, h := len(p.B), len(p.W)
	mean = append(slices.Clone(p.B), p.Latent.Mean...)
	cov = make([][]float64, v+h)
	for i := range cov {
		cov[i] = make([]float64, v+h)
	}
	for l, row := range p.W {
		s := p.Latent.Var[l]
		cov[v+l][v+l] = s
		for i, w := range row {
			mean[i] += w * p.Latent.Mean[l]
			cov[i][v+l] = w * s
			cov[v+l][i] = w * s
			for j := range row {
				cov[i][j] += w * s * row[j]
			}
		}
	}
	for i := range v {
		cov[i][i] += p.Noise
	}
	return mean, cov
}

// FromMoments projects a mean and a covariance of v visible and one latent variable, the last one, on the family: W = C/Σ_h,
// b = μ_v − Wᵀμ_h, and σ² is the mean over the visible variables of what the latent one leaves of their variance.
func FromMoments(mean []float64, cov [][]float64) (Parameters, error) {
	v := len(mean) - 1
	if v < 1 || len(cov) != len(mean) {
		return Parameters{}, fmt.Errorf("%w: %d means and a covariance of %d: give those of the visible variables and one latent one", ErrSamples, len(mean), len(cov))
	}
	s := cov[v][v]
	if !(s > 0) {
		return Parameters{}, fmt.Errorf("%w: the latent variable has the variance %v: give one above 0", ErrSingular, s)
	}
	p := Parameters{W: [][]float64{make([]float64, v)}, B: make([]float64, v), Latent: Frame{[]float64{mean[v]}, []float64{s}}}
	for i := range v {
		c := cov[i][v]
		p.W[0][i] = c / s
		p.B[i] = mean[i] - c/s*mean[v]
		p.Noise += (cov[i][i] - c*c/s) / float64(v)
	}
	return p, nil
}
