package study

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// ErrStudy marks what is no study, or a condition that a study does not have.
var ErrStudy = errors.New("bad study")

// Experiment is one of the two of the source.
type Experiment string

// The experiments of the source.
const (
	IP3       Experiment = "ip3"       // different concentrations of IP3; calcium and IP3 are visible
	Receptors Experiment = "receptors" // different numbers of receptors, which are the third visible count
)

// Case is a condition with its series.
type Case struct {
	Condition calcium.Condition `json:"condition"`
	Series    *reduced.Series   `json:"series"`
	// Known are the time indices at which Series.Filtered is known; in between it is interpolated. nil means all.
	Known []int `json:"known,omitempty"`
}

// Name says in what the case differs from others of its experiment.
func (c Case) Name() string {
	return fmt.Sprintf("%.4g µM, %d", c.Condition.IP3, c.Condition.Receptors)
}

// Study is an experiment with its cases.
type Study struct {
	Experiment Experiment        `json:"experiment"`
	Origin     string            `json:"origin"` // where the cases come from
	Reduction  reduced.Reduction `json:"reduction"`
	Measure    Measure           `json:"measure,omitempty"` // of the conditions, as networks see them
	Cases      []Case            `json:"cases"`
}

// Variables are the visible ones and the latent one.
func (e Experiment) Variables() []string {
	if e == Receptors {
		return calcium.VariablesReceptors()
	}
	return calcium.VariablesIP3()
}

// Candidates are the reactions of the source.
func (e Experiment) Candidates() []string {
	if e == Receptors {
		return calcium.CandidatesReceptors()
	}
	return calcium.CandidatesIP3()
}

// Reduction is that of the source.
func (e Experiment) Reduction() reduced.Reduction {
	if e == Receptors {
		return calcium.ReductionReceptors()
	}
	return calcium.ReductionIP3()
}

// Reactions are the inputs of a network with reactions; without candidates they are those of the source.
func (e Experiment) Reactions(candidates ...string) ([]reduced.Polynomial, error) {
	if len(candidates) == 0 {
		candidates = e.Candidates()
	}
	f, err := reduced.NewFeatures(e.Variables(), candidates...)
	if err != nil {
		return nil, err
	}
	return f.Polynomials(), nil
}

// Parameters are the inputs of a network without reactions.
func (e Experiment) Parameters() []reduced.Polynomial {
	return reduced.ParameterPolynomials(len(e.Variables()) - 1)
}

// Guard below which the spread of an input is rounding, as in the source. With receptors it is wider: W of IP3, which is noise there, must not tell
// the conditions apart.
func (e Experiment) Guard() float64 {
	if e == Receptors {
		return 1e-3
	}
	return 1e-5
}

// Reduce makes a study of a data set, and of more of them with other conditions. With own, counts are standardised by the first condition of the first
// set and the last one of the last, as the source did with its extremes; without, by the source's numbers.
func Reduce(e Experiment, d *datasets.Data, own bool, more ...*datasets.Data) (*Study, error) {
	s := &Study{Experiment: e, Reduction: e.Reduction()}
	var sums []*reduced.Sums
	var conditions []calcium.Condition
	var origins []string
	for _, d := range append([]*datasets.Data{d}, more...) {
		origins = append(origins, fmt.Sprintf("%s, version %d", d.Description.Set.Name, d.Description.Set.Version))
		for i, one := range d.Sums {
			c := d.Description.Set.Conditions[i]
			if slices.Contains(conditions, c) {
				return nil, fmt.Errorf("%w: %v is in two of %s; leave one out", ErrStudy, c, strings.Join(origins, " and "))
			}
			if len(sums) > 0 && !slices.Equal(one.Times, sums[0].Times) {
				return nil, fmt.Errorf("%w: %s has other times than %s; take sets with the same", ErrStudy, origins[len(origins)-1], origins[0])
			}
			if e == Receptors {
				one = one.WithConstant("r", int32(c.Receptors))
			}
			sums, conditions = append(sums, one), append(conditions, c)
		}
	}
	s.Origin = strings.Join(origins, " and ")
	if own {
		scale, err := reduced.Standardise(sums[0], sums[len(sums)-1])
		if err != nil {
			return nil, err
		}
		s.Reduction.Scale = scale
	}
	for i, one := range sums {
		c := conditions[i]
		series, err := s.Reduction.Reduce(one)
		if err != nil {
			return nil, fmt.Errorf("%v: %w", c, err)
		}
		s.Cases = append(s.Cases, Case{Condition: c, Series: series})
	}
	return s, nil
}

