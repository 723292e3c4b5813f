package crn

import (
	"fmt"
	"strings"
)

// Term is Order molecules of one species on one side of a reaction.
type Term struct {
	Species int // index into Network.Species
	Order   int // 1 or above
}

// Mask lets a reaction run only while the species has exactly this count: the state of a two-state gene.
type Mask struct {
	Species int
	Count   int
}

// Reaction turns Reactants into Products at Rate. No reactants means a source, no products a sink.
type Reaction struct {
	Name      string
	Reactants []Term
	Products  []Term
	Rate      Rate
	Masks     []Mask
}

// Format writes the reaction as React reads it, with the names of n: "Gy + 2 Px -> 0".
func (r Reaction) Format(n *Network) string {
	return side(r.Reactants, n) + " -> " + side(r.Products, n)
}

func side(terms []Term, n *Network) string {
	if len(terms) == 0 {
		return "0"
	}
	parts := make([]string, len(terms))
	for i, t := range terms {
		name := fmt.Sprintf("species(%d)", t.Species)
		if t.Species >= 0 && t.Species < len(n.Species) {
			name = n.Species[t.Species].Name
		}
		if t.Order != 1 {
			name = fmt.Sprintf("%d %s", t.Order, name)
		}
		parts[i] = name
	}
	return strings.Join(parts, " + ")
}

// Option sets what a reaction string cannot say.
type Option func(*Network, *Reaction) error

// Named gives the reaction a name; without it reactions are called R0, R1, …
func Named(name string) Option {
	return func(_ *Network, r *Reaction) error {
		r.Name = name
		return nil
	}
}

// While adds a Mask: the reaction runs only while species has exactly this count.
func While(species string, count int) Option {
	return func(n *Network, r *Reaction) error {
		i, err := n.SpeciesIndex(species)
		if err != nil {
			return err
		}
		r.Masks = append(r.Masks, Mask{Species: i, Count: count})
		return nil
	}
}
