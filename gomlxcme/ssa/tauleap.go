package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"gonum.org/v1/gonum/stat/distuv"
)

// TauLeap is explicit tau-leaping with the step selection of Cao, Gillespie and Petzold (J. Chem. Phys. 124, 044109, 2006): over a leap in
// which no propensity changes by much more than a share Epsilon, every reaction fires a Poisson number of times. It is approximate, with
// an error of order Epsilon, and pays where counts are large.
//
// In addition at most a share 4 Epsilon of a species comes or goes in a leap; else balances of fast reactions would be blurred.
//
// Reactions that are within ten firings of an empty species or of a cap fire one at a time, and so do reactions that change a
// species on which a mask waits. A leap that would still leave the box is thrown away and drawn anew at half the length. Where leaps would be
// shorter than ten mean waiting times it takes a hundred exact steps. Between the ends of a leap a state is read off by giving each
// firing a random place in the leap; such a state may precede its own end by one reaction of a pair, and where it would leave the box the
// nearer end is shown.
type TauLeap struct {
	Epsilon float64 // largest relative change of a propensity in a leap; 0 means 0.03
}

const (
	usualEpsilon    = 0.03
	criticalFirings = 10  // reactions with less room than this are critical
	shortestLeap    = 10  // in mean waiting times; below it exact steps are taken
	exactSteps      = 100 // taken at a time
	largestCount    = math.MaxInt32 / 2
)

// String returns "tau-leap".
func (TauLeap) String() string { return "tau-leap" }

// New refuses networks whose rates depend on time, networks with events, and an Epsilon that is not between 0 and 1.
func (m TauLeap) New(c *crn.Compiled) (Simulator, error) {
	if m.Epsilon == 0 {
		m.Epsilon = usualEpsilon
	}
	if !(m.Epsilon > 0 && m.Epsilon < 1) {
		return nil, fmt.Errorf("ssa: %w: tau-leap with Epsilon %v: give a number between 0 and 1, or 0 for %v", ErrSettings, m.Epsilon, usualEpsilon)
	}
	if err := c.RefuseEvents("tau-leap"); err != nil {
		return nil, fmt.Errorf("ssa: %w", err)
	}
	if c.TimeDependent() {
		return nil, fmt.Errorf("ssa: %w: tau-leap needs propensities that stay constant between events; use the direct method", ErrTimeDependent)
	}
	l, k := c.NumSpecies(), c.NumReactions()
	d := &tauLeap{c: c, x: make([]int32, l), end: make([]int32, l), shown: make([]int32, l), a: make([]float64, k), fired: make([]int64, k),
		critical: make([]bool, k), moves: moves(c), selection: newSelection(c, m.Epsilon)}
	return d, nil
}

type tauLeap struct {
	c         *crn.Compiled
	rng       *rand.Rand
	x, end    []int32 // states at the two ends of the present leap
	shown     []int32 // state at the time that was asked for
	a         []float64
	fired     []int64 // in the present leap
	critical  []bool
	moves     [][]move
	selection *selection
	now, next float64 // times of the two ends; next is +Inf if nothing can happen
	firings   uint64  // in the present leap
	exact     int     // exact steps left to take
	leap      bool    // not an exact step
	salt      uint64  // places the firings in the leap
}

// State returns the present state.
func (d *tauLeap) State() []int32 { return d.shown }

// Start draws the first leap.
func (d *tauLeap) Start(x []int32, rng *rand.Rand) error {
	copy(d.x, x)
	copy(d.shown, x)
	d.rng, d.now, d.exact = rng, 0, 0
	return d.draw()
}

// draw finds the leap, or the exact step, that follows the present time.
func (d *tauLeap) draw() error {
	total, err := d.propensities()
	if err != nil {
		return err
	}
	clear(d.fired)
	d.leap = false
	switch {
	case total == 0:
		d.next = math.Inf(1)
		return nil
	case d.exact == 0:
		if d.leap = d.drawLeap(total); d.leap {
			d.salt = d.rng.Uint64()
			return nil
		}
		d.exact = exactSteps
		clear(d.fired)
	}
	d.exact--
	d.next = d.now + d.rng.ExpFloat64()/total
	d.fired[choose(d.a, d.rng.Float64()*total)] = 1
	d.firings = 1
	d.land()
	return nil
}