// Where returns the cases for which wanted is true.
func (s *Study) Where(wanted func(c calcium.Condition) bool) (cases []Case) {
	for _, c := range s.Cases {
		if wanted(c.Condition) {
			cases = append(cases, c)
		}
	}
	return cases
}

// Series of cases.
func Series(cases []Case) []*reduced.Series {
	out := make([]*reduced.Series, len(cases))
	for i, c := range cases {
		out[i] = c.Series
	}
	return out
}

// Names of cases.
func Names(cases []Case) []string {
	out := []string{}
	for _, c := range cases {
		out = append(out, c.Name())
	}
	return out
}

// Without returns the cases that are not among others.
func Without(cases, others []Case) (left []Case) {
	for _, c := range cases {
		if !slices.ContainsFunc(others, func(o Case) bool { return o.Condition == c.Condition }) {
			left = append(left, c)
		}
	}
	return left
}

// Training reports whether the source trained with a condition.
func (e Experiment) Training(c calcium.Condition) bool {
	if e == Receptors {
		return c.Receptors <= 1000
	}
	const rounding = 1e-9
	return c.IP3 >= 0.4-rounding && c.IP3 <= 1+rounding
}

// Write writes the study as JSON.
func (s *Study) Write(w io.Writer) error { return json.NewEncoder(w).Encode(s) }

// Read reads what Write wrote.
func Read(r io.Reader) (*Study, error) {
	s := &Study{}
	if err := json.NewDecoder(r).Decode(s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStudy, err)
	}
	return s, s.check()
}

// check what other code relies on.
func (s *Study) check() error {
	if s.Experiment != IP3 && s.Experiment != Receptors {
		return fmt.Errorf("%w: the experiment %q is neither %s nor %s", ErrStudy, s.Experiment, IP3, Receptors)
	}
	if len(s.Cases) == 0 {
		return fmt.Errorf("%w: it has no condition", ErrStudy)
	}
	if s.Measure != Linear && s.Measure != Logarithmic && s.Measure != Bounded {
		return fmt.Errorf("%w: conditions are measured %q, not %s or %s", ErrStudy, s.Measure, Logarithmic, Bounded)
	}
	v := len(s.Experiment.Variables()) - 1
	for _, c := range s.Cases {
		if c.Series == nil || len(c.Series.Filtered) < 2 || len(c.Series.DW) != v || len(c.Series.DB) != v {
			return fmt.Errorf("%w: %s has no series of %d visible variables", ErrStudy, c.Name(), v)
		}
		for t, p := range c.Series.Filtered {
			if len(p.W) != 1 || len(p.W[0]) != v || len(p.B) != v || math.IsNaN(p.Noise) {
				return fmt.Errorf("%w: %s has other parameters at time %d", ErrStudy, c.Name(), t)
			}
		}
		for _, d := range append(append([][]float64{}, c.Series.DW...), c.Series.DB...) {
			if len(d) != len(c.Series.Filtered)-1 {
				return fmt.Errorf("%w: %s has %d derivatives of %d steps", ErrStudy, c.Name(), len(d), len(c.Series.Filtered))
			}
		}
		for _, k := range c.Known {
			if k < 0 || k >= len(c.Series.Filtered) {
				return fmt.Errorf("%w: %s has no time %d", ErrStudy, c.Name(), k)
			}
		}
	}
	return nil
}

// Value is in what the conditions of an experiment differ first: the concentration of IP3 in µM, or the number of receptors.
func (e Experiment) Value(c calcium.Condition) float64 {
	if e == Receptors {
		return float64(c.Receptors)
	}
	return c.IP3
}

// Unit of Value.
func (e Experiment) Unit() string {
	if e == Receptors {
		return "receptors"
	}
	return "µM of IP3"
}

// Values of all cases, rising.
func (s *Study) Values() []float64 {
	var all []float64
	for _, c := range s.Cases {
		all = append(all, s.Experiment.Value(c.Condition))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Select returns the cases with these values. One that the study does not have is an error: nothing is extrapolated in silence.
func (s *Study) Select(values []float64) (cases []Case, err error) {
	const rounding = 1e-9
	for _, v := range values {
		found := s.Where(func(c calcium.Condition) bool { return math.Abs(s.Experiment.Value(c)-v) <= rounding*v })
		if len(found) == 0 {
			return nil, fmt.Errorf("%w: it has no condition of %v %s; it has %v", ErrStudy, v, s.Experiment.Unit(), s.Values())
		}
		cases = append(cases, found...)
	}
	return cases, nil
}
