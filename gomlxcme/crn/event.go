package crn

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Event sets counts at once when its Trigger turns from false to true, as events of SBML do. The trigger is looked at after
// every reaction and event, and at the very times at which a comparison with time in it switches.
//
// A trigger is made of comparisons joined by &&, ||, xor, ! and piecewise. Where both sides of a comparison are linear in
// time for a given state, as in "time() >= 25 && X > 3" or "2 * time() < X", its time is exact. Others, such as
// "sin(time()) > 0.5" or "rem(time(), 24) < 1", are bracketed to the last bit; changes that are taken back within 1e-11 of
// the time are missed.
type Event struct {
	Name        string
	Trigger     Formula
	Assignments []Assignment // made together: none sees the effect of another
	// Delay is the time from trigger to execution, computed when the trigger turns true; the zero Formula means none.
	Delay Formula
	// Priority says which of several events at one time is executed first: the one with the highest value, by chance among
	// equal ones, and those without, marked by the zero Formula, last in their order.
	Priority Formula
	// Initial is the value of the trigger before time 0: with true, an event whose trigger holds from the start does not fire.
	Initial bool
	// Revocable events are not executed if their trigger turns false before they are.
	Revocable bool
	// Late events compute what they assign when they are executed, others when their trigger turns true.
	Late bool
}

// Assignment gives a species a new count: a formula whose value must be a whole number from 0 to the cap.
type Assignment struct {
	Species int // index into Network.Species
	Value   Formula
}

// EventOption sets what AddEvent does not.
type EventOption func(*Event)

// AddEvent adds an event from text: trigger as ParseFormula reads it, and assignments such as "P = 100". Options change the
// other fields. A mistake is kept and reported by Validate and Compile.
func (n *Network) AddEvent(name, trigger string, assignments []string, options ...EventOption) {
	e := Event{Name: name}
	err := n.fillEvent(&e, trigger, assignments)
	for _, o := range options {
		o(&e)
	}
	if err != nil {
		n.mistakes = append(n.mistakes, fmt.Errorf("event %s: %w", name, err))
		return
	}
	n.Events = append(n.Events, e)
}

func (n *Network) fillEvent(e *Event, trigger string, assignments []string) (err error) {
	if e.Trigger, err = ParseFormula(trigger); err != nil {
		return err
	}
	for _, text := range assignments {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return fmt.Errorf("%w: assignment %q: write SPECIES = FORMULA", ErrEvent, text)
		}
		s, err := n.SpeciesIndex(strings.TrimSpace(name))
		if err != nil {
			return err
		}
		f, err := ParseFormula(value)
		if err != nil {
			return err
		}
		e.Assignments = append(e.Assignments, Assignment{s, f})
	}
	return nil
}

// Format writes the event in full, with the names of n: "when P2 > 30: P = 100, P2 = 0".
func (e Event) Format(n *Network) string {
	var b strings.Builder
	b.WriteString("when " + e.Trigger.String())
	if e.Initial {
		b.WriteString(" (true before the start)")
	}
	if e.Revocable {
		b.WriteString(" (revocable)")
	}
	if e.Delay.Op != "" {
		b.WriteString(", after " + e.Delay.String())
	}
	if e.Priority.Op != "" {
		b.WriteString(", with priority " + e.Priority.String())
	}
	for i, a := range e.Assignments {
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		name := fmt.Sprintf("species(%d)", a.Species)
		if a.Species >= 0 && a.Species < len(n.Species) {
			name = n.Species[a.Species].Name
		}
		b.WriteString(separator + name + " = " + a.Value.String())
	}
	if e.Late {
		b.WriteString(" (computed when executed)")
	}
	return b.String()
}

// BoundEvent is an event ready for numerics. Its functions are pure and bear concurrent calls.
type BoundEvent struct {
	Name            string
	Trigger         *Trigger
	Delay, Priority func(x []int32, t float64) float64 // nil for none
	Initial         bool
	Revocable       bool
	Late            bool
	Assignments     []BoundAssignment
}

// BoundAssignment is the new count of a species; what Value gives has to be checked.
type BoundAssignment struct {
	Species int
	Value   func(x []int32, t float64) float64
}

