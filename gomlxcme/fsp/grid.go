package fsp

import (
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// grid is 1 + Q/Λ on all states of a box, without stored indices. The states are ordered as the digits of a number, the species
// with the largest cap last, so that they form rows in which only this species changes. Reactions with the same change
// lead from a row to one other row with a fixed shift, and their summed propensity along the row depends on few of the
// other species: rows that agree in these share one short vector, which stays in the cache. A product so moves little more
// than the vectors p themselves.
type grid struct {
	rate   float64
	n      int       // states of a row
	rows   int       //
	stay   []float64 // diagonal
	shifts []shift

	still    []bool // absorbing states; nil if there are none
	stillRow []bool // rows that hold some
}

// shift is all reactions with one change.
type shift struct {
	rows  int     // from row r to row r + rows
	count int     // from place s to place s + count
	lo    int     // places lo … hi−1 can move
	hi    int     //
	kind  []int32 // [rows of the grid] vector of each source row, −1 for none
	along [][]float64
	flat  []float64 // value of the vectors that are constant from lo to hi, negative for the others
}

// gridOrder returns the species from the slowest to the fastest digit.
func gridOrder(caps []int) []int {
	order := make([]int, len(caps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return caps[a] - caps[b] })
	return order
}

// enumerate lists the box in the order of the grid.
func enumerate(caps, order []int, size int) *dist.StateSet {
	set := dist.NewStateSet(len(caps))
	x := make([]int32, len(caps))
	for range size {
		set.Add(x)
		for i := len(order) - 1; i >= 0; i-- {
			s := order[i]
			if x[s]++; int(x[s]) <= caps[s] {
				break
			}
			x[s] = 0
		}
	}
	return set
}

// newGrid makes the operator and, apart from the matrix, the generator of the box.
func newGrid(c *crn.Compiled, set *dist.StateSet, order []int, absorbs func(x []int32) bool) (*grid, *generator) {
	caps := c.Caps()
	inner := order[len(order)-1]
	g := &grid{n: caps[inner] + 1, stay: make([]float64, set.Len())}
	g.rows = set.Len() / g.n
	if absorbs != nil {
		g.mark(set, absorbs)
	}
	stride := make([]int, len(caps)) // in rows
	for i, size := len(order)-2, 1; i >= 0; i-- {
		stride[order[i]] = size
		size *= caps[order[i]] + 1
	}
	for _, members := range sameChange(c) {
		change := c.Change(members[0])
		s := shift{count: int(change[inner]), kind: make([]int32, g.rows)}
		for j, d := range change {
			s.rows += stride[j] * int(d)
		}
		s.lo, s.hi = max(0, -s.count), min(g.n, g.n-s.count)
		g.fill(&s, c, set, members, order)
		g.shifts = append(g.shifts, s)
	}
	rest := &generator{beyond: make([]functional, len(caps))}
	for _, out := range g.stay {
		g.rate = max(g.rate, out)
	}
	for i, out := range g.stay {
		if g.rate > 0 {
			g.stay[i] = 1 - out/g.rate
		}
		if !g.absorbed(i) {
			rest.leak.add(i, c.Blocked(set.State(i), 0))
		}
	}
	for _, s := range g.shifts {
		for k, v := range s.along {
			for i := range v {
				v[i] /= g.rate
			}
			s.flat[k] /= g.rate
		}
	}
	rest.rate = g.rate
	return g, rest
}

// mark finds the absorbing states.
func (g *grid) mark(set *dist.StateSet, absorbs func(x []int32) bool) {
	g.still, g.stillRow = make([]bool, set.Len()), make([]bool, g.rows)
	for i := range g.still {
		if absorbs(set.State(i)) {
			g.still[i], g.stillRow[i/g.n] = true, true
		}
	}
}

func (g *grid) absorbed(i int) bool { return g.still != nil && g.still[i] }

// sameChange groups the reactions that change the state alike; those that change nothing are left out.
func sameChange(c *crn.Compiled) [][]int {
	var groups [][]int
	for k := range c.NumReactions() {
		moves := slices.ContainsFunc(c.Change(k), func(d int32) bool { return d != 0 })
		if !moves {
			continue
		}
		at := slices.IndexFunc(groups, func(g []int) bool { return slices.Equal(c.Change(g[0]), c.Change(k)) })
		if at < 0 {
			groups = append(groups, nil)
			at = len(groups) - 1
		}
		groups[at] = append(groups[at], k)
	}
	return groups
}

// fill finds the vectors of a shift and adds its propensities to the outflow in stay.
func (g *grid) fill(s *shift, c *crn.Compiled, set *dist.StateSet, members, order []int) {
	inner := order[len(order)-1]
	var reads []int
	for _, k := range members {
		for _, j := range c.Reads(k) {
			if j != inner && !slices.Contains(reads, j) {
				reads = append(reads, j)
			}
		}
	}
	known := map[int]int32{} // by the counts of the species that are read, as the digits of a number
	caps := c.Caps()
	for r := range g.rows {
		x := set.State(r * g.n)
		key := 0
		for _, j := range reads {
			key = key*(caps[j]+1) + int(x[j])
		}
		kind, ok := known[key]
		if !ok || g.stillRow != nil && g.stillRow[r] { // such rows share no vector
			v := make([]float64, g.n)
			any := false
			for i := range v {
				for _, k := range members {
					if g.absorbed(r*g.n + i) {
						break
					}
					v[i] += c.Propensity(k, set.State(r*g.n+i), 0)
				}
				any = any || v[i] != 0
			}
			kind = -1
			if any {
				kind = int32(len(s.along))
				s.along, s.flat = append(s.along, v), append(s.flat, constant(v[s.lo:s.hi]))
			}
			if g.stillRow == nil || !g.stillRow[r] {
				known[key] = kind
			}
		}
		s.kind[r] = kind
		if kind >= 0 {
			stay := g.stay[r*g.n : (r+1)*g.n]
			for i, a := range s.along[kind] {
				stay[i] += a
			}
		}
	}
}

// constant returns the common value of v, −1 if there is none: propensities are never negative.
func constant(v []float64) float64 {
	for _, a := range v {
		if a != v[0] {
			return -1
		}
	}
	return v[0]
}

func (g *grid) size() int { return len(g.stay) }

func (g *grid) lambda() float64 { return g.rate }

func (g *grid) diagonal(i int) float64 { return g.stay[i] }

// split gives every worker as many rows.
func (g *grid) split(workers int) []int {
	workers = max(1, min(workers, g.size()*(1+len(g.shifts))/worthSharing))
	bounds := make([]int, workers+1)
	for w := range bounds {
		bounds[w] = g.rows * w / workers
	}
	return bounds
}

// multiply does a job for rows lo … hi−1.
func (g *grid) multiply(j job, lo, hi int) {
	n := g.n
	acc := make([]float64, n)
	for r := lo; r < hi; r++ {
		p, stay := j.p[r*n:(r+1)*n], g.stay[r*n:(r+1)*n]
		setProduct(acc, stay, p)
		for k := range g.shifts {
			s := &g.shifts[k]
			from := r - s.rows
			if from < 0 || from >= g.rows || s.kind[from] < 0 {
				continue
			}
			kind := s.kind[from]
			source := j.p[from*n+s.lo : from*n+s.hi]
			target := acc[s.lo+s.count : s.hi+s.count]
			if a := s.flat[kind]; a >= 0 {
				addScaled(target, source, a)
			} else {
				addProduct(target, source, s.along[kind][s.lo:s.hi])
			}
		}
		j.finishRow(acc, r*n)
	}
}
