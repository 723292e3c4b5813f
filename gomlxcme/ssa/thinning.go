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
	next     float64 // time up to which nothing more happens, +Inf for ever
	found    bool    // at that time an event does
	reaction int     // by which
}

func newThinned(c *crn.Compiled) *thinned {
	return &thinned{c: c, x: make([]int32, c.NumSpecies()), top: make([]float64, c.NumReactions()), moves: moves(c)}
}

// State returns the present state.
func (d *thinned) State() []int32 { return d.x }

// Start begins at time 0.
func (d *thinned) Start(x []int32, rng *rand.Rand) error { return d.startAt(x, 0, rng) }

// startAt begins at time t.
func (d *thinned) startAt(x []int32, t float64, rng *rand.Rand) error {
	copy(d.x, x)
	d.rng = rng
	d.next, d.found = t, false
	return nil
}

// ceilings fills top for the window from t0 to t1 and returns its sum, which is +Inf if a ceiling is.
func (d *thinned) ceilings(t0, t1 float64) (sum float64, err error) {
	for k := range d.top {
		a := d.c.Ceiling(k, d.x, t0, t1)
		if !(a >= 0) {
			return 0, badPropensity(d.c, k, a, d.x)
		}
		d.top[k] = a
		sum += a
	}
	return sum, nil
}

const (
	// shortest is the number of halvings after which a window without a finite ceiling is given up.
	shortest = 2000
	// mostCandidates bounds the candidates to be expected in a finite window: beyond it the ceilings are too high for the time
	// that is left until the first.
	mostCandidates = 4 * windowEvents
)

// window finds the ceilings from t0 to t1, or to an earlier time if they are not finite up to there or far too high.
func (d *thinned) window(t0, t1 float64) (sum, end float64, err error) {
	for range shortest {
		sum, err = d.ceilings(t0, t1)
		switch {
		case err != nil:
			return 0, 0, err
		case sum <= math.MaxFloat64 && (math.IsInf(t1, 1) || sum*(t1-t0) <= mostCandidates):
			return sum, t1, nil
		case math.IsInf(t1, 1):
			t1 = t0 + 1
		default:
			t1 = t0 + (t1-t0)/2
		}
	}
	return 0, 0, fmt.Errorf("ssa: %w: the propensities sum to %v in state %v at t = %v: lower the rates", ErrPropensity, sum, d.x, t0)
}

// step moves on to the next candidate, or to the end of the window if there is none in it, and tells whether an event happens
// there. It depends on nothing but the present time and state, so that a trajectory does not depend on when it is asked for.
func (d *thinned) step() error {
	t := d.next
	now, _, err := d.window(t, t)
	if err != nil {
		return err
	}
	end := math.Inf(1)
	if now > 0 {
		end = t + windowEvents/now
	}
	sum, end, err := d.window(t, end)
	if err != nil {
		return err
	}
	if sum == 0 && !math.IsInf(end, 1) { // so small that it vanishes beside nothing
		if sum, end, err = d.window(t, math.Inf(1)); err != nil {
			return err
		}
	}
	if sum == 0 {
		d.next = end
		return nil
	}
	candidate := t + d.rng.ExpFloat64()/sum
	if math.IsInf(candidate, 1) || candidate > end {
		d.next = max(min(candidate, end), math.Nextafter(t, math.Inf(1)))
		return nil
	}
	d.next = candidate
	k := choose(d.top, d.rng.Float64()*sum)
	a := d.c.Propensity(k, d.x, candidate)
	if !(a >= 0) || a > d.top[k]*(1+1e-9) {
		r := d.c.Network().Reactions[k]
		return fmt.Errorf("ssa: %w: reaction %s has propensity %v at t = %v in state %v, above the ceiling %v that its rate offers: mend the rate",
			ErrPropensity, r.Name, a, candidate, d.x, d.top[k])
	}
	d.found = d.rng.Float64()*d.top[k] < a
	d.reaction = k
	return nil
}

// Advance fires the events up to the given time.
func (d *thinned) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for {
		for !d.found && d.next <= until {
			if err := d.step(); err != nil {
				return done, false, err
			}
		}
		switch {
		case d.next > until:
			return done, true, nil
		case done == events:
			return done, false, nil
		}
		for _, m := range d.moves[d.reaction] {
			d.x[m.species] += m.by
		}
		d.found = false
		done++
		if seen != nil {
			seen(d.next, d.x)
		}
	}
}
