package study

import (
	"fmt"
	"math"
)

// Measure is how networks see the value in which conditions differ: the concentration of IP3, or the number of receptors. Each runs from −1 to 1 over the
// range of the source, and how far a condition lies beyond those that a network learns from depends on it: 2.0 µM is 1.7 times the width of
// 0.4 … 1.0 µM above 1.0 µM linearly, and 0.4 times by Bounded; 5000 receptors are 8 widths of 500 … 1000 beyond, or 0.8.
type Measure string

// The measures.
const (
	Linear      Measure = ""            // counts, as in the source
	Logarithmic Measure = "logarithmic" // their logarithm: equal ratios are equally far
	// Bounded is what has a limit for large values: the share c/(c + d₁) of sites that IP3 occupies without inhibiting calcium, d₁ = 0.13 µM, and 1/N_R, in
	// whose powers means and fluctuations of large systems expand.
	Bounded Measure = "bounded"
)

// affinity of the sites of IP3 without inhibiting calcium, d₁ of the De Young–Keizer model, µM.
const affinity = 0.13

// extent is the range of values in the source.
func (e Experiment) extent() (low, high float64) {
	if e == Receptors {
		return 100, 5000
	}
	return 0.1, 2
}

// varied is the visible variable in which conditions differ first.
func (e Experiment) varied() int {
	if e == Receptors {
		return 2
	}
	return 1
}

// of is a value in the measure.
func (m Measure) of(e Experiment, value float64) float64 {
	g := func(v float64) float64 {
		switch {
		case m == Logarithmic:
			return math.Log(v)
		case e == Receptors:
			return -1 / v
		}
		return v / (v + affinity)
	}
	low, high := e.extent()
	return 2*(g(value)-g(low))/(g(high)-g(low)) - 1
}

// In returns the study with b of IP3, or of the number of receptors, in another measure. Nothing that moves changes, nor what errors are made of. The
// study must be linear, as Reduce and the published ones are.
func (s *Study) In(m Measure) (*Study, error) {
	if m == Linear && s.Measure == Linear {
		return s, nil
	}
	if m != Logarithmic && m != Bounded || s.Measure != Linear {
		return nil, fmt.Errorf("%w: conditions measured %q cannot be measured %q: take a linear study, and %s or %s", ErrStudy, s.Measure, m, Logarithmic, Bounded)
	}
	out := *s
	out.Measure, out.Cases = m, nil
	k := s.Experiment.varied()
	for _, c := range s.Cases {
		v := s.Experiment.Value(c.Condition)
		if !(v > 0) {
			return nil, fmt.Errorf("%w: %s cannot be measured %s: leave it out", ErrStudy, c.Name(), m)
		}
		series := *c.Series
		series.Raw, series.Filtered = nil, nil
		for _, p := range c.Series.Raw {
			p = p.Clone()
			p.B[k] = m.of(s.Experiment, v)
			series.Raw = append(series.Raw, p)
		}
		for _, p := range c.Series.Filtered {
			p = p.Clone()
			p.B[k] = m.of(s.Experiment, v)
			series.Filtered = append(series.Filtered, p)
		}
		c.Series = &series
		out.Cases = append(out.Cases, c)
	}
	return &out, nil
}
