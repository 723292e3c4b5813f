package evolve

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// cloud is the set of states at which one time step is solved: rows, where the
// master equation must hold, and the one-reaction neighbours from which
// probability flows into them. Every state is kept once, so that a state that is
// a neighbour of many rows costs one evaluation of the network.
type cloud struct {
	system *crn.Compiled
	box    van.Box
	time   float64 // at which propensities are taken

	index  map[key]int32 // position of a state in states
	states []int32       // [n·L]
	rows   []row
	rowOf  []int32   // row of a state, −1 for a mere neighbour
	logp   []float64 // log P of states under the current parameters
}

// row is one state at which the equation must hold.
type row struct {
	state   int32
	weight  float64   // in the least-squares sum; sums to 1 after normalise
	outflow float64   // R(x) = Σ_k a_k(x)
	inflow  []edge    // sources x − s_k with their propensities
	base    []float64 // log P of the network at the earlier times, newest first
}

// edge is one term a_k(x−s_k) P(x−s_k) of the inflow.
type edge struct {
	from       int32 // position of x − s_k in states
	propensity float64
}

// key numbers the states of a box by mixed radix.
type key [2]uint64

func newCloud(system *crn.Compiled, box van.Box, time float64) *cloud {
	return &cloud{system: system, box: box, time: time, index: map[key]int32{}}
}

// checkKeys refuses boxes whose states cannot be numbered by 128 bits.
func checkKeys(box van.Box) error {
	total := 0
	for _, c := range box.Caps {
		total += bits.Len(uint(c))
	}
	if total > 128 {
		return fmt.Errorf("%w: the box %v holds more than 2¹²⁸ states; lower the caps", ErrSettings, box.Caps)
	}
	return nil
}

func (c *cloud) key(x []int32) key {
	var k key
	for i, cap := range c.box.Caps {
		m := uint64(cap) + 1
		hi, lo := bits.Mul64(k[1], m)
		lo, carry := bits.Add64(lo, uint64(x[i]), 0)
		k[0], k[1] = k[0]*m+hi+carry, lo
	}
	return k
}

// state returns the counts of the state at position i.
func (c *cloud) state(i int32) []int32 {
	l := int32(c.box.Species())
	return c.states[i*l : (i+1)*l]
}

// intern returns the position of x, adding it if it is new.
func (c *cloud) intern(x []int32) int32 {
	k := c.key(x)
	if i, ok := c.index[k]; ok {
		return i
	}
	i := int32(len(c.rowOf))
	c.index[k] = i
	c.states = append(c.states, x...)
	c.rowOf = append(c.rowOf, -1)
	return i
}

// add makes x a row, or adds to its weight if it is one already.
func (c *cloud) add(x []int32, weight float64) {
	i := c.intern(x)
	if r := c.rowOf[i]; r >= 0 {
		c.rows[r].weight += weight
		return
	}
	c.rowOf[i] = int32(len(c.rows))
	r := row{state: i, weight: weight, outflow: outflow(c.system, x, c.time)}
	l := c.box.Species()
	y := make([]int32, l)
	for k := range c.system.NumReactions() {
		change := c.system.Change(k)
		for s := range y {
			y[s] = x[s] - change[s]
		}
		if !c.box.Contains(y) {
			continue
		}
		if a := c.system.Propensity(k, y, c.time); a > 0 {
			r.inflow = append(r.inflow, edge{from: c.intern(y), propensity: a})
		}
	}
	c.rows = append(c.rows, r)
}

// outflow is R(x) = Σ_k a_k(x).
func outflow(c *crn.Compiled, x []int32, time float64) float64 {
	sum := 0.0
	for k := range c.NumReactions() {
		sum += c.Propensity(k, x, time)
	}
	return sum
}

// merge adds the rows of other with their history, and what is known of log P at
// its states.
func (c *cloud) merge(other *cloud) {
	here := make([]int32, len(other.rowOf))
	for i := range other.rowOf {
		here[i] = c.intern(other.state(int32(i)))
	}
	c.logp = append(c.logp, make([]float64, len(c.rowOf)-len(c.logp))...)
	for i, v := range other.logp {
		c.logp[here[i]] = v
	}
	for _, r := range other.rows {
		i := here[r.state]
		if k := c.rowOf[i]; k >= 0 {
			c.rows[k].weight += r.weight
			continue
		}
		c.rowOf[i] = int32(len(c.rows))
		r.state = i
		for k := range r.inflow {
			r.inflow[k].from = here[r.inflow[k].from]
		}
		c.rows = append(c.rows, r)
	}
}

// normalised returns the weights of the rows, scaled to sum to 1.
func (c *cloud) normalised() []float64 {
	w := make([]float64, len(c.rows))
	sum := 0.0
	for i, r := range c.rows {
		w[i] = r.weight
		sum += r.weight
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// bulk returns the rows' probabilities, scaled to sum to 1: how an average over
// the network's own law weighs them.
func (c *cloud) bulk(logp []float64) []float64 {
	w := make([]float64, len(c.rows))
	sum := 0.0
	for i, r := range c.rows {
		w[i] = math.Exp(logp[r.state])
		sum += w[i]
	}
	for i := range w {
		w[i] /= sum
	}
	return w
}

// ordered returns the rows in the order of their states. Rows near each other
// share neighbours, so that a tile of them needs few different states.
func (c *cloud) ordered() []int {
	order := make([]int, len(c.rows))
	keys := make([]key, len(c.rows))
	for i, row := range c.rows {
		order[i] = i
		keys[i] = c.key(c.state(row.state))
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(keys[a][:], keys[b][:]) })
	return order
}

// rowStates returns the states of rows lo..hi−1 as a flat array.
func (c *cloud) rowStates(lo, hi int) []int32 {
	flat := make([]int32, 0, (hi-lo)*c.box.Species())
	for _, r := range c.rows[lo:hi] {
		flat = append(flat, c.state(r.state)...)
	}
	return flat
}
