package sbml

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// meaning replaces the ids in a formula by what the network knows; local are the local parameters of a reaction.
func (l *loader) meaning(e *element, f crn.Formula, local map[string]crn.Formula) (crn.Formula, error) {
	with := map[string]crn.Formula{}
	for _, name := range f.Names() {
		if g, ok := local[name]; ok {
			with[name] = g
			continue
		}
		n := l.entries[name]
		if n == nil || n.kind == isOther {
			return f, e.refuse(ErrUnsupported, "the formula names %q, which is no species, parameter or compartment", name)
		}
		g, err := l.formulaOf(n)
		if err != nil {
			return f, err
		}
		with[name] = g
	}
	return l.replace(e, f, with)
}

// formulaOf is what the symbol of an entry means in formulas of the network.
func (l *loader) formulaOf(n *entry) (crn.Formula, error) {
	if n.resolved {
		return n.formula, nil
	}
	if n.rule != nil {
		if n.evaluating {
			return crn.Formula{}, n.rule.e.refuse(ErrInvalid, "the rule depends on itself")
		}
		n.evaluating = true
		f, err := l.meaning(n.rule.e, n.rule.formula, nil)
		n.evaluating = false
		if err != nil {
			return f, err
		}
		n.formula, n.resolved = f, true
		return f, nil
	}
	if n.kind == isStoichiometry {
		order, err := l.orderOf(n.e)
		n.formula, n.resolved = crn.Num(order), true
		return n.formula, err
	}
	if n.kind != isSpecies && !n.given && n.initial == nil {
		return crn.Formula{}, n.e.refuse(ErrInvalid, "a formula uses it, but it has no %s: add one",
			map[kind]string{isCompartment: "size", isParameter: "value"}[n.kind])
	}
	if n.regime != "" {
		f, err := l.regimes(n)
		n.formula, n.resolved = f, err == nil
		return f, err
	}
	n.formula = crn.Name(n.id)
	if n.kind == isSpecies && n.species.Concentration {
		size, err := l.formulaOf(l.entries[n.species.Compartment])
		if err != nil {
			return size, err
		}
		n.formula = crn.Apply(crn.OpDivide, n.formula, size)
	}
	n.resolved = true
	return n.formula, nil
}
