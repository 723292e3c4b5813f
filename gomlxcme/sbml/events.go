package sbml

import (
	"errors"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// targets notes which species and parameters events assign.
func (l *loader) targets(m *element) error {
	for _, e := range m.list("listOfEvents") {
		for _, a := range e.list("listOfEventAssignments") {
			n := l.entries[a.attr("variable")]
			switch {
			case n == nil || n.kind == isOther:
				return a.refuse(ErrInvalid, "there is no such species or parameter")
			case n.kind == isCompartment || n.kind == isStoichiometry:
				return a.refuse(ErrUnsupported, "an event that changes a %s: only species and parameters can be assigned", n.e.name)
			case n.rule != nil:
				return a.refuse(ErrInvalid, "%s follows the rule in line %d: take one out", n.id, n.rule.e.line)
			}
			fixed, err := n.e.boolean("constant", l.level == 2 && n.kind == isParameter)
			if err != nil {
				return err
			}
			if fixed && n.kind == isParameter {
				return a.refuse(ErrInvalid, "%s is constant, but an event assigns it: set constant=\"false\"", n.id)
			}
			n.events = append(n.events, a)
		}
	}
	return nil
}

// regimesNeeded decides how parameters that events change are kept in states, which are counts: as a count if all values
// that are known are whole numbers, else by a count of which of its values holds, if they are all known.
func (l *loader) regimesNeeded(*element) error {
	for _, n := range l.order {
		if n.kind != isParameter || n.events == nil {
			continue
		}
		start, err := l.startOf(n)
		if err != nil {
			return err
		}
		whole, known := isCount(start), true
		for _, a := range n.events {
			f, err := l.of(a)
			if err != nil {
				return err
			}
			fixed := !hasTime(f)
			for _, name := range f.Names() {
				fixed = fixed && l.isConstant(name)
			}
			if known = known && fixed; !fixed {
				continue
			}
			v, err := f.Evaluate(l.startNamed(a), 0)
			if err != nil {
				return err
			}
			whole = whole && isCount(v)
		}
		switch {
		case whole:
		case known:
			n.regime = l.free(n.id + "_regime")
		default:
			return n.events[0].refuse(ErrUnsupported, "events change the parameter %s to values that are neither constants nor all whole numbers: "+
				"write it as a function of species that events set to counts", n.id)
		}
	}
	return nil
}

func isCount(v float64) bool { return v >= 0 && v <= largestCount && v == math.Trunc(v) }

func hasTime(f crn.Formula) (yes bool) {
	f.Walk(func(g crn.Formula) { yes = yes || g.Op == crn.OpTime })
	return yes
}

// regimes is the value of a parameter by the count of its regime.
func (l *loader) regimes(n *entry) (crn.Formula, error) {
	out := crn.Apply(crn.OpPiecewise, crn.Name(n.id))
	for i, a := range n.events {
		f, err := l.of(a)
		if err != nil {
			return f, err
		}
		if f, err = l.meaning(a, f, nil); err != nil {
			return f, err
		}
		out.Args = append(out.Args, crn.Apply(crn.OpEqual, crn.Name(n.regime), crn.Num(float64(i))), f)
	}
	return out, nil
}

// events adds the events to the network.
func (l *loader) events(m *element) error {
	for _, e := range m.list("listOfEvents") {
		if err := l.event(e); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) event(e *element) error {
	out := crn.Event{Name: l.labels[e]}
	if e.attr("id") == "" {
		out.Name = l.free("event")
	}
	trigger := e.child("trigger")
	if trigger == nil {
		return e.refuse(ErrInvalid, "it has no trigger: add one")
	}
	for _, part := range []struct {
		e  *element
		to *crn.Formula
	}{{trigger, &out.Trigger}, {e.child("delay"), &out.Delay}, {e.child("priority"), &out.Priority}} {
		if part.e == nil {
			continue
		}
		f, err := l.of(part.e)
		if err != nil {
			return err
		}
		if *part.to, err = l.meaning(part.e, f, nil); err != nil {
			return err
		}
	}
	persistent, err := trigger.boolean("persistent", true)
	if err != nil {
		return err
	}
	atTrigger, err := e.boolean("useValuesFromTriggerTime", true)
	if err != nil {
		return err
	}
	// Level 2 has no initialValue: there nothing can turn true at the start.
	if out.Initial, err = trigger.boolean("initialValue", true); err != nil {
		return err
	}
	out.Revocable, out.Late = !persistent, !atTrigger
	for _, a := range e.list("listOfEventAssignments") {
		assignment, err := l.eventAssignment(a)
		if err != nil {
			return err
		}
		out.Assignments = append(out.Assignments, assignment)
	}
	l.network.Events = append(l.network.Events, out)
	l.triggers = append(l.triggers, e)
	return nil
}

func (l *loader) eventAssignment(a *element) (crn.Assignment, error) {
	n := l.entries[a.attr("variable")]
	out, name := crn.Assignment{}, n.id
	if n.regime != "" {
		name = n.regime
		for i, other := range n.events {
			if other == a {
				out.Value = crn.Num(float64(i + 1))
			}
		}
	} else {
		f, err := l.of(a)
		if err != nil {
			return out, err
		}
		if out.Value, err = l.meaning(a, f, nil); err != nil {
			return out, err
		}
		if n.kind == isSpecies && n.species.Concentration {
			size, err := l.formulaOf(l.entries[n.species.Compartment])
			if err != nil {
				return out, err
			}
			out.Value = crn.Apply(crn.OpMultiply, out.Value, size)
		}
	}
	var err error
	if out.Species, err = l.network.SpeciesIndex(name); err != nil {
		return out, a.refuse(ErrInvalid, "%v", err)
	}
	return out, nil
}

// checkEvents refuses what the network would, with the line.
func (l *loader) checkEvents(*element) error {
	for i, e := range l.network.Events {
		err := e.Check(l.network)
		switch {
		case errors.Is(err, crn.ErrEvent):
			return l.triggers[i].refuse(ErrUnsupported, "%v", err)
		case err != nil:
			return l.triggers[i].refuse(ErrInvalid, "%v", err)
		}
	}
	return nil
}
