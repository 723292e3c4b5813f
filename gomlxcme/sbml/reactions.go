package sbml

import (
	"maps"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// reactions adds the reactions to the network.
func (l *loader) reactions(m *element) error {
	species := map[string]bool{}
	for _, s := range l.network.Species {
		species[s.Name] = true
	}
	for _, e := range m.list("listOfReactions") {
		if err := l.reaction(e, species); err != nil {
			return err
		}
	}
	return nil
}

// sides are the orders of the species that a reaction changes.
type sides struct{ reactants, products map[string]int }

func (l *loader) reaction(e *element, species map[string]bool) error {
	fast, err := e.boolean("fast", false)
	if err != nil {
		return err
	}
	if fast {
		return e.refuse(ErrUnsupported, "fast reactions: give it a large rate constant instead")
	}
	reversible, err := e.boolean("reversible", l.level == 2)
	if err != nil {
		return err
	}
	s := sides{map[string]int{}, map[string]int{}}
	for _, r := range e.list("listOfReactants") {
		if err := l.reference(r, s.reactants); err != nil {
			return err
		}
	}
	for _, r := range e.list("listOfProducts") {
		if err := l.reference(r, s.products); err != nil {
			return err
		}
	}
	for _, r := range e.list("listOfModifiers") {
		if n := l.entries[r.attr("species")]; n == nil || n.kind != isSpecies {
			return r.refuse(ErrInvalid, "there is no such species")
		}
	}
	k := e.child("kineticLaw")
	if k == nil {
		return e.refuse(ErrInvalid, "it has no kineticLaw: add one")
	}
	local, err := l.locals(e, k)
	if err != nil {
		return err
	}
	law, err := l.of(k)
	if err != nil {
		return err
	}
	if law, err = l.meaning(k, law, local); err != nil {
		return err
	}
	if l.massAction(e, law, s, species, reversible) {
		return nil
	}
	l.add(l.labels[e], s, crn.Expression{Formula: law})
	if reversible && len(s.products) > 0 {
		l.note("Reaction %s may be reversible; its law (line %d) is taken as the rate forward, and it is an error if that becomes negative.", l.labels[e], e.line)
	}
	return nil
}

// massAction adds the reaction by mass action, forward and backward, if its law is such.
func (l *loader) massAction(e *element, law crn.Formula, s sides, species map[string]bool, reversible bool) bool {
	parts, signs := recognise(law, species)
	id := l.labels[e]
	switch {
	case parts == nil:
		return false
	case len(parts) == 1:
		m := parts[0]
		with, fits := catalysed(s, m.orders)
		if !fits {
			return false
		}
		if signs[0] < 0 {
			m.constant = crn.Apply(crn.OpNegate, m.constant)
		}
		l.add(id, with, m.rate())
		return true
	case len(parts) == 2 && reversible && signs[0] != signs[1]:
		forward, backward := parts[0], parts[1]
		if signs[0] < 0 {
			forward, backward = backward, forward
		}
		to, fits := catalysed(s, forward.orders)
		from, fitsBack := catalysed(sides{s.products, s.reactants}, backward.orders)
		if !fits || !fitsBack {
			return false
		}
		l.add(id, to, forward.rate())
		back := l.free(id + "_reverse")
		l.add(back, from, backward.rate())
		l.note("The reversible reaction %s (line %d) was split into %s and %s.", id, e.line, id, back)
		return true
	}
	return false
}

// catalysed adds species that the law counts but the reaction does not change to both sides; fits is false if the orders are
// not those of the reactants.
func catalysed(s sides, orders map[string]int) (out sides, fits bool) {
	for n, m := range s.reactants {
		if orders[n] != m {
			return s, false
		}
	}
	out = sides{maps.Clone(s.reactants), maps.Clone(s.products)}
	for n, m := range orders {
		if s.reactants[n] == 0 {
			out.reactants[n] = m
			out.products[n] += m
		}
	}
	return out, true
}

func (l *loader) add(name string, s sides, rate crn.Rate) {
	side := func(orders map[string]int) (terms []crn.Term) {
		for i, sp := range l.network.Species {
			if n := orders[sp.Name]; n > 0 {
				terms = append(terms, crn.Term{Species: i, Order: n})
			}
		}
		return terms
	}
	l.network.Reactions = append(l.network.Reactions, crn.Reaction{Name: name, Reactants: side(s.reactants), Products: side(s.products), Rate: rate})
}

// free is a name for something that the file does not have.
func (l *loader) free(name string) string {
	for l.entries[name] != nil || l.taken[name] {
		name += "_"
	}
	l.entries[name] = &entry{id: name, kind: isOther, e: &element{name: "reaction"}}
	return name
}

// reference adds a speciesReference to one side; species that the reaction does not change are left out.
func (l *loader) reference(r *element, orders map[string]int) error {
	id := r.attr("species")
	n := l.entries[id]
	switch {
	case r.name != "speciesReference":
		return r.refuse(ErrInvalid, "%s as reactant or product", r.name)
	case n == nil || n.kind != isSpecies:
		return r.refuse(ErrInvalid, "species=%q: there is no such species", id)
	}
	order, err := l.orderOf(r)
	if err != nil {
		return err
	}
	factor, err := l.conversion(n)
	if err != nil {
		return err
	}
	if order *= factor; order < 0 || order > crn.MaxOrder || order != math.Trunc(order) {
		return r.refuse(ErrUnsupported, "stoichiometry %v of %s: only whole numbers up to %d are", order, id, crn.MaxOrder)
	}
	role := n.species.Role
	if changes := role == Counted || !n.species.Boundary; changes && role != Counted {
		return r.refuse(ErrInvalid, "%s is %s, but a reaction changes it: set its boundaryCondition=\"true\" or mend the reaction", id,
			map[Role]string{Held: "constant", Ruled: "given by a rule"}[role])
	}
	if sum := orders[id] + int(order); role == Counted && !n.species.Boundary && order > 0 {
		if sum > crn.MaxOrder {
			return r.refuse(ErrUnsupported, "stoichiometry %d of %s in all: only whole numbers up to %d are", sum, id, crn.MaxOrder)
		}
		orders[id] = sum
	}
	return nil
}

// orderOf is the number of molecules in a speciesReference. It must not change: stoichiometryMath and initial assignments
// may name constants only.
func (l *loader) orderOf(r *element) (float64, error) {
	if n := l.entries[r.attr("id")]; n != nil && n.initial != nil {
		return l.constant(n.initial.e, n.initial.formula)
	}
	if m := r.child("stoichiometryMath"); m != nil {
		f, err := l.of(m)
		if err != nil {
			return 0, err
		}
		return l.constant(m, f)
	}
	order, given, err := r.number("stoichiometry")
	if err != nil {
		return 0, err
	}
	if !given {
		if l.level == 3 {
			return 0, r.refuse(ErrInvalid, "the stoichiometry of %s is not given: add stoichiometry=\"1\"", r.attr("species"))
		}
		order = 1
	}
	if d, given, err := r.number("denominator"); err != nil {
		return 0, err
	} else if given {
		order /= d
	}
	return order, nil
}

// constant is the value of a formula that names nothing but constants.
func (l *loader) constant(e *element, f crn.Formula) (float64, error) {
	for _, name := range f.Names() {
		if !l.isConstant(name) {
			return 0, e.refuse(ErrUnsupported, "a stoichiometry that depends on %q, which is no constant: write a whole number", name)
		}
	}
	return f.Evaluate(l.startNamed(e), 0)
}

// isConstant reports whether the name is that of a parameter or compartment that nothing changes.
func (l *loader) isConstant(name string) bool {
	n := l.entries[name]
	return n != nil && (n.kind == isParameter || n.kind == isCompartment) && n.rule == nil && n.events == nil
}

// conversion is the number of molecules of a species that one unit of the reaction's extent is.
func (l *loader) conversion(n *entry) (float64, error) {
	e := n.e
	name := e.attr("conversionFactor")
	if name == "" {
		for e = n.e; e.name != "model"; {
			e = e.parent
		}
		name = e.attr("conversionFactor")
	}
	if name == "" {
		return 1, nil
	}
	if !l.isConstant(name) || l.entries[name].kind != isParameter {
		return 0, e.refuse(ErrInvalid, "conversionFactor=%q: there is no such constant parameter", name)
	}
	return l.startOf(l.entries[name])
}

// locals are the local parameters of a reaction, which become parameters of the network called reaction.parameter.
func (l *loader) locals(e, k *element) (map[string]crn.Formula, error) {
	out := map[string]crn.Formula{}
	for _, p := range slices.Concat(k.list("listOfParameters"), k.list("listOfLocalParameters")) {
		id := p.attr("id")
		v, given, err := p.number("value")
		switch {
		case err != nil:
			return nil, err
		case !isID(id):
			return nil, p.refuse(ErrInvalid, "use letters, digits and _, and begin with a letter or _")
		case !given:
			return nil, p.refuse(ErrInvalid, "it has no value: add one")
		}
		if _, twice := out[id]; twice {
			return nil, p.refuse(ErrInvalid, "reaction %s has it twice: rename one", e.attr("id"))
		}
		name := l.labels[e] + "." + id
		if set, ok := l.changes[name]; ok {
			v = set
			delete(l.changes, name)
		}
		l.network.Param(name, v)
		out[id] = crn.Name(name)
	}
	return out, nil
}