// bind looks up all names.
func (e Event) bind(n *Network) (BoundEvent, error) {
	b := BoundEvent{Name: e.Name, Initial: e.Initial, Revocable: e.Revocable, Late: e.Late}
	var err error
	if e.Trigger.Op == "" {
		return b, fmt.Errorf("%w: it has no trigger: give one", ErrEvent)
	}
	if b.Trigger, err = n.trigger(e.Trigger); err != nil {
		return b, err
	}
	for _, part := range []struct {
		f    Formula
		to   *func([]int32, float64) float64
		what string
	}{{e.Delay, &b.Delay, "delay"}, {e.Priority, &b.Priority, "priority"}} {
		if part.f.Op == "" {
			continue
		}
		v, err := part.f.compile(n.resolver(map[int]bool{}))
		if err != nil {
			return b, fmt.Errorf("%s: %w", part.what, err)
		}
		if v.known && (math.IsNaN(v.number) || math.IsInf(v.number, 0) || (part.what == "delay" && v.number < 0)) {
			return b, fmt.Errorf("%w: the %s %s is %v: give a finite number of 0 or above", ErrEvent, part.what, part.f, v.number)
		}
		*part.to = v.function()
	}
	seen := map[int]bool{}
	for _, a := range e.Assignments {
		switch {
		case a.Species < 0 || a.Species >= len(n.Species):
			return b, fmt.Errorf("%w %d in an assignment: the network has species 0 to %d", ErrUnknownSpecies, a.Species, len(n.Species)-1)
		case seen[a.Species]:
			return b, fmt.Errorf("%w: it assigns %s twice: take one out", ErrEvent, n.Species[a.Species].Name)
		}
		seen[a.Species] = true
		v, err := a.Value.compile(n.resolver(map[int]bool{}))
		if err != nil {
			return b, fmt.Errorf("assignment to %s: %w", n.Species[a.Species].Name, err)
		}
		if v.known {
			if _, err := EventCount(v.number, n.Species[a.Species]); err != nil {
				return b, err
			}
		}
		b.Assignments = append(b.Assignments, BoundAssignment{a.Species, v.function()})
	}
	return b, nil
}

// Check says what is wrong with the event in this network, nil if nothing is.
func (e Event) Check(n *Network) error {
	_, err := e.bind(n)
	return err
}

// EventCount is the count that an event assigns to a species: v rounded, if it is a whole number from 0 to the cap up to
// rounding, and an error that wraps ErrEvent otherwise.
func EventCount(v float64, s Species) (int32, error) {
	count := math.Round(v)
	top := maxCount
	if s.Cap != Unbounded {
		top = s.Cap
	}
	if !(math.Abs(v-count) <= 1e-9*max(1, math.Abs(count))) || count < 0 || count > float64(top) {
		return 0, fmt.Errorf("%w: %s = %v: assign a whole number from 0 to %d", ErrEvent, s.Name, v, top)
	}
	return int32(count), nil
}

func (n *Network) checkEvents() error {
	var all []error
	seen := map[string]bool{}
	for i, e := range n.Events {
		if e.Name == "" || seen[e.Name] {
			all = append(all, fmt.Errorf("event %d: %w: the name %q is empty or used twice: rename it", i, ErrDuplicate, e.Name))
		}
		seen[e.Name] = true
		if _, err := e.bind(n); err != nil {
			all = append(all, fmt.Errorf("event %s (%s): %w", e.Name, e.Format(n), err))
		}
	}
	return errors.Join(all...)
}

// HasEvents reports whether the network has events, which only trajectories can follow.
func (c *Compiled) HasEvents() bool { return len(c.events) > 0 }

// Events returns the events in order. They must not be written to.
func (c *Compiled) Events() []BoundEvent { return c.events }

// WithoutEvents returns the same network without its events.
func (c *Compiled) WithoutEvents() *Compiled {
	out := *c
	out.events = nil
	return &out
}

// RefuseEvents is the error of a method that cannot treat events, nil if there are none. It wraps ErrEvent.
func (c *Compiled) RefuseEvents(method string) error {
	if !c.HasEvents() {
		return nil
	}
	return fmt.Errorf("%w: network %q has the event %s, which %s cannot follow: draw trajectories (ssa, by direct or next-reaction)",
		ErrEvent, c.net.Name, c.events[0].Name, method)
}
