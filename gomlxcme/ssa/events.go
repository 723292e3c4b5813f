package ssa

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// maxFirings bounds the events that may follow each other at one time.
const maxFirings = 10_000

// ErrEvents says that an event cannot be executed, or that a method cannot follow events.
var ErrEvents = crn.ErrEvent

// eventful lets the events of a network act on the trajectories of an exact method. Triggers are looked at after every
// reaction, and at the times at which a comparison with time switches, which can be computed because the state is constant in
// between. An event that changes the state starts the method anew there, which is exact: exponential waiting times have
// no memory, and rates that depend on time are drawn from the present time on.
type eventful struct {
	c         *crn.Compiled
	inner     Simulator
	later     laterStart // inner, if its rates depend on time
	events    []crn.BoundEvent
	species   []crn.Species
	stateful  bool // some trigger depends on the state
	rng       *rand.Rand
	x, before []int32
	origin    float64   // time at which inner was started
	nexts     []float64 // for each trigger the time at which to look at it next, if the state stays
	holds     []bool    // the triggers
	queue     []firing
	firings   uint64 // so far
	seen      func(t float64, x []int32)
	stop      float64 // time up to which inner may go
	last      float64 // time of the last reaction
	watch     func(t float64, x []int32)
}

// laterStart is a Simulator that can begin at a time other than 0.
type laterStart interface {
	startAt(x []int32, t float64, rng *rand.Rand) error
}

// firing is an event whose trigger has turned true, waiting for its time.
type firing struct {
	due    float64 // time of the execution
	event  int
	values []int32 // for each assignment; nil if they are computed late
}

// newEventful makes the simulator of an exact method for a network with events.
func newEventful(c *crn.Compiled, m Method) (Simulator, error) {
	inner, err := m.New(c.WithoutEvents())
	if err != nil {
		return nil, err
	}
	d := &eventful{c: c, inner: inner, events: c.Events(), species: c.Network().Species, x: make([]int32, c.NumSpecies()), before: make([]int32, c.NumSpecies())}
	d.holds, d.nexts = make([]bool, len(d.events)), make([]float64, len(d.events))
	if c.TimeDependent() {
		later, ok := inner.(laterStart)
		if !ok {
			return nil, c.RefuseEvents("the method " + m.String() + " with rates that depend on time")
		}
		d.later = later
	}
	for _, e := range d.events {
		d.stateful = d.stateful || len(e.Trigger.Reads()) > 0
	}
	d.watch = func(t float64, x []int32) {
		d.last = min(t+d.origin, d.stop) // rounding must not carry it beyond
		if d.seen != nil {
			d.seen(d.last, x)
		}
	}
	return d, nil
}

// FollowsEvents is true.
func (d *eventful) FollowsEvents() bool { return true }

// State returns the present state.
func (d *eventful) State() []int32 { return d.x }

// Start settles the events that fire at time 0.
func (d *eventful) Start(x []int32, rng *rand.Rand) error {
	copy(d.x, x)
	d.rng, d.queue, d.firings, d.seen = rng, d.queue[:0], 0, nil
	for i, e := range d.events {
		d.holds[i], d.nexts[i] = e.Initial, 0
	}
	if err := d.settle(0); err != nil {
		return err
	}
	return d.restart(0)
}

// restart starts the method at the present state.
func (d *eventful) restart(t float64) error {
	if d.later != nil {
		d.origin = 0
		return d.later.startAt(d.x, t, d.rng)
	}
	d.origin = t
	return d.inner.Start(d.x, d.rng)
}

// Advance moves on from one switch of a trigger to the next, and where triggers depend on the state from reaction to reaction.
func (d *eventful) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	d.seen = seen
	fired := d.firings
	count := func() uint64 { return min(events, done+d.firings-fired) }
	for {
		stop := min(until, d.boundary())
		d.stop = stop
		left := events - count()
		if d.stateful {
			left = min(left, 1)
		}
		n, arrived, err := d.inner.Advance(stop-d.origin, left, d.watch)
		done += n
		copy(d.x, d.inner.State())
		switch {
		case err != nil:
			return count(), false, err
		case n > 0 && d.stateful:
			if err := d.look(d.last); err != nil {
				return count(), false, err
			}
		case !arrived:
			return count(), false, nil
		case stop < d.boundary():
			return count(), true, nil
		case count() >= events:
			return events, false, nil
		default:
			if err := d.look(stop); err != nil {
				return count(), false, err
			}
		}
	}
}

