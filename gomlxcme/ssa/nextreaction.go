package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// NextReaction is the method of Gibson and Bruck: every reaction has a time at which it would fire, the earliest one does, and only the
// reactions that depend on what has changed get new times, scaled from the old ones so that one random number an event is enough. It is
// exact, like Direct, and costs less where an event touches few of very many reactions: on a cascade of 400 reactions, 4 of which an
// event touches, it is 1.15 times faster. On the 35 of a MAP kinase cascade it is twelve times slower, because Direct remembers most states
// there. Without that memory Direct would still be 1.9 times faster: an event touches 16 reactions, and each one has its place in the heap
// to find.
type NextReaction struct{}

// String returns "next-reaction".
func (NextReaction) String() string { return "next-reaction" }

// New refuses networks whose rates depend on time. Events are followed.
func (NextReaction) New(c *crn.Compiled) (Simulator, error) {
	if c.HasEvents() {
		return newEventful(c, NextReaction{})
	}
	if c.TimeDependent() {
		return nil, fmt.Errorf("ssa: %w: next-reaction needs propensities that stay constant between events; use the direct method", ErrTimeDependent)
	}
	return &nextReaction{c: c, x: make([]int32, c.NumSpecies()), a: make([]float64, c.NumReactions()), moves: moves(c), affected: affected(c),
		queue: newQueue(c.NumReactions())}, nil
}

type nextReaction struct {
	c        *crn.Compiled
	rng      *rand.Rand
	x        []int32
	a        []float64
	moves    [][]move
	affected [][]int32 // the dependency graph
	queue    *queue    // of the times at which reactions fire
}

// State returns the present state.
func (d *nextReaction) State() []int32 { return d.x }

// Start draws a time for every reaction.
func (d *nextReaction) Start(x []int32, rng *rand.Rand) error {
	copy(d.x, x)
	d.rng = rng
	for k := range d.a {
		a, err := d.propensity(k, 0)
		if err != nil {
			return err
		}
		d.a[k] = a
		d.queue.times[k] = d.wait(a)
	}
	d.queue.order()
	return nil
}

func (d *nextReaction) propensity(k int, t float64) (float64, error) {
	a := d.c.PropensityInside(k, d.x, t)
	if !(a >= 0) || a > math.MaxFloat64 {
		return 0, badPropensity(d.c, k, a, d.x)
	}
	return a, nil
}

// wait draws a waiting time; a reaction that cannot run waits for ever.
func (d *nextReaction) wait(a float64) float64 {
	if a == 0 {
		return math.Inf(1)
	}
	return d.rng.ExpFloat64() / a
}

// Advance fires the events up to the given time.
func (d *nextReaction) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for ; ; done++ {
		k, t := d.queue.first()
		if !(t <= until) || math.IsInf(t, 1) {
			return done, true, nil
		}
		if done == events {
			return done, false, nil
		}
		for _, m := range d.moves[k] {
			d.x[m.species] += m.by
		}
		if seen != nil {
			seen(t, d.x)
		}
		redrawn := false
		for _, m := range d.affected[k] {
			a, err := d.propensity(int(m), t)
			if err != nil {
				return done, false, err
			}
			old := d.a[m]
			d.a[m] = a
			switch {
			case int(m) == k:
				redrawn = true
				d.queue.set(k, t+d.wait(a))
			case a == old:
			case a == 0:
				d.queue.set(int(m), math.Inf(1))
			case old == 0: // its waiting time is exponential anew
				d.queue.set(int(m), t+d.wait(a))
			default:
				d.queue.set(int(m), t+old/a*(d.queue.times[m]-t))
			}
		}
		if !redrawn { // a reaction may leave its own propensity as it is
			d.queue.set(k, t+d.wait(d.a[k]))
		}
	}
}
