package run

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Model is the network as it was computed: with every change of parameters, starts and caps.
type Model struct {
	Name       string             `json:"name"`
	Propensity string             `json:"propensity"` // the rate law: falling-factorial or power
	Species    []string           `json:"species"`    // in the order of the network
	Initial    map[string]string  `json:"initial"`    // "delta(2)"
	Caps       map[string]*int    `json:"caps"`       // largest count kept; null for none
	Parameters map[string]float64 `json:"parameters"`
	Reactions  []string           `json:"reactions"`        // "binding: Gy + 2 Px -> 0 @ k_b"
	Events     []string           `json:"events,omitempty"` // "reset: when P2 > 30: P2 = 0"
	// Observables are functions of the state whose moments stand in moments.csv after those of the species.
	Observables []Observable `json:"observables,omitempty"`
}

// Observable is the name of a function of the state, and the formula.
type Observable struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
}

// ModelOf describes a network for the record.
func ModelOf(n *crn.Network) Model {
	m := Model{
		Name:       n.Name,
		Propensity: n.Law.String(),
		Initial:    map[string]string{},
		Caps:       map[string]*int{},
		Parameters: map[string]float64{},
	}
	for _, s := range n.Species {
		m.Species = append(m.Species, s.Name)
		m.Initial[s.Name] = s.Initial.String()
		m.Caps[s.Name] = nil
		if s.Cap != crn.Unbounded {
			limit := s.Cap
			m.Caps[s.Name] = &limit
		}
	}
	for _, p := range n.Parameters {
		m.Parameters[p.Name] = p.Value
	}
	for _, r := range n.Reactions {
		text := fmt.Sprintf("%s: %s @ %s", r.Name, r.Format(n), r.Rate)
		for _, k := range r.Masks {
			text += fmt.Sprintf(" while %s = %d", n.Species[k.Species].Name, k.Count)
		}
		m.Reactions = append(m.Reactions, text)
	}
	for _, e := range n.Events {
		m.Events = append(m.Events, e.Name+": "+e.Format(n))
	}
	return m
}
