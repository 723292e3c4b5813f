package sbml

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Write writes the network as SBML Level 3 Version 2, in counts: Read gets back the same species, parameters, reactions,
// propensities, events and starts. A parameter that is called reaction.name and used there only becomes a local parameter.
// The name of a reaction or event that is no id, or used for something else, becomes a name beside an id made of it, which
// Read takes back. Names of species and parameters that SBML cannot hold, starts that are random, caps, and rates other than mass action and formulas are refused,
// since the file would mean something else.
func Write(to io.Writer, n *crn.Network) error {
	if err := n.Validate(); err != nil {
		return fmt.Errorf("sbml: %w: %w", ErrInvalid, err)
	}
	w := &writer{n: n, used: map[string]bool{}}
	doc, err := w.document()
	if err != nil {
		return fmt.Errorf("sbml: network %q: %w: %w", n.Name, ErrUnsupported, err)
	}
	text, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("sbml: %w", err)
	}
	_, err = io.WriteString(to, xml.Header+string(text)+"\n")
	return err
}

type writer struct {
	n      *crn.Network
	used   map[string]bool
	locals map[string][]crn.Parameter // by reaction, under their short names
}

// id books an id.
func (w *writer) id(what, name string) error {
	if !isID(name) {
		return fmt.Errorf("%s %q: SBML takes ASCII letters, digits and _, with a letter or _ first: rename it", what, name)
	}
	if w.used[name] {
		return fmt.Errorf("%s %q: SBML has one space of names, and this one is in use: rename it", what, name)
	}
	w.used[name] = true
	return nil
}

func (w *writer) document() (*output, error) {
	d := &output{Level: 3, Version: 2, Model: outputModel{Substance: "item", Extent: "item"}}
	m := &d.Model
	for _, s := range w.n.Species {
		start, fixed := s.Initial.(crn.Delta)
		switch err := w.id("species", s.Name); {
		case err != nil:
			return nil, err
		case !fixed:
			return nil, fmt.Errorf("species %s starts with %s: SBML takes one count only: set it by SetInitial", s.Name, s.Initial)
		case s.Cap != crn.Unbounded:
			return nil, fmt.Errorf("species %s has the cap %d: SBML has none: take it away by SetCap", s.Name, s.Cap)
		}
		m.Species = append(m.Species, outputSpecies{ID: s.Name, Amount: int(start), OnlyAmounts: true})
	}
	w.locals = map[string][]crn.Parameter{}
	for _, p := range w.n.Parameters {
		if reaction, short, ok := w.local(p.Name); ok {
			w.locals[reaction] = append(w.locals[reaction], crn.Parameter{Name: short, Value: p.Value})
			continue
		}
		if err := w.id("parameter", p.Name); err != nil {
			return nil, err
		}
		if m.Parameters == nil {
			m.Parameters = &outputParameters{}
		}
		m.Parameters.List = append(m.Parameters.List, outputParameter{p.Name, p.Value, true})
	}
	var labels []string
	for _, r := range w.n.Reactions {
		labels = append(labels, r.Name)
	}
	ids := w.label(labels)
	for _, r := range w.n.Reactions {
		out, err := w.reaction(r, ids[r.Name])
		if err != nil {
			return nil, fmt.Errorf("reaction %s: %w", r.Name, err)
		}
		m.Reactions = append(m.Reactions, out)
	}
	labels = nil
	for _, e := range w.n.Events {
		labels = append(labels, e.Name)
	}
	ids = w.label(labels)
	for _, e := range w.n.Events {
		w.event(m, e, ids[e.Name])
	}
	cell := "cell"
	for w.used[cell] {
		cell += "_"
	}
	m.Compartments = []outputCompartment{{cell, 3, 1, true}}
	for i := range m.Species {
		m.Species[i].Compartment = cell
	}
	if m.ID = w.n.Name; !isID(m.ID) {
		m.ID, m.Name = "model", w.n.Name
	}
	return d, nil
}

func (w *writer) reaction(r crn.Reaction, id string) (outputReaction, error) {
	out := outputReaction{ID: id, Name: nameBeside(r.Name, id)}
	law, err := w.law(r)
	if err != nil {
		return out, err
	}
	if law, err = w.shorten(&out, r.Name, law); err != nil {
		return out, err
	}
	stand := map[string]bool{}
	references := func(terms []crn.Term) *outputReferences {
		if len(terms) == 0 {
			return nil
		}
		l := &outputReferences{}
		for _, t := range terms {
			name := w.n.Species[t.Species].Name
			stand[name] = true
			l.List = append(l.List, outputReference{name, t.Order, true})
		}
		return l
	}
	out.Reactants = references(r.Reactants)
	reactants := maps.Clone(stand)
	out.Products = references(r.Products)
	species := map[string]bool{}
	for _, s := range w.n.Species {
		species[s.Name] = true
	}
	for _, name := range law.Names() {
		if species[name] && !reactants[name] {
			if out.Modifiers == nil {
				out.Modifiers = &outputModifiers{}
			}
			out.Modifiers.List = append(out.Modifiers.List, outputModifier{name})
		}
	}
	out.Law.Math = mathOf(law)
	return out, nil
}

// law is the propensity as a formula.
func (w *writer) law(r crn.Reaction) (crn.Formula, error) {
	var f crn.Formula
	rate := r.Rate
	if like, ok := rate.(interface{ Expression() crn.Expression }); ok {
		rate = like.Expression()
	}
	switch rate := rate.(type) {
	case crn.MassAction:
		if f = crn.Num(rate.Value); rate.Parameter != "" {
			f = crn.Name(rate.Parameter)
		}
	case crn.Expression:
		if f = rate.Formula; !rate.Factors {
			return w.masked(r, f), nil
		}
	default:
		return f, fmt.Errorf("the rate %s is of a kind that cannot be written: use mass action or an Expression", r.Rate)
	}
	factors := []crn.Formula{f}
	for _, t := range r.Reactants {
		x := crn.Name(w.n.Species[t.Species].Name)
		if t.Order > maxPower {
			return f, fmt.Errorf("%d molecules of %s react by mass action: at most %d can be written", t.Order, x.Name, maxPower)
		}
		if w.n.Law == crn.Power && t.Order > 1 {
			factors = append(factors, crn.Apply(crn.OpPower, x, crn.Num(float64(t.Order))))
			continue
		}
		factors = append(factors, x)
		for i := 1; i < t.Order; i++ {
			factors = append(factors, crn.Apply(crn.OpAdd, x, crn.Apply(crn.OpNegate, crn.Num(float64(i)))))
		}
	}
	return w.masked(r, chain(crn.OpMultiply, factors)), nil
}

// masked lets the law be 0 where the masks do not hold.
func (w *writer) masked(r crn.Reaction, f crn.Formula) crn.Formula {
	var conditions []crn.Formula
	for _, m := range r.Masks {
		conditions = append(conditions, crn.Apply(crn.OpEqual, crn.Name(w.n.Species[m.Species].Name), crn.Num(float64(m.Count))))
	}
	if len(conditions) == 0 {
		return f
	}
	return crn.Apply(crn.OpPiecewise, f, chain(crn.OpAnd, conditions), crn.Num(0))
}
