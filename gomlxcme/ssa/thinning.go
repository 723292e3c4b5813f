package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// windowEvents is the length of a window of thinning, in mean waiting times at its start.
const windowEvents = 4

// thinned is the direct method for rates that depend on time: candidates for events are drawn from ceilings that hold over a window
// of time, and each is kept with the probability that the true propensity bears to its ceiling (P. A. W. Lewis and G. S. Shedler, Nav. Res.
// Logist. Q. 26, 403, 1979). A window without a candidate ends and the next begins. This is exact for any ceilings.
type thinned struct {
	c        *crn.Compiled
	rng      *rand.Rand
	x        []int32
	top      []float64 // ceilings in the present window
	moves    [][]move
	next     float64 // time of the next event, +Inf for never
	reaction int     // that fires then
}

func newThinned(c *crn.Compiled) *thinned {
	return &thinned{c: c, x: make([]int32, c.NumSpecies()), top: make([]float64, c.NumReactions()), moves: moves(c)}
}

// State returns the present state.
func (d *thinned) State() []int32 { return d.x }

// Start draws the first event.
func (d *thinned) Start(x []int32, rng *rand.Rand) error { return d.startAt(x, 0, rng) }

// startAt begins at time t.
func (d *thinned) startAt(x []int32, t float64, rng *rand.Rand) error {
	copy(d.x, x)
	d.rng = rng
	d.next = t
	return d.draw()
}

// ceilings fills top for the window from t0 to t1 and returns its sum.
func (d *thinned) ceilings(t0, t1 float64) (sum float64, err error) {
	for k := range d.top {
		a := d.c.Ceiling(k, d.x, t0, t1)
		if !(a >= 0) || a > math.MaxFloat64 {
			return 0, badPropensity(d.c, k, a, d.x)
		}
		d.top[k] = a
		sum += a
	}
	if sum > math.MaxFloat64 {
		return 0, fmt.Errorf("ssa: %w: the propensities sum to %v in state %v: lower the rates", ErrPropensity, sum, d.x)
	}
	return sum, nil
}

// draw finds the event that follows the present time d.next.
func (d *thinned) draw() error {
	for t := d.next; ; {
		now, err := d.ceilings(t, t)
		if err != nil {
			return err
		}
		end := math.Inf(1)
		if now > 0 {
			end = t + windowEvents/now
		}
		sum, err := d.ceilings(t, end)
		if err != nil {
			return err
		}
		if sum == 0 && !math.IsInf(end, 1) { // so small that it vanishes beside nothing
			end = math.Inf(1)
			if sum, err = d.ceilings(t, end); err != nil {
				return err
			}
		}
		if sum == 0 {
			d.next = math.Inf(1)
			return nil
		}
		candidate := t + d.rng.ExpFloat64()/sum
		if math.IsInf(candidate, 1) {
			d.next = candidate
			return nil
		}
		if candidate > end {
			t = end
			continue
		}
		t = candidate
		k := choose(d.top, d.rng.Float64()*sum)
		a := d.c.Propensity(k, d.x, t)
		if !(a >= 0) || a > d.top[k]*(1+1e-9) {
			r := d.c.Network().Reactions[k]
			return fmt.Errorf("ssa: %w: reaction %s has propensity %v at t = %v in state %v, above the ceiling %v that its rate offers: mend the rate",
				ErrPropensity, r.Name, a, t, d.x, d.top[k])
		}
		if d.rng.Float64()*d.top[k] < a {
			d.next, d.reaction = t, k
			return nil
		}
	}
}

// Advance fires the events up to the given time.
func (d *thinned) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for ; d.next <= until; done++ {
		if done == events {
			return done, false, nil
		}
		for _, m := range d.moves[d.reaction] {
			d.x[m.species] += m.by
		}
		if seen != nil {
			seen(d.next, d.x)
		}
		if err := d.draw(); err != nil {
			return done, false, err
		}
	}
	return done, true, nil
}
