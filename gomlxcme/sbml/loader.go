package sbml

import (
	"fmt"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// kind is what an id names.
type kind int

const (
	isCompartment kind = iota
	isSpecies
	isParameter
	isStoichiometry // of a speciesReference with an id
	isOther         // a reaction, an event: no symbol of formulas
)

// entry is one named part of the model.
type entry struct {
	id         string
	kind       kind
	e          *element
	value      float64 // attribute: size, amount or value
	given      bool
	initial    *assignment
	rule       *assignment
	events     []*element // assignments by events
	regime     string     // species that counts which of them holds, for parameters that are no counts
	forced     bool       // the value was set by With
	species    Species
	resolved   bool // formula is known: some formula uses the symbol
	formula    crn.Formula
	evaluating bool
	evaluated  bool
	start      float64 // value of the symbol at time 0
}

// assignment is an initial assignment or an assignment rule.
type assignment struct {
	e       *element
	formula crn.Formula
}

// loader turns the document into a Model.
type loader struct {
	formulas
	level, version int
	model          *Model
	network        *crn.Network
	entries        map[string]*entry
	order          []*entry
	changes        map[string]float64 // values set by With, until they are used
	triggers       []*element         // the events of the network
	labels         map[*element]string
	taken          map[string]bool // labels of reactions and events
}

func (l *loader) note(format string, a ...any) {
	l.model.Notes = append(l.model.Notes, fmt.Sprintf(format, a...))
}

// load reads everything below the model element.
func (l *loader) load(m *element) error {
	if err := m.parent.parse(); err != nil {
		return err
	}
	for _, e := range m.list("listOfConstraints") {
		return e.refuse(ErrUnsupported, "constraints: take it out, and look at the results for what it forbids")
	}
	l.noteUnits(m)
	l.pending = map[string]*element{}
	for _, e := range m.list("listOfFunctionDefinitions") {
		if _, twice := l.pending[e.attr("id")]; twice {
			return e.refuse(ErrInvalid, "defined twice: rename one")
		}
		l.pending[e.attr("id")] = e
	}
	for _, e := range m.list("listOfFunctionDefinitions") {
		if _, waiting := l.pending[e.attr("id")]; !waiting {
			continue // an earlier definition has called it
		}
		delete(l.pending, e.attr("id"))
		if err := l.define(e); err != nil {
			return err
		}
	}
	for _, step := range []func(*element) error{l.declare, l.label, l.assign, l.targets, l.declareSpecies, l.regimesNeeded, l.values, l.reactions, l.events, l.sizes, l.checkEvents} {
		if err := step(m); err != nil {
			return err
		}
	}
	return nil
}

// noteUnits says what is made of units other than counts.
func (l *loader) noteUnits(m *element) {
	unit := m.attr("substanceUnits")
	if l.level == 2 {
		unit = "mole" // the default of Level 2
		for _, u := range m.list("listOfUnitDefinitions") {
			if list := u.list("listOfUnits"); u.attr("id") == "substance" && len(list) == 1 {
				unit = list[0].attr("kind")
			}
		}
	}
	if unit != "" && unit != "item" && unit != "dimensionless" {
		l.note("Amounts are read as counts of molecules, although their unit is %s.", unit)
	}
}

// declare enters compartments, species, parameters and the ids of reactions.
func (l *loader) declare(m *element) error {
	for _, list := range []struct {
		name  string
		kind  kind
		value string
	}{
		{"listOfCompartments", isCompartment, "size"}, {"listOfSpecies", isSpecies, "initialAmount"},
		{"listOfParameters", isParameter, "value"}, {"listOfReactions", isOther, ""}, {"listOfEvents", isOther, ""},
	} {
		for _, e := range m.list(list.name) {
			if e.name == "event" && e.attr("id") == "" {
				continue // it gets a name later
			}
			if err := l.enter(e, list.kind, list.value); err != nil {
				return err
			}
			for _, side := range []string{"listOfReactants", "listOfProducts"} {
				for _, r := range e.list(side) {
					if r.attr("id") == "" {
						continue
					}
					if err := l.enter(r, isStoichiometry, "stoichiometry"); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// enter adds the entry of an element, whose value is in the attribute of that name.
func (l *loader) enter(e *element, k kind, value string) error {
	id := e.attr("id")
	switch {
	case !isID(id):
		return e.refuse(ErrInvalid, "id %q: use letters, digits and _, and begin with a letter or _", id)
	case l.entries[id] != nil:
		return e.refuse(ErrInvalid, "the id is used for %s in line %d as well: rename one", l.entries[id].e.name, l.entries[id].e.line)
	}
	n := &entry{id: id, kind: k, e: e}
	if value != "" {
		var err error
		if n.value, n.given, err = e.number(value); err != nil {
			return err
		}
	}
	if v, ok := l.changes[id]; ok && (k == isParameter || k == isSpecies || k == isCompartment) {
		n.value, n.given, n.forced = v, true, true
		delete(l.changes, id)
	}
	l.entries[id], l.order = n, append(l.order, n)
	return nil
}

// isID reports whether text is an SId.
func isID(text string) bool {
	for i, r := range text {
		letter := r == '_' || (r|0x20 >= 'a' && r|0x20 <= 'z')
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return text != ""
}

// assign reads initial assignments and rules.
func (l *loader) assign(m *element) error {
	read := func(e *element, attribute string) (*entry, *assignment, error) {
		n := l.entries[e.attr(attribute)]
		if n == nil || n.kind == isOther {
			return nil, nil, e.refuse(ErrUnsupported, "%s=%q: there is no such compartment, species or parameter", attribute, e.attr(attribute))
		}
		f, err := l.of(e)
		return n, &assignment{e, f}, err
	}
	for _, e := range m.list("listOfInitialAssignments") {
		n, a, err := read(e, "symbol")
		if err != nil {
			return err
		}
		if n.initial != nil {
			return e.refuse(ErrInvalid, "assigned twice: take one out")
		}
		if n.initial = a; n.forced {
			l.note("The initial assignment of %s (line %d) was left out, since its value was set.", n.id, e.line)
			n.initial = nil
		}
	}
	for _, e := range m.list("listOfRules") {
		if e.name != "assignmentRule" {
			return e.refuse(ErrUnsupported, "%s: only assignment rules are; a species that changes at a rate can be made by a reaction", e.name)
		}
		n, a, err := read(e, "variable")
		switch {
		case err != nil:
			return err
		case n.kind == isCompartment:
			return e.refuse(ErrUnsupported, "a compartment whose size changes: give it a fixed size")
		case n.kind == isStoichiometry:
			return e.refuse(ErrUnsupported, "a stoichiometry that changes: write a whole number")
		case n.rule != nil || n.initial != nil:
			return e.refuse(ErrInvalid, "assigned twice: take one out")
		case n.forced:
			return e.refuse(ErrInvalid, "%s follows this rule, so that its value cannot be set: set what the rule depends on", n.id)
		}
		n.rule = a
	}
	return nil
}

// declareSpecies decides what becomes of each species.
func (l *loader) declareSpecies(*element) error {
	for _, n := range l.order {
		if n.kind != isSpecies {
			continue
		}
		e, s := n.e, &n.species
		*s = Species{ID: n.id, Name: e.attr("name"), Compartment: e.attr("compartment"), Size: math.NaN(), Role: Counted}
		c := l.entries[s.Compartment]
		if c == nil || c.kind != isCompartment {
			return e.refuse(ErrInvalid, "compartment=%q: there is no such compartment", s.Compartment)
		}
		var amounts bool
		var err error
		for _, flag := range []struct {
			name string
			to   *bool
		}{{"hasOnlySubstanceUnits", &amounts}, {"boundaryCondition", &s.Boundary}, {"constant", &s.Constant}} {
			if *flag.to, err = e.boolean(flag.name, false); err != nil {
				return err
			}
		}
		dimensions, given, err := c.e.number("spatialDimensions")
		if err != nil {
			return err
		}
		s.Concentration = !amounts && !(given && dimensions == 0)
		switch {
		case n.rule != nil:
			s.Role = Ruled
		case s.Constant && n.events != nil:
			return n.events[0].refuse(ErrInvalid, "%s is constant, but an event assigns it: set constant=\"false\"", n.id)
		case (s.Boundary || s.Constant) && n.events == nil:
			s.Role = Held
		}
	}
	return nil
}

// read is the loader's entry: the root element of a document.
func (l *loader) read(root *element) error {
	if root.name != "sbml" || !strings.HasPrefix(root.space, coreNamespace) {
		return root.refuse(ErrSyntax, "the root is %s in the namespace %q: it must be sbml in one of %s2 or %s3", root.name, root.space, coreNamespace, coreNamespace)
	}
	for name, to := range map[string]*int{"level": &l.level, "version": &l.version} {
		v, _, err := root.number(name)
		if err != nil {
			return err
		}
		*to = int(v)
	}
	if most := map[int]int{2: 5, 3: 2}[l.level]; l.version < 1 || l.version > most {
		return root.refuse(ErrUnsupported, "Level %d Version %d: convert the file to Level 3 Version 2", l.level, l.version)
	}
	for _, a := range root.attrs {
		if a.Name.Local == "required" && a.Name.Space != "" {
			if v := strings.TrimSpace(a.Value); v == "true" || v == "1" {
				return root.refuse(ErrUnsupported, "the package %s: the file says that its meaning depends on it", a.Name.Space)
			}
			l.note("The package %s was left out; the file says that it changes no numbers.", a.Name.Space)
		}
	}
	m := root.child("model")
	if m == nil {
		return root.refuse(ErrInvalid, "it has no model")
	}
	l.model.ID, l.model.Name, l.model.Level, l.model.Version = m.attr("id"), m.attr("name"), l.level, l.version
	l.network.Name = l.model.ID
	if l.network.Name == "" {
		l.network.Name = "sbml"
	}
	return l.load(m)
}
