package crn

import (
	"fmt"
	"slices"
)

// Compiled is a network ready for numerics. It is immutable and safe for concurrent use.
type Compiled struct {
	net       *Network
	names     []string
	caps      []int
	changes   [][]int32 // s_k, [K][L]
	reactions []compiled
	terms     []factor // of all reactions, one after another
	masks     []mask
	limits    []limit
	plans     []plan // quick forms, one a reaction
	guards    []guard
	reads     [][]int // species on which a_k depends
	timed     bool
	events    []BoundEvent
}

// compiled holds the parts of one reaction as ranges of the flat arrays.
type compiled struct {
	constant         float64
	function         func(x []int32, t float64) float64
	ceiling          func(x []int32, t0, t1 float64) float64
	timed            bool
	term0, term1     int32
	mask0, mask1     int32
	limit0, limit1   int32
	anyOrderAboveOne bool
}

type factor struct{ species, order int32 }

type mask struct{ species, count int32 }

// limit is the range of a changed species in which source and target both lie inside the box.
type limit struct{ species, low, high int32 }

// Compile checks the network and prepares it for numerics; later changes of n do not reach the result.
func (n *Network) Compile() (*Compiled, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	c := &Compiled{net: n.Clone()}
	for _, s := range n.Species {
		c.names = append(c.names, s.Name)
		c.caps = append(c.caps, s.Cap)
	}
	for _, r := range n.Reactions {
		if err := c.add(r); err != nil {
			return nil, fmt.Errorf("crn: network %q: reaction %s (%s): %w", n.Name, r.Name, r.Format(n), err)
		}
	}
	for _, e := range n.Events {
		b, err := e.bind(c.net)
		if err != nil {
			return nil, fmt.Errorf("crn: network %q: event %s: %w", n.Name, e.Name, err)
		}
		c.events = append(c.events, b)
	}
	return c, nil
}

func (c *Compiled) add(r Reaction) error {
	bound, err := r.Rate.Bind(c.net)
	if err != nil {
		return err
	}
	k := compiled{constant: bound.Constant, function: bound.Function, ceiling: bound.Ceiling, timed: bound.TimeDependent,
		term0: int32(len(c.terms)), mask0: int32(len(c.masks)), limit0: int32(len(c.limits))}
	c.timed = c.timed || bound.TimeDependent
	change := make([]int32, len(c.names))
	for _, t := range r.Reactants {
		change[t.Species] -= int32(t.Order)
		if !bound.Whole {
			c.terms = append(c.terms, factor{int32(t.Species), int32(t.Order)})
			k.anyOrderAboveOne = k.anyOrderAboveOne || t.Order > 1
		}
	}
	for _, t := range r.Products {
		change[t.Species] += int32(t.Order)
	}
	for _, m := range r.Masks {
		c.masks = append(c.masks, mask{int32(m.Species), int32(m.Count)})
	}
	for s, d := range change {
		if d == 0 {
			continue
		}
		top := int32(maxCount)
		if c.caps[s] != Unbounded {
			top = int32(c.caps[s])
		}
		c.limits = append(c.limits, limit{int32(s), max(0, -d), min(top, top-d)})
	}
	c.reads = append(c.reads, reads(r, bound, change))
	k.term1, k.mask1, k.limit1 = int32(len(c.terms)), int32(len(c.masks)), int32(len(c.limits))
	c.plan(&k)
	c.reactions = append(c.reactions, k)
	c.changes = append(c.changes, change)
	return nil
}

// reads lists the species whose counts can change the propensity: through rate, reactants, masks or the box.
func reads(r Reaction, bound Bound, change []int32) []int {
	used := make([]bool, len(change))
	for s, d := range change {
		used[s] = d != 0 || (bound.Function != nil && bound.Reads == nil)
	}
	for _, s := range bound.Reads {
		used[s] = true
	}
	for _, t := range r.Reactants {
		used[t.Species] = true
	}
	for _, m := range r.Masks {
		used[m.Species] = true
	}
	var list []int
	for s, u := range used {
		if u {
			list = append(list, s)
		}
	}
	return list
}

// NumSpecies is L.
func (c *Compiled) NumSpecies() int { return len(c.names) }

// NumReactions is K.
func (c *Compiled) NumReactions() int { return len(c.reactions) }

// SpeciesNames returns the names in order; a copy.
func (c *Compiled) SpeciesNames() []string { return slices.Clone(c.names) }

// Caps returns the largest counts that are kept, Unbounded where there is none; a copy.
func (c *Compiled) Caps() []int { return slices.Clone(c.caps) }

// Change returns s_k, the change of the state by reaction k, length L. It must not be written to.
func (c *Compiled) Change(k int) []int32 { return c.changes[k] }

// Reads returns the species on which a_k depends. It must not be written to.
func (c *Compiled) Reads(k int) []int { return c.reads[k] }

// TimeDependent reports whether any propensity depends on t itself.
func (c *Compiled) TimeDependent() bool { return c.timed }

// Initial returns the law of species i at time 0.
func (c *Compiled) Initial(i int) Initial { return c.net.Species[i].Initial }

// Network returns a copy of the network that was compiled.
func (c *Compiled) Network() *Network { return c.net.Clone() }

// Propensity returns a_k(x, t). It is 0 where x or x + s_k lies outside the box in a species that reaction k changes.
func (c *Compiled) Propensity(k int, x []int32, t float64) float64 {
	r := &c.reactions[k]
	if !c.inside(r, x) {
		return 0
	}
	return c.free(r, x, t)
}

// free is the propensity without the box.
func (c *Compiled) free(r *compiled, x []int32, t float64) float64 {
	for _, m := range c.masks[r.mask0:r.mask1] {
		if x[m.species] != m.count {
			return 0
		}
	}
	a := r.constant
	if r.function != nil {
		a = r.function(x, t)
	}
	if !r.anyOrderAboveOne {
		for _, f := range c.terms[r.term0:r.term1] {
			a *= float64(x[f.species])
		}
		return a
	}
	for _, f := range c.terms[r.term0:r.term1] {
		a *= c.net.Law.factor(x[f.species], int(f.order))
	}
	return a
}

// Propensities writes a_k(x, t) of all reactions into dst, length K, and returns their sum.
func (c *Compiled) Propensities(dst []float64, x []int32, t float64) (total float64) {
	dst = dst[:len(c.reactions)]
	for k := range dst {
		a := c.Propensity(k, x, t)
		dst[k] = a
		total += a
	}
	return total
}

// Blocked returns the leak at x: the sum of the propensities that only the caps disable. x must lie inside the box.
func (c *Compiled) Blocked(x []int32, t float64) float64 {
	var leak float64
	for k := range c.reactions {
		r := &c.reactions[k]
		above, below := false, false
		for _, l := range c.limits[r.limit0:r.limit1] {
			n := x[l.species]
			above = above || n > l.high
			below = below || n < l.low
		}
		if above && !below {
			leak += c.free(r, x, t)
		}
	}
	return leak
}
