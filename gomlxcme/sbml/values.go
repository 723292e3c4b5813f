package sbml

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// largestCount keeps counts within 32 bits with room for changes.
const largestCount = 1 << 29

// values computes the start and fills the network's species and parameters.
func (l *loader) values(*element) error {
	for _, n := range l.order {
		switch n.kind {
		case isSpecies:
			if err := l.addSpecies(n); err != nil {
				return err
			}
		case isParameter:
			if err := l.addParameter(n); err != nil {
				return err
			}
		}
	}
	for _, n := range l.order { // parameters last, as Variables says
		if n.kind == isParameter && (n.rule != nil || n.regime != "") {
			f, err := l.formulaOf(n)
			if err != nil {
				return err
			}
			l.model.Observables = append(l.model.Observables, Observable{n.id, f})
		}
	}
	return nil
}

// sizes makes parameters of the compartments that formulas use.
func (l *loader) sizes(*element) error {
	for _, n := range l.order {
		if n.kind != isCompartment || !n.resolved {
			continue
		}
		size, err := l.startOf(n)
		if err != nil {
			return err
		}
		l.network.Param(n.id, size)
	}
	return nil
}

// addParameter makes a parameter of the network, or what stands for one that events change.
func (l *loader) addParameter(n *entry) error {
	if n.rule != nil || (!n.given && n.initial == nil && n.events == nil) {
		return nil
	}
	v, err := l.startOf(n)
	switch {
	case err != nil:
		return err
	case n.events == nil:
		l.network.Param(n.id, v)
	case n.regime != "":
		l.network.Param(n.id, v)
		l.network.AddSpecies(n.regime, crn.Delta(0), crn.Unbounded)
		l.note("Parameter %s is changed by events: species %s counts which of its values holds, 0 for the one at the start.", n.id, n.regime)
	default:
		l.network.AddSpecies(n.id, crn.Delta(int(v)), crn.Unbounded)
		l.note("Parameter %s is changed by events: it is a species, whose counts it must keep to.", n.id)
	}
	return nil
}

func (l *loader) addSpecies(n *entry) error {
	s := &n.species
	if c := l.entries[s.Compartment]; c.given || c.initial != nil {
		var err error
		if s.Size, err = l.startOf(c); err != nil {
			return err
		}
	}
	var err error
	if s.Initial, err = l.amountOf(n); err != nil {
		return err
	}
	switch s.Role {
	case Counted:
		count := math.Round(s.Initial)
		if math.Abs(s.Initial-count) > 1e-9*max(1, count) || count < 0 || count > largestCount {
			return n.e.refuse(ErrInvalid, "it starts with %v molecules: start with a whole number from 0 to %d", s.Initial, largestCount)
		}
		s.Initial = count
		l.network.AddSpecies(n.id, crn.Delta(int(count)), crn.Unbounded)
	case Held:
		l.network.Param(n.id, s.Initial)
		l.model.Observables = append(l.model.Observables, Observable{n.id, crn.Name(n.id)})
	case Ruled:
		f, err := l.formulaOf(n)
		if err != nil {
			return err
		}
		if s.Concentration {
			size, err := l.formulaOf(l.entries[s.Compartment])
			if err != nil {
				return err
			}
			f = crn.Apply(crn.OpMultiply, f, size)
		}
		l.model.Observables = append(l.model.Observables, Observable{n.id, f})
	}
	l.model.Species = append(l.model.Species, *s)
	return nil
}

// startOf is the value of a symbol at time 0.
func (l *loader) startOf(n *entry) (float64, error) {
	if n.evaluated {
		return n.start, nil
	}
	if n.evaluating {
		return 0, n.e.refuse(ErrInvalid, "its value at time 0 depends on itself: mend the initial assignments and rules")
	}
	n.evaluating = true
	v, err := l.startValue(n)
	if n.evaluating = false; err != nil {
		return 0, err
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, n.e.refuse(ErrInvalid, "its value at time 0 is %v: mend its assignment", v)
	}
	n.start, n.evaluated = v, true
	return v, nil
}

// startNamed gives the values at time 0 of what a formula of e names.
func (l *loader) startNamed(e *element) func(name string) (float64, error) {
	return func(name string) (float64, error) {
		n := l.entries[name]
		if n == nil || n.kind == isOther {
			return 0, e.refuse(ErrUnsupported, "the formula names %q, which is no species, parameter or compartment", name)
		}
		return l.startOf(n)
	}
}

func (l *loader) startValue(n *entry) (float64, error) {
	a := n.initial
	if n.rule != nil {
		a = n.rule
	}
	if a != nil {
		return a.formula.Evaluate(l.startNamed(a.e), 0)
	}
	if n.kind == isStoichiometry {
		return l.orderOf(n.e)
	}
	if n.kind != isSpecies {
		if !n.given {
			return 0, n.e.refuse(ErrInvalid, "it has no value, and the start depends on it: add one")
		}
		return n.value, nil
	}
	amount, err := l.amountOf(n)
	if err != nil || !n.species.Concentration {
		return amount, err
	}
	size, err := l.sizeFor(n)
	return amount / size, err
}

// amountOf is the amount of a species at time 0.
func (l *loader) amountOf(n *entry) (float64, error) {
	if n.initial != nil || n.rule != nil {
		symbol, err := l.startOf(n)
		if err != nil || !n.species.Concentration {
			return symbol, err
		}
		size, err := l.sizeFor(n)
		return symbol * size, err
	}
	concentration, given, err := n.e.number("initialConcentration")
	switch {
	case err != nil:
		return 0, err
	case n.forced:
		return n.value, nil
	case given && n.given:
		return 0, n.e.refuse(ErrInvalid, "both initialAmount and initialConcentration: take one out")
	case n.given:
		return n.value, nil
	case given:
		size, err := l.sizeFor(n)
		return concentration * size, err
	}
	return 0, n.e.refuse(ErrInvalid, "its start is not given: add initialAmount")
}

// sizeFor is the size of a species' compartment where it is needed.
func (l *loader) sizeFor(n *entry) (float64, error) {
	c := l.entries[n.species.Compartment]
	if !c.given && c.initial == nil {
		return 0, n.e.refuse(ErrInvalid, "its concentration is needed, but compartment %q (line %d) has no size: add one", c.id, c.e.line)
	}
	size, err := l.startOf(c)
	if err == nil && size <= 0 {
		err = c.e.refuse(ErrInvalid, "size %v: give one above 0", size)
	}
	return size, err
}
