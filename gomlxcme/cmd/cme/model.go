package main

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/spf13/cobra"
)

const (
	unlimited = crn.Unbounded
	maxCap    = 1<<30 - 1 // counts are 32-bit numbers
)

// modelOptions change a model.
type modelOptions struct {
	params     assignments[float64]
	inits      assignments[int]
	caps       assignments[int]
	propensity option[crn.Law]

	sbml *sbml.Model // what load read, nil if the model is in the catalogue
}

func (m *modelOptions) register(cmd *cobra.Command) {
	m.params = assignments[float64]{kind: "NAME=VALUE", parse: parseNumber}
	m.inits = assignments[int]{kind: "SPECIES=COUNT", parse: parseCount(0)}
	m.caps = assignments[int]{kind: "SPECIES=COUNT|COUNT", nameless: true, parse: parseCap}
	m.propensity = option[crn.Law]{kind: "falling-factorial|power", parse: crn.ParseLaw}
	f := cmd.Flags()
	f.Var(&m.params, "param", "change a parameter (repeatable)")
	f.Var(&m.inits, "init", "start a species at exactly this count (repeatable)")
	f.Var(&m.caps, "cap", "largest count kept, of a species or of all; none takes a limit away (repeatable)")
	f.Var(&m.propensity, "propensity", "law of reactants of order m: x(x-1)…(x-m+1) or x^m (default: the model's)")
}

// load finds MODEL, applies the options and compiles. All its errors are usage errors.
func (m *modelOptions) load(name string) (systems.Entry, *crn.Network, *crn.Compiled, error) {
	fail := func(err error) (systems.Entry, *crn.Network, *crn.Compiled, error) {
		return systems.Entry{}, nil, nil, &usageError{err}
	}
	var entry systems.Entry
	var err error
	if isSBML(name) {
		entry, m.sbml, err = loadSBML(name)
	} else {
		entry, err = systems.Lookup(name)
	}
	if err != nil {
		return fail(err)
	}
	n := entry.Build()
	if m.sbml != nil {
		n, err = m.changeFile()
	} else {
		err = m.change(n)
	}
	if err != nil {
		return fail(err)
	}
	if err := m.setCaps(n); err != nil {
		return fail(err)
	}
	if m.propensity.given {
		n.Law = m.propensity.value
	}
	c, err := n.Compile()
	if err != nil {
		return fail(err)
	}
	return entry, n, c, nil
}

// change sets parameters and starts.
func (m *modelOptions) change(n *crn.Network) error {
	for _, a := range m.params.list {
		if err := n.SetParam(a.name, a.value); err != nil {
			return fmt.Errorf("--param %s: %w", a.name, err)
		}
	}
	for _, a := range m.inits.list {
		if err := n.SetInitial(a.name, a.value); err != nil {
			return fmt.Errorf("--init %s: %w", a.name, err)
		}
	}
	return nil
}

// changeFile sets parameters and starts of an SBML model, with all that the file derives from them.
func (m *modelOptions) changeFile() (*crn.Network, error) {
	for _, a := range m.inits.list {
		if _, err := m.sbml.Network.SpeciesIndex(a.name); err != nil {
			return nil, fmt.Errorf("--init %s: %w", a.name, err)
		}
	}
	values := map[string]float64{}
	for _, a := range m.inits.list {
		values[a.name] = float64(a.value)
	}
	for _, a := range m.params.list {
		if m.sbml.IsCount(a.name) {
			return nil, fmt.Errorf("--param %s: it is a species: set its start by --init", a.name)
		}
		values[a.name] = a.value
	}
	if len(values) == 0 {
		return m.sbml.Network.Clone(), nil
	}
	changed, err := m.sbml.With(values)
	if err != nil {
		return nil, fmt.Errorf("--param, --init: %w", err)
	}
	m.sbml = changed
	return changed.Network.Clone(), nil
}

// setCaps applies the cap for all first, so that the order of the options does not matter.
func (m *modelOptions) setCaps(n *crn.Network) error {
	for _, a := range m.caps.list {
		if a.name != "" {
			continue
		}
		for _, s := range n.Species {
			if err := n.SetCap(s.Name, a.value); err != nil {
				return fmt.Errorf("--cap %d: %w", a.value, err)
			}
		}
	}
	for _, a := range m.caps.list {
		if a.name == "" {
			continue
		}
		if err := n.SetCap(a.name, a.value); err != nil {
			return fmt.Errorf("--cap %s: %w", a.name, err)
		}
	}
	return nil
}
