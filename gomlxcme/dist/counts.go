package dist

import (
	"fmt"
	"slices"
)

// MaxCount is the largest count that Counts accepts: its histograms have one bin a count.
const MaxCount = 1<<26 - 1

// Counts gathers states into histograms of whole numbers: the marginal of every species, and the joints of chosen pairs. Its
// memory does not depend on the number of states added, and merging in any order gives the same Counts to the last bit. It is not
// safe for concurrent writing: give each worker its own and merge them.
type Counts struct {
	species []string
	n       uint64
	single  [][]uint64 // [species][count], as long as the largest count seen asks for
	pairs   []pair
}

type pair struct {
	a, b int
	bins map[uint64]uint64 // a<<32 | b
}

// NewCounts returns empty histograms for the species, and for the joints of the pairs of their indices.
func NewCounts(species []string, pairs [][2]int) (*Counts, error) {
	c := &Counts{species: slices.Clone(species), single: make([][]uint64, len(species))}
	for _, p := range pairs {
		if min(p[0], p[1]) < 0 || max(p[0], p[1]) >= len(species) {
			return nil, fmt.Errorf("dist: %w: pair %v of %d species: count them from 0", ErrShape, p, len(species))
		}
		if c.find(p[0], p[1]) == nil {
			c.pairs = append(c.pairs, pair{p[0], p[1], map[uint64]uint64{}})
		}
	}
	return c, nil
}

// Add counts the state x. A count that is negative or above MaxCount is an error, and x is not counted.
func (c *Counts) Add(x []int32) error {
	if len(x) != len(c.single) {
		return fmt.Errorf("dist: %w: state of %d species, not %d", ErrShape, len(x), len(c.single))
	}
	for s, v := range x {
		if v < 0 || v > MaxCount {
			return fmt.Errorf("dist: %w: %d molecules of %s: set a cap of at most %d", ErrCount, v, c.species[s], MaxCount)
		}
	}
	c.n++
	for s, v := range x {
		c.reach(s, int(v))
		c.single[s][v]++
	}
	for _, p := range c.pairs {
		p.bins[uint64(x[p.a])<<32|uint64(x[p.b])]++
	}
	return nil
}

// reach makes the histogram of species s at least as long as count v asks for.
func (c *Counts) reach(s, v int) {
	if missing := v + 1 - len(c.single[s]); missing > 0 {
		c.single[s] = append(c.single[s], make([]uint64, missing)...)
	}
}

// Merge adds all states of other, which must have the same species and pairs and is left as it is.
func (c *Counts) Merge(other *Counts) error {
	same := slices.Equal(c.species, other.species) &&
		slices.EqualFunc(c.pairs, other.pairs, func(p, q pair) bool { return p.a == q.a && p.b == q.b })
	if !same {
		return fmt.Errorf("dist: %w: counts of other species or pairs", ErrShape)
	}
	c.n += other.n
	for s, h := range other.single {
		c.reach(s, len(h)-1)
		for v, k := range h {
			c.single[s][v] += k
		}
	}
	for i, p := range other.pairs {
		for key, k := range p.bins {
			c.pairs[i].bins[key] += k
		}
	}
	return nil
}

// Reset forgets all states and keeps the memory.
func (c *Counts) Reset() {
	c.n = 0
	for s := range c.single {
		c.single[s] = c.single[s][:0]
	}
	for _, p := range c.pairs {
		clear(p.bins)
	}
}

// Clone returns an independent copy.
func (c *Counts) Clone() *Counts {
	out := &Counts{species: slices.Clone(c.species), single: make([][]uint64, len(c.species))}
	for _, p := range c.pairs {
		out.pairs = append(out.pairs, pair{p.a, p.b, map[uint64]uint64{}})
	}
	if err := out.Merge(c); err != nil {
		panic(err) // both have the same species and pairs
	}
	return out
}

// Species returns the names; a copy.
func (c *Counts) Species() []string { return slices.Clone(c.species) }

// Samples is the number of states added.
func (c *Counts) Samples() float64 { return float64(c.n) }

// Histogram returns how often each count of species s was seen; a copy.
func (c *Counts) Histogram(s int) []uint64 { return slices.Clone(c.single[s]) }

// Marginal returns the frequencies of the counts of species s.
func (c *Counts) Marginal(s int) Marginal {
	m := Marginal{P: make([]float64, len(c.single[s])), N: float64(c.n)}
	for v, k := range c.single[s] {
		m.P[v] = float64(k) / float64(c.n)
	}
	return m
}

// Moment returns mean and standard deviation of species s with their standard errors, as Marginal.Moment does.
func (c *Counts) Moment(s int) Moment { return c.Marginal(s).Moment() }

// Joint returns the frequencies of the counts of a pair that was named to NewCounts, in either order.
func (c *Counts) Joint(a, b int) (Joint, error) {
	p := c.find(a, b)
	if p == nil {
		return Joint{}, fmt.Errorf("dist: %w: species %d and %d: name the pair before the run", ErrPair, a, b)
	}
	rows, columns := len(c.single[a]), len(c.single[b])
	j := Joint{A: c.species[a], B: c.species[b], P: make([][]float64, rows), N: float64(c.n)}
	flat := make([]float64, rows*columns)
	for i := range j.P {
		j.P[i] = flat[i*columns : (i+1)*columns : (i+1)*columns]
	}
	for key, k := range p.bins {
		x, y := key>>32, key&0xffffffff
		if p.a != a {
			x, y = y, x
		}
		j.P[x][y] = float64(k) / float64(c.n)
	}
	return j, nil
}

func (c *Counts) find(a, b int) *pair {
	for i, p := range c.pairs {
		if (p.a == a && p.b == b) || (p.a == b && p.b == a) {
			return &c.pairs[i]
		}
	}
	return nil
}
