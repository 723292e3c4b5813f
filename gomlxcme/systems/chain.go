package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// chainOption is the length of a cascade; the published ones have 15 species, tests of low-rank methods 20.
func chainOption() option { return whole("species", 15, 2, 200, "length of the cascade") }

// link is the name of member i of a chain, counted from 1 as in the figures of the papers.
func link(i int) string { return fmt.Sprintf("X%d", i) }

// addLinks adds X1 … XL, all empty at the start, with one cap for all but the last.
func addLinks(n *crn.Network, length, cap, last int) {
	for i := 1; i < length; i++ {
		n.AddSpecies(link(i), crn.Delta(0), cap)
	}
	n.AddSpecies(link(length), crn.Delta(0), last)
}
