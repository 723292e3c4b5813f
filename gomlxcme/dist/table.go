package dist

import (
	"fmt"
	"math"
	"slices"
)

// Table lists states with their probabilities. It is immutable and safe for concurrent use.
type Table struct {
	species []string
	set     *StateSet
	p       []float64
	samples float64
}

// NewTable makes a table of the states [n*L] with probabilities p [n]; it copies states and keeps p. States that stand twice are an
// error. The probabilities may sum to less than 1, when a projection has lost some, but not to more than 1 + 1e-6. samples is the
// (effective) number of samples, 0 for an exact law.
func NewTable(species []string, states []int32, p []float64, samples float64) (*Table, error) {
	l := len(species)
	if l == 0 || len(states) != l*len(p) {
		return nil, fmt.Errorf("dist: %w: %d counts for %d states of %d species", ErrShape, len(states), len(p), l)
	}
	set := NewStateSet(l)
	for i := range p {
		x := states[i*l : (i+1)*l]
		if slices.Min(x) < 0 {
			return nil, fmt.Errorf("dist: %w: state %v", ErrCount, x)
		}
		if _, added := set.Add(x); !added {
			return nil, fmt.Errorf("dist: %w: state %v stands twice: add its probabilities up", ErrShape, x)
		}
	}
	t := &Table{species: slices.Clone(species), set: set, samples: samples}
	return t.WithProbabilities(p)
}

// TableOf makes an exact table over a set of states that is shared, not copied; nothing may be added to it any more.
func TableOf(species []string, set *StateSet, p []float64) (*Table, error) {
	if set.Len() != len(p) || set.l != len(species) {
		return nil, fmt.Errorf("dist: %w: %d probabilities for %d states of %d species", ErrShape, len(p), set.Len(), len(species))
	}
	return (&Table{species: slices.Clone(species), set: set}).WithProbabilities(p)
}

// WithProbabilities returns a table of the same states, which both share, with other probabilities.
func (t *Table) WithProbabilities(p []float64) (*Table, error) {
	if len(p) != t.set.Len() {
		return nil, fmt.Errorf("dist: %w: %d probabilities for %d states", ErrShape, len(p), t.set.Len())
	}
	total := 0.0
	for i, v := range p {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("dist: %w: %v at state %v", ErrProbability, v, t.set.State(i))
		}
		total += v
	}
	if total > 1+1e-6 {
		return nil, fmt.Errorf("dist: %w: the probabilities sum to %v: normalise them", ErrProbability, total)
	}
	out := *t
	out.p = p
	return &out, nil
}

// Species returns the names; a copy.
func (t *Table) Species() []string { return slices.Clone(t.species) }

// Samples is the (effective) number of samples, 0 for an exact law.
func (t *Table) Samples() float64 { return t.samples }

// Len is the number of states.
func (t *Table) Len() int { return len(t.p) }

// State returns state i; it must not be written to.
func (t *Table) State(i int) []int32 { return t.set.State(i) }

// P returns the probability of state i.
func (t *Table) P(i int) float64 { return t.p[i] }

// LogProb is the natural logarithm of the probability of x, −Inf for states that are not listed.
func (t *Table) LogProb(x []int32) float64 {
	i, ok := t.set.Index(x)
	if !ok {
		return math.Inf(-1)
	}
	return math.Log(t.p[i])
}

// Mass is the sum of all probabilities: 1 but for what a projection has lost.
func (t *Table) Mass() float64 {
	total := 0.0
	for _, p := range t.p {
		total += p
	}
	return total
}

// Marginal sums the probabilities by the count of species s.
func (t *Table) Marginal(s int) Marginal {
	out := make([]float64, t.top(s)+1)
	for i, p := range t.p {
		if p > 0 { // counts above the top have no bin
			out[t.set.State(i)[s]] += p
		}
	}
	return Marginal{P: out, N: t.samples}
}

// Joint sums the probabilities by the counts of species a and b. It never fails for two species of the table.
func (t *Table) Joint(a, b int) (Joint, error) {
	rows, columns := t.top(a)+1, t.top(b)+1
	j := Joint{A: t.species[a], B: t.species[b], P: make([][]float64, rows), N: t.samples}
	flat := make([]float64, rows*columns)
	for i := range j.P {
		j.P[i] = flat[i*columns : (i+1)*columns : (i+1)*columns]
	}
	for i, p := range t.p {
		if x := t.set.State(i); p > 0 {
			j.P[x[a]][x[b]] += p
		}
	}
	return j, nil
}

// Moment returns mean and standard deviation of species s, as Marginal.Moment does.
func (t *Table) Moment(s int) Moment { return t.Marginal(s).Moment() }

// top is the largest count of species s with a probability above 0.
func (t *Table) top(s int) int {
	top := int32(0)
	for i, p := range t.p {
		if p > 0 {
			top = max(top, t.set.State(i)[s])
		}
	}
	return int(top)
}

// tables adds up the distances of two tables over all states of either.
func tables(p, q *Table) (*sum, error) {
	s := newSum(p.samples, q.samples)
	if !slices.Equal(p.species, q.species) {
		return s, fmt.Errorf("dist: %w: tables of %v and %v", ErrShape, p.species, q.species)
	}
	for i, v := range p.p {
		w := 0.0
		if j, ok := q.set.Index(p.State(i)); ok {
			w = q.p[j]
		}
		s.bin(v, w)
	}
	for j, w := range q.p {
		if _, ok := p.set.Index(q.State(j)); !ok {
			s.bin(0, w)
		}
	}
	return s, nil
}
