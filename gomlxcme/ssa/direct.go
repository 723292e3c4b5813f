package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Direct is Gillespie's direct method. After an event it computes only the propensities that can have changed, and in a state to
// which some trajectory of the same worker has come before, none: up to 16 MB a worker remember states, as long as that pays. Where
// rates depend on time it draws by thinning, which is exact too.
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
	return newDirect(c), nil
}

type direct struct {
	c        *crn.Compiled
	draws    draws
	next     float64 // time of the next event
	choice   int64   // chooses its reaction
	total    float64 // sum of the propensities
	moves    [][]move
	affected [][]int32

	// Of a state that is not kept in the memory.
	x    []int32
	sums *sums

	memory *memory // nil if states will not repeat
	row    int32   // of the present state in the memory, −1 if it is not kept there
	use    usage
}

func newDirect(c *crn.Compiled) *direct {
	d := &direct{c: c, x: make([]int32, c.NumSpecies()), sums: newSums(c.NumReactions()), moves: moves(c), affected: affected(c), row: -1}
	if c.NumReactions() <= mostReactions {
		d.memory = newMemory(c, d.sums)
	}
	return d
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
func (d *direct) State() []int32 {
	if d.row >= 0 {
		return d.memory.at(d.row)
	}
	return d.x
}

// Start computes all propensities and draws the first waiting time.
func (d *direct) Start(x []int32, rng *rand.Rand) error {
	copy(d.x, x)
	d.draws.begin(rng)
	d.next = 0
	if err := d.settle(); err != nil {
		return err
	}
	d.wait()
	return nil
}

// settle looks up the state x in the memory, or computes its propensities.
func (d *direct) settle() error {
	d.row = -1
	if d.use.idle > 0 || d.memory == nil {
		return d.all()
	}
	if d.memory.full() {
		d.memory.forget()
	}
	if o, ok := d.memory.find(d.x); ok {
		d.row, d.total = o, d.memory.total(int(o))
		return nil
	}
	if err := d.all(); err != nil {
		d.memory.forget()
		return err
	}
	d.row = d.memory.add()
	d.use.rows++
	return nil
}

// all computes all propensities at x.
func (d *direct) all() error {
	for k := range d.c.NumReactions() {
		a := d.c.PropensityInside(k, d.x, 0)
		if !(a >= 0) {
			return badPropensity(d.c, k, a, d.x)
		}
		d.sums.a[k] = a
	}
	return d.add(0)
}

// add sums the propensities up from block b on. One that is not finite shows in the sum.
func (d *direct) add(b int) error {
	if d.total = d.sums.add(b); d.total <= math.MaxFloat64 {
		return nil
	}
	return badSum(d.c, d.sums.a[:d.c.NumReactions()], d.total, d.x)
}

// badSum is the error for propensities with a sum that is not finite.
func badSum(c *crn.Compiled, propensities []float64, total float64, x []int32) error {
	for k, a := range propensities {
		if !(a >= 0) || a > math.MaxFloat64 {
			return badPropensity(c, k, a, x)
		}
	}
	return fmt.Errorf("ssa: %w: the propensities sum to %v in state %v: lower the rates", ErrPropensity, total, x)
}

// badPropensity is the error for a propensity that is negative or not finite.
func badPropensity(c *crn.Compiled, k int, a float64, x []int32) error {
	n := c.Network()
	r := n.Reactions[k]
	return fmt.Errorf("ssa: %w: reaction %s (%s) has propensity %v in state %v: mend its rate", ErrPropensity, r.Name, r.Format(n), a, x)
}

// wait draws the next event.
func (d *direct) wait() {
	i := d.draws.take()
	d.choice = d.draws.choice[i]
	if d.total == 0 {
		d.next = math.Inf(1)
		return
	}
	d.next += d.draws.wait[i] / d.total
}

// Advance fires the events up to the given time.
func (d *direct) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for d.next <= until && done < events && err == nil {
		var n uint64
		if d.row >= 0 {
			n, err = d.recall(until, events-done, seen)
		} else {
			n, err = d.compute(until, events-done, seen)
		}
		done += n
	}
	return done, d.next > until && err == nil, err
}

// compute fires events with propensities that are computed as they change.
func (d *direct) compute(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, err error) {
	if d.memory != nil {
		if d.use.idle == 0 {
			return 0, d.settle()
		}
		events = min(events, d.use.idle)
		defer func() { d.use.idle -= done }()
	}
	for ; d.next <= until && done < events; done++ {
		k := d.sums.choose(d.choice)
		for _, m := range d.moves[k] {
			d.x[m.species] += m.by
		}
		if seen != nil {
			seen(d.next, d.x)
		}
		first := len(d.sums.base) - 1
		for _, m := range d.affected[k] {
			a := d.c.PropensityInside(int(m), d.x, d.next)
			if !(a >= 0) {
				return done, badPropensity(d.c, int(m), a, d.x)
			}
			d.sums.a[m] = a
			first = min(first, int(m)/blockLength)
		}
		if err := d.add(first); err != nil {
			return done, err
		}
		d.wait()
	}
	return done, nil
}
