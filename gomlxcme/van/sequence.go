package van

import "math"

// Sequence is a quasi-random sequence of points in [0, 1)^d, which cover the cube
// more evenly than random points: the R_d sequence of additive recurrences
// x_n = (x_0 + n α) mod 1 with α_k = φ^(−k), φ the positive root of
// φ^(d+1) = φ + 1 (Roberts 2018, after Niederreiter), shifted by a random x_0 so
// that averages over it are unbiased (Cranley and Patterson 1976).
type Sequence struct {
	alpha, x []float64
}

// NewSequence starts a sequence at the random point shift in [0, 1)^d.
func NewSequence(shift []float64) *Sequence {
	d := len(shift)
	phi := 2.0
	for range 60 {
		phi = math.Pow(1+phi, 1/float64(d+1))
	}
	s := &Sequence{alpha: make([]float64, d), x: append([]float64(nil), shift...)}
	a := 1.0
	for k := range s.alpha {
		a /= phi
		s.alpha[k] = a
	}
	return s
}

// Next writes the next points into dst [n·d].
func (s *Sequence) Next(dst []float64) {
	d := len(s.x)
	for i := range dst {
		k := i % d
		dst[i] = s.x[k]
		s.x[k] += s.alpha[k]
		if s.x[k] >= 1 {
			s.x[k]--
		}
	}
}
