package fsp

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Where a reaction leads, if not to a state of the projection.
const (
	nowhere = -1 // it cannot run, or changes nothing
	omitted = -2 // to a state for which there was no room
	beyond  = -3 // above the growing cap of a species
)

// supportTail is the probability below which counts of an initial law are left out, and counted as lost.
const supportTail = 1e-16

// space is the set of states of a projection and the graph of the reactions between them.
type space struct {
	c       *crn.Compiled
	absorbs func(x []int32) bool // states without reactions; nil for none
	set     *dist.StateSet
	soft    []int32 // growing cap of each species, math.MaxInt32 for none
	limit   int     // most states
	targets []int32 // [n*K]: number of the state to which reaction k leads from state i, or one of the constants
	full    bool    // states were omitted
	fold    folding // nil if every state stands for itself
}

// newSpace starts with the support of the initial law, the most probable states first; p is their probability.
func newSpace(c *crn.Compiled, limit int) (s *space, p []float64) {
	return newFoldedSpace(c, limit, nil)
}

// newFoldedSpace does so with one state for those that symmetries make alike.
func newFoldedSpace(c *crn.Compiled, limit int, fold folding) (s *space, p []float64) {
	l := c.NumSpecies()
	s = &space{c: c, set: dist.NewStateSet(l), soft: make([]int32, l), limit: limit, fold: fold}
	for i := range s.soft {
		s.soft[i] = math.MaxInt32
	}
	law := newProduct(c)
	for {
		x, logP, ok := law.next()
		if !ok {
			return s, p
		}
		if s.set.Len() == limit {
			s.full = true
			return s, p
		}
		s.fold.fold(x)
		if i, added := s.set.Add(x); added {
			p = append(p, math.Exp(logP))
		} else {
			p[i] += math.Exp(logP)
		}
	}
}

// explore adds all states that can be reached, nearest first, and fills targets.
func (s *space) explore(ctx context.Context) error {
	l, kinds := s.c.NumSpecies(), s.c.NumReactions()
	x, y := make([]int32, l), make([]int32, l)
	s.targets = s.targets[:0]
	for i := 0; i < s.set.Len(); i++ {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		copy(x, s.set.State(i))
		if s.absorbs != nil && !s.fold.alike(s.absorbs, x) {
			return fmt.Errorf("fsp: %w: Absorb tells state %v from one that a symmetry makes of it: fold nothing, or absorb both", ErrSettings, x)
		}
		if s.absorbs != nil && s.absorbs(x) {
			for range kinds {
				s.targets = append(s.targets, nowhere)
			}
			continue
		}
		for k := range kinds {
			if err := checkPropensity(s.c, k, x, s.c.Propensity(k, x, 0)); err != nil {
				return err
			}
			s.targets = append(s.targets, s.target(k, x, y))
		}
	}
	return nil
}

// target finds or adds the state to which reaction k leads from x; y is scratch.
func (s *space) target(k int, x, y []int32) int32 {
	if never(s.c, k, x) {
		return nowhere
	}
	moved, over := false, false
	for j, d := range s.c.Change(k) {
		y[j] = x[j] + d
		moved = moved || d != 0
		over = over || y[j] > s.soft[j]
	}
	switch {
	case !moved:
		return nowhere
	case over:
		return beyond
	}
	s.fold.fold(y)
	if i, ok := s.set.Index(y); ok {
		return int32(i)
	}
	if s.set.Len() == s.limit {
		s.full = true
		return omitted
	}
	i, _ := s.set.Add(y)
	return int32(i)
}

// box is the number of states within the caps, +Inf if one species has none.
func box(c *crn.Compiled) float64 {
	size := 1.0
	for _, cap := range c.Caps() {
		if cap == crn.Unbounded {
			return math.Inf(1)
		}
		size *= float64(cap) + 1
	}
	return size
}

// product lists the states of a product of initial laws from the most to the least probable.
type product struct {
	counts [][]int32   // of each species, most probable first
	logs   [][]float64 // their log-probabilities
	queue  ranks
}

// rank is a state as positions in product.counts.
type rank struct {
	at   []int32
	logP float64
}

func newProduct(c *crn.Compiled) *product {
	p := &product{}
	logP := 0.0
	for i, cap := range c.Caps() {
		law := c.Initial(i)
		lo, hi := law.Support(cap, supportTail)
		var counts []int32
		for n := lo; n <= hi; n++ {
			counts = append(counts, int32(n))
		}
		slices.SortStableFunc(counts, func(a, b int32) int {
			x, y := law.LogProb(int(a), cap), law.LogProb(int(b), cap)
			switch {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
		logs := make([]float64, len(counts))
		for j, n := range counts {
			logs[j] = law.LogProb(int(n), cap)
		}
		p.counts, p.logs = append(p.counts, counts), append(p.logs, logs)
		logP += logs[0]
	}
	p.queue = ranks{{make([]int32, len(p.counts)), logP}}
	return p
}

// next returns the most probable state that has not been returned. Each state has one parent, one step back in the last
// species that is not at its first position; a parent is never less probable, so that the queue holds the next state.
func (p *product) next() (x []int32, logP float64, ok bool) {
	if len(p.queue) == 0 {
		return nil, 0, false
	}
	r := heap.Pop(&p.queue).(rank)
	last := len(r.at) - 1
	for last > 0 && r.at[last] == 0 {
		last--
	}
	for i := last; i < len(r.at); i++ {
		if int(r.at[i])+1 == len(p.counts[i]) {
			continue
		}
		next := rank{slices.Clone(r.at), r.logP}
		next.logP += p.logs[i][r.at[i]+1] - p.logs[i][r.at[i]]
		next.at[i]++
		if next.logP >= math.Log(supportTail)*1.5 {
			heap.Push(&p.queue, next)
		}
	}
	x = make([]int32, len(r.at))
	for i, at := range r.at {
		x[i] = p.counts[i][at]
	}
	return x, r.logP, true
}

// ranks is a heap with the most probable state on top; ties go by position, so that the order is always the same.
type ranks []rank

func (r ranks) Len() int { return len(r) }
func (r ranks) Less(i, j int) bool {
	if r[i].logP != r[j].logP {
		return r[i].logP > r[j].logP
	}
	return slices.Compare(r[i].at, r[j].at) < 0
}
func (r ranks) Swap(i, j int) { r[i], r[j] = r[j], r[i] }
func (r *ranks) Push(v any)   { *r = append(*r, v.(rank)) }
func (r *ranks) Pop() any {
	old := *r
	last := old[len(old)-1]
	*r = old[:len(old)-1]
	return last
}
