package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Direct is Gillespie's direct method. After an event it computes only the propensities that can have changed. Where rates depend on
// time it draws by thinning, which is exact too.
type Direct struct{}

// String returns "direct".
func (Direct) String() string { return "direct" }

// New refuses networks with a rate that depends on time and offers no ceiling.
func (Direct) New(c *crn.Compiled) (Simulator, error) {
	if c.HasEvents() {
		return newEventful(c, Direct{})
	}
	if c.TimeDependent() {
		if !c.HasCeilings() {
			return nil, fmt.Errorf("ssa: %w: the direct method draws them by thinning, for which each must offer a ceiling (crn.Bound)", ErrTimeDependent)
		}
		return newThinned(c), nil
	}
	return &direct{c: c, x: make([]int32, c.NumSpecies()), a: make([]float64, c.NumReactions()),
		moves: moves(c), affected: affected(c)}, nil
}

type direct struct {
	c        *crn.Compiled
	rng      *rand.Rand
	x        []int32
	a        []float64 // propensities at x
	total    float64
	next     float64 // time of the next event, drawn already
	moves    [][]move
	affected [][]int32
}

// move is the change of one species.
type move struct{ species, by int32 }

// moves lists for each reaction the species that it changes.
func moves(c *crn.Compiled) [][]move {
	out := make([][]move, c.NumReactions())
	for k := range out {
		for s, d := range c.Change(k) {
			if d != 0 {
				out[k] = append(out[k], move{int32(s), d})
			}
		}
	}
	return out
}

// affected lists for each reaction the reactions whose propensities its event can change.
func affected(c *crn.Compiled) [][]int32 {
	out := make([][]int32, c.NumReactions())
	for k := range out {
		change := c.Change(k)
		for m := range out {
			for _, s := range c.Reads(m) {
				if change[s] != 0 {
					out[k] = append(out[k], int32(m))
					break
				}
			}
		}
	}
	return out
}

// State returns the present state.
func (d *direct) State() []int32 { return d.x }

// Start computes all propensities and draws the first waiting time.
func (d *direct) Start(x []int32, rng *rand.Rand) error {
	copy(d.x, x)
	d.rng = rng
	for k := range d.a {
		if err := d.update(k, 0); err != nil {
			return err
		}
	}
	d.next = 0
	return d.wait()
}

func (d *direct) update(k int, t float64) error {
	a := d.c.PropensityInside(k, d.x, t)
	if !(a >= 0) || a > math.MaxFloat64 {
		return badPropensity(d.c, k, a, d.x)
	}
	d.a[k] = a
	return nil
}

// badPropensity is the error for a propensity that is negative or not finite.
func badPropensity(c *crn.Compiled, k int, a float64, x []int32) error {
	n := c.Network()
	r := n.Reactions[k]
	return fmt.Errorf("ssa: %w: reaction %s (%s) has propensity %v in state %v: mend its rate", ErrPropensity, r.Name, r.Format(n), a, x)
}

// wait draws the time of the next event. The sum is taken anew each time, so that rounding does not pile up.
func (d *direct) wait() error {
	d.total = sum(d.a)
	if d.total > math.MaxFloat64 {
		return fmt.Errorf("ssa: %w: the propensities sum to %v in state %v: lower the rates", ErrPropensity, d.total, d.x)
	}
	if d.total == 0 {
		d.next = math.Inf(1)
		return nil
	}
	d.next += d.rng.ExpFloat64() / d.total
	return nil
}

// sum adds in four lanes, since one addition that waits for the other takes most of the time of a long sum.
func sum(a []float64) float64 {
	var s0, s1, s2, s3 float64
	for ; len(a) >= 4; a = a[4:] {
		s0 += a[0]
		s1 += a[1]
		s2 += a[2]
		s3 += a[3]
	}
	for _, v := range a {
		s0 += v
	}
	return (s0 + s1) + (s2 + s3)
}

// choose returns the reaction into whose part of the sum of propensities the number u falls.
func choose(propensities []float64, u float64) int {
	last := 0
	for k, a := range propensities {
		if a == 0 {
			continue
		}
		if last = k; u < a {
			break
		}
		u -= a
	}
	return last // the last possible one, if rounding has left something of u
}

// Advance fires the events up to the given time.
func (d *direct) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for ; d.next <= until; done++ {
		if done == events {
			return done, false, nil
		}
		k := choose(d.a, d.rng.Float64()*d.total)
		for _, m := range d.moves[k] {
			d.x[m.species] += m.by
		}
		if seen != nil {
			seen(d.next, d.x)
		}
		for _, m := range d.affected[k] {
			if err := d.update(int(m), d.next); err != nil {
				return done, false, err
			}
		}
		if err := d.wait(); err != nil {
			return done, false, err
		}
	}
	return done, true, nil
}
