package reduced

import (
	"fmt"
	"math"
)

// Standardisation makes counts of different sizes alike: x' = (x − Mean)/SD, the same at all times and in all conditions.
type Standardisation struct {
	Mean, SD []float64 // [V]
}

// Standardise takes it from conditions that span the range of an experiment: the mean over conditions of the mean over runs and times,
// and the root of the mean squared deviation from it, pooled. All conditions have the same counts and weigh alike.
func Standardise(conditions ...*Sums) (Standardisation, error) {
	if len(conditions) == 0 {
		return Standardisation{}, fmt.Errorf("%w: no condition to standardise by", ErrSamples)
	}
	v := len(conditions[0].Visible)
	s := Standardisation{make([]float64, v), make([]float64, v)}
	for _, c := range conditions {
		if len(c.Visible) != v || c.Runs < 1 || len(c.Times) == 0 {
			return Standardisation{}, fmt.Errorf("%w: %d counts, %d runs, %d times: give runs of the same %d counts", ErrSamples, len(c.Visible), c.Runs, len(c.Times), v)
		}
	}
	weight := 1 / float64(len(conditions))
	for i := range v {
		for _, c := range conditions {
			first, _ := c.totals(i)
			s.Mean[i] += weight * first
		}
		for _, c := range conditions {
			first, second := c.totals(i)
			s.SD[i] += weight * (second - 2*s.Mean[i]*first + s.Mean[i]*s.Mean[i])
		}
		const rounding = 1e-13 // of the square of the mean, which is taken from that of the counts
		if s.SD[i] = math.Sqrt(s.SD[i]); !(s.SD[i] > math.Sqrt(rounding)*math.Abs(s.Mean[i])) {
			return Standardisation{}, fmt.Errorf("%w: %s is %v in all runs: give conditions in which it differs", ErrSingular, conditions[0].Visible[i], s.Mean[i])
		}
	}
	return s, nil
}

// totals are the means over runs and times of count i and of its square.
func (s *Sums) totals(i int) (first, second float64) {
	v := len(s.Visible)
	each := v * (v + 1) / 2
	n := float64(s.Runs) * float64(len(s.Times))
	for t := range s.Times {
		first += float64(s.First[t*v+i]) / n
		second += float64(s.Second[t*each+i*(i+3)/2]) / n
	}
	return first, second
}

// Moments standardises a mean and a covariance of counts, in place.
func (s Standardisation) Moments(mean []float64, cov [][]float64) {
	for i := range mean {
		mean[i] = (mean[i] - s.Mean[i]) / s.SD[i]
		for j := range mean {
			cov[i][j] /= s.SD[i] * s.SD[j]
		}
	}
}

// Count turns the standardised value of count i back.
func (s Standardisation) Count(i int, x float64) float64 { return x*s.SD[i] + s.Mean[i] }
