package reduced

import (
	"errors"
	"fmt"
)

// ErrSamples marks samples that are too few, or that do not belong together.
var ErrSamples = errors.New("bad samples")

// Sums are the first two moments of counts over time, as sums over runs. They are whole numbers: adding runs in any order gives the
// same bytes. Counts up to 10⁶ may be added up over 10⁶ runs.
type Sums struct {
	Visible []string // names of the V counts
	Times   []float64
	Runs    int
	First   []int64 // [time][V]: Σ x_i
	Second  []int64 // [time][V (V+1)/2]: Σ x_i x_j for j ≤ i, rows of the lower triangle one after the other
}

// NewSums returns sums of no runs.
func NewSums(visible []string, times []float64) *Sums {
	v := len(visible)
	return &Sums{Visible: visible, Times: times, First: make([]int64, len(times)*v), Second: make([]int64, len(times)*v*(v+1)/2)}
}

// Add adds the counts of one run at time index t; the caller adds every run at every time, and then calls AddRun.
func (s *Sums) Add(t int, x ...int32) {
	v := len(s.Visible)
	first, second := s.First[t*v:(t+1)*v], s.Second[t*v*(v+1)/2:]
	k := 0
	for i := range first {
		first[i] += int64(x[i])
		for j := range i + 1 {
			second[k] += int64(x[i]) * int64(x[j])
			k++
		}
	}
}

// AddRun counts a run whose counts have been added at every time.
func (s *Sums) AddRun() { s.Runs++ }

// Merge adds the runs of other, which has the same species and times.
func (s *Sums) Merge(other *Sums) error {
	if len(s.First) != len(other.First) || len(s.Second) != len(other.Second) {
		return fmt.Errorf("%w: sums of %d counts at %d times cannot be added to those of %d at %d", ErrSamples,
			len(other.Visible), len(other.Times), len(s.Visible), len(s.Times))
	}
	for i, x := range other.First {
		s.First[i] += x
	}
	for i, x := range other.Second {
		s.Second[i] += x
	}
	s.Runs += other.Runs
	return nil
}

// Mean returns the mean counts at time index t.
func (s *Sums) Mean(t int) []float64 {
	v := len(s.Visible)
	mean := make([]float64, v)
	for i := range mean {
		mean[i] = float64(s.First[t*v+i]) / float64(s.Runs)
	}
	return mean
}

// Covariance returns the sample covariance, with divisor runs − 1, at time index t as [V][V].
func (s *Sums) Covariance(t int) ([][]float64, error) {
	if s.Runs < 2 {
		return nil, fmt.Errorf("%w: a covariance of %d runs: give 2 or more", ErrSamples, s.Runs)
	}
	v, n := len(s.Visible), float64(s.Runs)
	mean := s.Mean(t)
	cov := make([][]float64, v)
	for i := range cov {
		cov[i] = make([]float64, v)
	}
	k := t * v * (v + 1) / 2
	for i := range v {
		for j := range i + 1 {
			// Σ x y − n x̄ ȳ: with sums below 2⁵³ only the last step rounds noticeably, to 10⁻¹⁶ of Σ x y.
			cov[i][j] = (float64(s.Second[k]) - n*mean[i]*mean[j]) / (n - 1)
			cov[j][i] = cov[i][j]
			k++
		}
	}
	return cov, nil
}

// WithConstant returns sums of the same runs with one more visible count, which is value in all of them.
func (s *Sums) WithConstant(name string, value int32) *Sums {
	v := len(s.Visible)
	each := v * (v + 1) / 2
	more := NewSums(append(append([]string{}, s.Visible...), name), s.Times)
	more.Runs = s.Runs
	for t := range s.Times {
		first, second := more.First[t*(v+1):(t+1)*(v+1)], more.Second[t*(each+v+1):(t+1)*(each+v+1)]
		copy(first, s.First[t*v:(t+1)*v])
		copy(second, s.Second[t*each:(t+1)*each])
		first[v] = int64(s.Runs) * int64(value)
		for i, x := range first {
			second[each+i] = x * int64(value)
		}
	}
	return more
}
