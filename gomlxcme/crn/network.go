package crn

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Unbounded is the Cap of a species whose count has no upper limit.
const Unbounded = -1

// maxCount keeps counts, and counts plus one change, inside an int32.
const maxCount = math.MaxInt32 / 2

// Species is one kind of molecule or one state of a gene.
type Species struct {
	Name    string
	Initial Initial
	Cap     int // largest count that is kept, or Unbounded
}

// Parameter is a named number: a rate constant.
type Parameter struct {
	Name  string
	Value float64
}

// Network is a reaction network as plain data. It may be written as a literal or built by New, Param, AddSpecies and React.
type Network struct {
	Name       string
	Species    []Species
	Reactions  []Reaction
	Parameters []Parameter
	Events     []Event // which only trajectories can follow
	Law        Law

	mistakes []error // made while building; Validate and Compile report them
}

// New returns an empty network with the falling-factorial law.
func New(name string) *Network { return &Network{Name: name} }

// Param adds a parameter.
func (n *Network) Param(name string, value float64) {
	n.Parameters = append(n.Parameters, Parameter{name, value})
}

// AddSpecies adds a species with the law of its count at time 0 and the largest count to keep (Unbounded for no limit).
func (n *Network) AddSpecies(name string, initial Initial, cap int) {
	n.Species = append(n.Species, Species{name, initial, cap})
}

// React adds the reaction that equation describes, as in "Gy + 2 Px -> 0", by mass action with the named
// parameter. Its species must have been added before. A mistake is kept and reported by Validate and Compile.
func (n *Network) React(equation, parameter string, options ...Option) {
	n.ReactWith(equation, MassAction{Parameter: parameter}, options...)
}

// ReactWith adds a reaction like React, with any kind of rate.
func (n *Network) ReactWith(equation string, rate Rate, options ...Option) {
	r := Reaction{Name: fmt.Sprintf("R%d", len(n.Reactions)), Rate: rate}
	err := n.fill(&r, equation)
	for _, o := range options {
		err = errors.Join(err, o(n, &r))
	}
	if err != nil {
		n.mistakes = append(n.mistakes, fmt.Errorf("reaction %s %q: %w", r.Name, equation, err))
	}
	n.Reactions = append(n.Reactions, r)
}

func (n *Network) fill(r *Reaction, equation string) error {
	e, err := ParseReaction(equation)
	if err != nil {
		return err
	}
	if r.Reactants, err = n.terms(e.Reactants); err != nil {
		return err
	}
	r.Products, err = n.terms(e.Products)
	return err
}

func (n *Network) terms(named []NamedTerm) ([]Term, error) {
	var out []Term
	for _, t := range named {
		i, err := n.SpeciesIndex(t.Species)
		if err != nil {
			return nil, err
		}
		out = append(out, Term{i, t.Order})
	}
	return out, nil
}

// SpeciesIndex returns the index of the named species, or an error that lists the names and the nearest one.
func (n *Network) SpeciesIndex(name string) (int, error) {
	names := make([]string, len(n.Species))
	for i, s := range n.Species {
		if names[i] = s.Name; s.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w %q: %s", ErrUnknownSpecies, name, suggest(name, names))
}

// ParameterIndex returns the index of the named parameter, or an error that lists the names and the nearest one.
func (n *Network) ParameterIndex(name string) (int, error) {
	names := make([]string, len(n.Parameters))
	for i, p := range n.Parameters {
		if names[i] = p.Name; p.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("%w %q: %s", ErrUnknownParameter, name, suggest(name, names))
}

// SetParam changes the value of a parameter.
func (n *Network) SetParam(name string, value float64) error {
	i, err := n.ParameterIndex(name)
	if err != nil {
		return fmt.Errorf("crn: %w", err)
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return fmt.Errorf("crn: %w: parameter %s = %v: give a finite number", ErrRate, name, value)
	}
	n.Parameters[i].Value = value
	return nil
}

// SetInitial lets the species start at exactly this count.
func (n *Network) SetInitial(species string, count int) error {
	i, err := n.SpeciesIndex(species)
	if err != nil {
		return fmt.Errorf("crn: %w", err)
	}
	// The cap is not consulted: SetCap may follow, and Validate sees both.
	if err := Delta(count).Check(Unbounded); err != nil {
		return fmt.Errorf("crn: species %s: %w", species, err)
	}
	n.Species[i].Initial = Delta(count)
	return nil
}

// SetCap changes the largest count that is kept of a species; Unbounded takes the limit away.
func (n *Network) SetCap(species string, cap int) error {
	i, err := n.SpeciesIndex(species)
	if err != nil {
		return fmt.Errorf("crn: %w", err)
	}
	if err := checkCap(cap); err != nil {
		return fmt.Errorf("crn: species %s: %w", species, err)
	}
	n.Species[i].Cap = cap
	return nil
}

// Clone returns a copy that shares nothing changeable with n.
func (n *Network) Clone() *Network {
	c := *n
	c.Species = slices.Clone(n.Species)
	c.Parameters = slices.Clone(n.Parameters)
	c.mistakes = slices.Clone(n.mistakes)
	c.Reactions = slices.Clone(n.Reactions)
	for i, r := range c.Reactions {
		c.Reactions[i].Reactants = slices.Clone(r.Reactants)
		c.Reactions[i].Products = slices.Clone(r.Products)
		c.Reactions[i].Masks = slices.Clone(r.Masks)
	}
	c.Events = slices.Clone(n.Events)
	for i, e := range c.Events {
		c.Events[i].Assignments = slices.Clone(e.Assignments)
	}
	return &c
}
