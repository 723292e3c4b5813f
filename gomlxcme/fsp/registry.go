package fsp

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// registry numbers the states that an adaptive set has met, and keeps the reactions of each state worked out: states come and go,
// but their propensities stay.
type registry struct {
	c       *crn.Compiled
	absorbs func(x []int32) bool // states without reactions; nil for none
	set     *dist.StateSet

	row   []int32   // place of the state in the projection, −1 outside
	flow  []float64 // scratch of grow, 0 between its calls
	first []int64   // where the edges of the state begin, −1 while they are not worked out
	count []int32   // how many there are
	out   []float64 // Σ_k a_k
	leak  []float64 // flow that the caps of the model hold back

	target []int32 // of all edges
	rate   []float64
	next   []int32 // scratch

	err error // the last propensity that was refused
}

func newRegistry(c *crn.Compiled, absorbs func(x []int32) bool) *registry {
	return &registry{c: c, absorbs: absorbs, set: dist.NewStateSet(c.NumSpecies()), next: make([]int32, c.NumSpecies())}
}

// add returns the number of state x.
func (r *registry) add(x []int32) int32 {
	i, added := r.set.Add(x)
	if added {
		r.row = append(r.row, -1)
		r.flow = append(r.flow, 0)
		r.first = append(r.first, -1)
		r.count = append(r.count, 0)
		r.out = append(r.out, 0)
		r.leak = append(r.leak, 0)
	}
	return int32(i)
}

// edges returns where the reactions of state i lead, and how fast.
func (r *registry) edges(i int32) (target []int32, rate []float64) {
	if r.first[i] < 0 {
		r.work(i)
	}
	lo := r.first[i]
	hi := lo + int64(r.count[i])
	return r.target[lo:hi], r.rate[lo:hi]
}

// work finds the edges of state i. Reactions between the same two states are one edge.
func (r *registry) work(i int32) {
	start := len(r.target)
	x := append([]int32(nil), r.set.State(int(i))...)
	if r.absorbs != nil && r.absorbs(x) {
		r.first[i] = int64(start)
		return
	}
	for k := range r.c.NumReactions() {
		a := r.c.Propensity(k, x, 0)
		if err := checkPropensity(r.c, k, x, a); err != nil {
			r.err = err // the solver asks for it before it uses the rates
			continue
		}
		if a == 0 {
			continue
		}
		moved := false
		for j, d := range r.c.Change(k) {
			r.next[j] = x[j] + d
			moved = moved || d != 0
		}
		if !moved {
			continue
		}
		r.out[i] += a
		to, known := r.add(r.next), false
		for j := start; j < len(r.target); j++ {
			if r.target[j] == to {
				r.rate[j] += a
				known = true
			}
		}
		if !known {
			r.target, r.rate = append(r.target, to), append(r.rate, a)
		}
	}
	r.leak[i] = r.c.Blocked(x, 0)
	r.first[i], r.count[i] = int64(start), int32(len(r.target)-start)
}

// generator makes the matrix of the states ids, whose rows must be set.
func (r *registry) generator(ids []int32) *generator {
	n := len(ids)
	g := &generator{stay: make([]float64, n), row: make([]int64, n+1)}
	for _, id := range ids {
		target, _ := r.edges(id)
		for _, to := range target {
			if j := r.row[to]; j >= 0 {
				g.row[j+1]++
			}
		}
	}
	for i := range n {
		g.row[i+1] = g.row[i] + filled(g.row[i+1])
	}
	g.column, g.value = make([]int32, g.row[n]), make([]float64, g.row[n])
	next := append([]int64(nil), g.row[:n]...)
	for i, id := range ids {
		g.stay[i] = r.out[id]
		g.rate = math.Max(g.rate, r.out[id])
		g.leak.add(i, r.leak[id])
		target, rate := r.edges(id)
		for e, to := range target {
			if j := r.row[to]; j >= 0 {
				g.column[next[j]], g.value[next[j]] = int32(i), rate[e]
				next[j]++
			}
		}
	}
	g.uniformise()
	return g
}
