package reduced

import (
	"fmt"
	"math"
)

// Scale standardises the inputs of a network: z = (x − Mean)/SD, and 0 where |z| ≤ 1e-5.
type Scale struct{ Mean, SD []float64 }

// negligible are standardised values that are rounding and nothing else.
const negligible = 1e-5

// ScaleOf takes mean and sample standard deviation of the columns of rows. Means below guard become 0, and deviations below it 1, so that
// what does not vary is not blown up.
func ScaleOf(rows [][]float64, guard float64) (Scale, error) {
	if len(rows) < 2 {
		return Scale{}, fmt.Errorf("%w: %d rows to standardise by: give 2 or more", ErrSamples, len(rows))
	}
	n := len(rows[0])
	s := Scale{make([]float64, n), make([]float64, n)}
	for i := range n {
		for _, row := range rows {
			s.Mean[i] += row[i] / float64(len(rows))
		}
		square := 0.0
		for _, row := range rows {
			d := row[i] - s.Mean[i]
			square += d * d
		}
		s.SD[i] = math.Sqrt(square / float64(len(rows)-1))
		if math.Abs(s.Mean[i]) < guard {
			s.Mean[i] = 0
		}
		if s.SD[i] < guard {
			s.SD[i] = 1
		}
	}
	return s, nil
}

// Apply writes the standardised x into dst; they may be the same.
func (s Scale) Apply(dst, x []float64) {
	for i, v := range x {
		if dst[i] = (v - s.Mean[i]) / s.SD[i]; math.Abs(dst[i]) <= negligible {
			dst[i] = 0
		}
	}
}

// Undo writes x from its standardised values z into dst; they may be the same.
func (s Scale) Undo(dst, z []float64) {
	for i, v := range z {
		dst[i] = v*s.SD[i] + s.Mean[i]
	}
}
