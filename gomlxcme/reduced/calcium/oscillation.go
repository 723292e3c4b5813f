package calcium

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// Oscillation is how far calcium swings in an ensemble, in µM: the highest mean + sd and the lowest mean − sd of any time, with the
// standard errors of these.
type Oscillation struct {
	Min, MinSE float64
	Max, MaxSE float64
}

// OscillationOf takes it over the last points of the times of s, whose first visible count is calcium. The error at a time is
// √(sd²/n + sd²/(2(n−1))), as for a normal law. The source takes 400 points, and the error of the minimum where mean − sd is
// largest; here it is that where mean − sd is smallest.
func OscillationOf(s *reduced.Sums, c Condition, points int) (Oscillation, error) {
	if points < 1 || points > len(s.Times) {
		return Oscillation{}, fmt.Errorf("%w: the last %d of %d times: give 1 to %d", ErrSettings, points, len(s.Times), len(s.Times))
	}
	o := Oscillation{Min: math.Inf(1), Max: math.Inf(-1)}
	omega, n := c.Omega(), float64(s.Runs)
	for t := len(s.Times) - points; t < len(s.Times); t++ {
		cov, err := s.Covariance(t)
		if err != nil {
			return Oscillation{}, err
		}
		mean, sd := s.Mean(t)[0]/omega, math.Sqrt(max(0, cov[0][0]))/omega
		se := sd * math.Sqrt(1/n+1/(2*(n-1)))
		if v := mean + sd; v > o.Max {
			o.Max, o.MaxSE = v, se
		}
		if v := mean - sd; v < o.Min {
			o.Min, o.MinSE = v, se
		}
	}
	return o, nil
}

// SwingOf is the span of mean − sd to mean + sd of calcium, in µM, over the last points of a series of parameters: what Oscillation is for an
// ensemble. The source takes the last 300 of 402 steps.
func SwingOf(series []reduced.Parameters, scale reduced.Standardisation, c Condition, points int) (Span, error) {
	if points < 1 || points > len(series) {
		return Span{}, fmt.Errorf("%w: the last %d of %d steps: give 1 to %d", ErrSettings, points, len(series), len(series))
	}
	s := Span{math.Inf(1), math.Inf(-1)}
	omega := c.Omega()
	for _, p := range series[len(series)-points:] {
		mean, cov := p.Moments()
		middle, sd := scale.Count(0, mean[0])/omega, scale.SD[0]*math.Sqrt(cov[0][0])/omega
		s.Min, s.Max = min(s.Min, middle-sd), max(s.Max, middle+sd)
	}
	return s, nil
}