func (d *tauLeap) propensities() (total float64, err error) {
	for k := range d.a {
		a := d.c.PropensityInside(k, d.x, d.now)
		if !(a >= 0) || a > math.MaxFloat64 {
			return 0, badPropensity(d.c, k, a, d.x)
		}
		d.a[k] = a
		total += a
	}
	if total > math.MaxFloat64 {
		return 0, fmt.Errorf("ssa: %w: the propensities sum to %v in state %v: lower the rates", ErrPropensity, total, d.x)
	}
	return total, nil
}

// drawLeap draws a leap that stays in the box, or reports that leaps would be too short.
func (d *tauLeap) drawLeap(total float64) bool {
	single := 0.0 // propensity of all critical reactions
	for k, a := range d.a {
		d.critical[k] = a > 0 && d.selection.isCritical(k, d.moves[k], d.x)
		if d.critical[k] {
			single += a
		}
	}
	longest := d.selection.longest(d.x, d.a, d.critical, d.moves)
	for ; longest >= shortestLeap/total; longest /= 2 {
		length, one := longest, false
		if single > 0 {
			if wait := d.rng.ExpFloat64() / single; wait <= longest {
				length, one = wait, true
			}
		}
		if math.IsInf(length, 1) { // nothing but critical reactions, none of which can run
			return false
		}
		d.firings = 0
		for k, a := range d.a {
			d.fired[k] = 0
			if a > 0 && !d.critical[k] {
				d.fired[k] = int64(min(distuv.Poisson{Lambda: a * length, Src: d.rng}.Rand(), largestCount))
			}
			d.firings += uint64(d.fired[k])
		}
		if one {
			d.fired[d.chooseCritical(single)]++
			d.firings++
		}
		if d.land() {
			d.next = d.now + length
			return true
		}
	}
	return false
}

// chooseCritical draws the critical reaction that ends the leap.
func (d *tauLeap) chooseCritical(single float64) int {
	u, last := d.rng.Float64()*single, 0
	for k, a := range d.a {
		if !d.critical[k] {
			continue
		}
		if last = k; u < a {
			break
		}
		u -= a
	}
	return last
}

// land fills the state at the end of the leap and reports whether it lies in the box.
func (d *tauLeap) land() bool { return d.after(d.end, func(k int) int64 { return d.fired[k] }) }

// after writes the state after the given firings from x and reports whether it lies in the box.
func (d *tauLeap) after(dst []int32, fired func(k int) int64) bool {
	copy(dst, d.x)
	wide := d.selection.wide
	for s, n := range d.x {
		wide[s] = int64(n)
	}
	for k, moves := range d.moves {
		if f := fired(k); f != 0 {
			for _, m := range moves {
				wide[m.species] += int64(m.by) * f
			}
		}
	}
	for s, n := range wide {
		if n < 0 || n > d.selection.caps[s] {
			return false
		}
		dst[s] = int32(n)
	}
	return true
}

// Advance makes the leaps that end by the given time, and reads the state at that time off the leap that crosses it.
func (d *tauLeap) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for d.next <= until {
		if done >= events {
			copy(d.shown, d.x)
			return done, false, nil
		}
		copy(d.x, d.end)
		d.now = d.next
		done += max(1, d.firings)
		if seen != nil {
			seen(d.now, d.x)
		}
		if err := d.draw(); err != nil {
			return done, false, err
		}
	}
	d.show(until)
	return done, true, nil
}

// show fills the state at a time inside the present leap. It depends on the leap and the time alone, so that asking for it disturbs
// nothing.
func (d *tauLeap) show(t float64) {
	share := (t - d.now) / (d.next - d.now)
	if !d.leap || share <= 0 {
		copy(d.shown, d.x)
		return
	}
	inside := d.after(d.shown, func(k int) int64 {
		if d.critical[k] { // it fires at the end
			return 0
		}
		u := float64(mix(d.salt+uint64(k))>>11) / (1 << 53)
		return binomialQuantile(d.fired[k], share, u)
	})
	switch {
	case inside:
	case share < 0.5:
		copy(d.shown, d.x)
	default:
		copy(d.shown, d.end)
	}
}

// binomialQuantile is the smallest number of n firings, each before the given share of the leap with that probability, whose
// cumulative probability is above u; for a given u it rises with the share.
func binomialQuantile(n int64, share, u float64) int64 {
	if n == 0 || share >= 1 {
		return n
	}
	law := distuv.Binomial{N: float64(n), P: share}
	low, high := int64(0), n
	for low < high {
		middle := low + (high-low)/2
		if law.CDF(float64(middle)) > u {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}