// boundary is the time of the next event, if no reaction comes before it.
func (d *eventful) boundary() float64 {
	at := slices.Min(d.nexts)
	for _, f := range d.queue {
		at = min(at, f.due)
	}
	return at
}

// look settles the events at time t, and starts the method anew if they have changed the state.
func (d *eventful) look(t float64) error {
	copy(d.before, d.x)
	if err := d.settle(t); err != nil {
		return err
	}
	for s, n := range d.before {
		if n != d.x[s] {
			return d.restart(t)
		}
	}
	return nil
}

// settle executes what is due at time t until nothing is left: first with the triggers as they are at t, then as they are
// right after it, so that time() > 25 fires at 25, too.
func (d *eventful) settle(t float64) error {
	executed := 0
	for _, after := range []bool{false, true} {
		for {
			if err := d.trigger(t, after); err != nil {
				return err
			}
			i, err := d.choose(t)
			if err != nil {
				return err
			}
			if i < 0 {
				break
			}
			if executed++; executed > maxFirings {
				return fmt.Errorf("ssa: %w: more than %d events follow each other at t = %v, in state %v: mend their triggers", ErrEvents, maxFirings, t, d.x)
			}
			if err := d.execute(i, t); err != nil {
				return err
			}
		}
	}
	for i, e := range d.events {
		if d.nexts[i] <= t || len(e.Trigger.Reads()) > 0 {
			d.nexts[i] = e.Trigger.Next(d.x, t)
		}
	}
	return nil
}

// trigger looks at all triggers: those that turn true put an event into the queue, those that turn false may take it out.
func (d *eventful) trigger(t float64, after bool) error {
	for i := range d.events {
		e := &d.events[i]
		look := e.Trigger.Now
		if after {
			look = e.Trigger.After
		}
		now := look(d.x, t)
		if now == d.holds[i] {
			continue
		}
		if d.holds[i] = now; !now {
			if e.Revocable {
				d.queue = slices.DeleteFunc(d.queue, func(f firing) bool { return f.event == i })
			}
			continue
		}
		f := firing{due: t, event: i}
		if e.Delay != nil {
			delay := e.Delay(d.x, t)
			if !(delay >= 0) || math.IsInf(delay, 0) {
				return fmt.Errorf("ssa: %w: event %s has the delay %v at t = %v in state %v: make it a finite number of 0 or above", ErrEvents, e.Name, delay, t, d.x)
			}
			f.due += delay
		}
		if !e.Late {
			var err error
			if f.values, err = d.values(e, t); err != nil {
				return err
			}
		}
		d.queue = append(d.queue, f)
	}
	return nil
}

// values computes what an event assigns.
func (d *eventful) values(e *crn.BoundEvent, t float64) ([]int32, error) {
	out := make([]int32, len(e.Assignments))
	for i, a := range e.Assignments {
		var err error
		if out[i], err = crn.EventCount(a.Value(d.x, t), d.species[a.Species]); err != nil {
			return nil, fmt.Errorf("ssa: event %s at t = %v in state %v: %w", e.Name, t, d.x, err)
		}
	}
	return out, nil
}

// choose returns the place in the queue of the event to execute next at time t, −1 if none is due: the one with the highest
// priority, by chance among several; those without priority follow in the order in which they were triggered.
func (d *eventful) choose(t float64) (int, error) {
	best, highest, equals := -1, math.Inf(-1), 0
	for i, f := range d.queue {
		e := &d.events[f.event]
		switch {
		case f.due > t:
		case e.Priority == nil:
			if best < 0 {
				best = i
			}
		default:
			p := e.Priority(d.x, t)
			if math.IsNaN(p) || math.IsInf(p, 0) {
				return 0, fmt.Errorf("ssa: %w: event %s has the priority %v at t = %v in state %v: make it finite", ErrEvents, e.Name, p, t, d.x)
			}
			switch {
			case p > highest:
				best, highest, equals = i, p, 1
			case p == highest:
				if equals++; d.rng.IntN(equals) == 0 {
					best = i
				}
			}
		}
	}
	return best, nil
}

// execute takes an event out of the queue and makes its assignments.
func (d *eventful) execute(i int, t float64) error {
	f := d.queue[i]
	d.queue = slices.Delete(d.queue, i, i+1)
	e := &d.events[f.event]
	if e.Late {
		var err error
		if f.values, err = d.values(e, t); err != nil {
			return err
		}
	}
	for k, a := range e.Assignments {
		d.x[a.Species] = f.values[k]
	}
	d.firings++
	if d.seen != nil {
		d.seen(t, d.x)
	}
	return nil
}
