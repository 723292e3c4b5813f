package crn

import (
	"errors"
	"fmt"
	"math"
)

// Validate reports every mistake in the network at once, nil if there is none. Each part of the error wraps a sentinel of
// this package and says what is wrong, where, and how to mend it.
func (n *Network) Validate() error {
	var all []error
	all = append(all, n.mistakes...)
	if len(n.Species) == 0 {
		all = append(all, fmt.Errorf("%w: no species: add at least one with AddSpecies", ErrEmpty))
	}
	if len(n.Reactions) == 0 {
		all = append(all, fmt.Errorf("%w: no reactions: add at least one with React", ErrEmpty))
	}
	if n.Law != FallingFactorial && n.Law != Power {
		all = append(all, fmt.Errorf("%w %d: choose %s or %s", ErrLaw, int(n.Law), FallingFactorial, Power))
	}
	all = append(all, n.checkSpecies(), n.checkParameters(), n.checkReactions(), n.checkEvents())
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("crn: network %q: %w", n.Name, err)
	}
	return nil
}

func (n *Network) checkSpecies() error {
	var all []error
	seen := map[string]bool{}
	for i, s := range n.Species {
		if !isName(s.Name) {
			all = append(all, fmt.Errorf("%w: species %d is called %q: use letters, digits and _, and begin with a letter", ErrSyntax, i, s.Name))
		}
		if seen[s.Name] {
			all = append(all, fmt.Errorf("%w: species %q is added twice: rename one", ErrDuplicate, s.Name))
		}
		seen[s.Name] = true
		if err := checkCap(s.Cap); err != nil {
			all = append(all, fmt.Errorf("species %s: %w", s.Name, err))
			continue
		}
		if s.Initial == nil {
			all = append(all, fmt.Errorf("species %s: %w: none given: use Delta(0) to start empty", s.Name, ErrInitial))
			continue
		}
		if err := s.Initial.Check(s.Cap); err != nil {
			all = append(all, fmt.Errorf("species %s: %w", s.Name, err))
		}
	}
	return errors.Join(all...)
}

func (n *Network) checkParameters() error {
	var all []error
	seen := map[string]bool{}
	for i, p := range n.Parameters {
		if p.Name == "" {
			all = append(all, fmt.Errorf("%w: parameter %d has no name: give it one", ErrSyntax, i))
		}
		if seen[p.Name] {
			all = append(all, fmt.Errorf("%w: parameter %q is added twice: rename one", ErrDuplicate, p.Name))
		}
		seen[p.Name] = true
		if math.IsNaN(p.Value) || math.IsInf(p.Value, 0) {
			all = append(all, fmt.Errorf("%w: parameter %s = %v: give a finite number", ErrRate, p.Name, p.Value))
		}
	}
	return errors.Join(all...)
}

func (n *Network) checkReactions() error {
	var all []error
	seen := map[string]bool{}
	for _, r := range n.Reactions {
		add := func(err error) {
			if err != nil {
				all = append(all, fmt.Errorf("reaction %s (%s): %w", r.Name, r.Format(n), err))
			}
		}
		if seen[r.Name] && r.Name != "" {
			add(fmt.Errorf("%w: two reactions are called %q: rename one", ErrDuplicate, r.Name))
		}
		seen[r.Name] = true
		add(n.checkTerms(r.Reactants, "reactant"))
		add(n.checkTerms(r.Products, "product"))
		for _, m := range r.Masks {
			if m.Species < 0 || m.Species >= len(n.Species) {
				add(fmt.Errorf("%w %d in a mask: the network has species 0 to %d", ErrUnknownSpecies, m.Species, len(n.Species)-1))
			} else if m.Count < 0 || m.Count > maxCount {
				add(fmt.Errorf("%w: the mask waits for %d %s: give a count of 0 or above", ErrReaction, m.Count, n.Species[m.Species].Name))
			}
		}
		if r.Rate == nil {
			add(fmt.Errorf("%w: none given: use MassAction", ErrRate))
			continue
		}
		_, err := r.Rate.Bind(n)
		add(err)
	}
	return errors.Join(all...)
}

func (n *Network) checkTerms(terms []Term, kind string) error {
	seen := map[int]bool{}
	for _, t := range terms {
		switch {
		case t.Species < 0 || t.Species >= len(n.Species):
			return fmt.Errorf("%w %d as %s: the network has species 0 to %d", ErrUnknownSpecies, t.Species, kind, len(n.Species)-1)
		case t.Order < 1 || t.Order > MaxOrder:
			return fmt.Errorf("%w: %d molecules of %s %s: give 1 to %d", ErrReaction, t.Order, kind, n.Species[t.Species].Name, MaxOrder)
		case seen[t.Species]:
			return fmt.Errorf("%w: %s %s stands twice: add the orders up", ErrReaction, kind, n.Species[t.Species].Name)
		}
		seen[t.Species] = true
	}
	return nil
}

func checkCap(cap int) error {
	if cap != Unbounded && (cap < 0 || cap > maxCount) {
		return fmt.Errorf("%w %d: give a count from 0 to %d, or Unbounded (-1)", ErrCap, cap, maxCount)
	}
	return nil
}
