package evolve

import (
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// highStart is the share of the cap above which a species starts high.
	highStart = 0.25
	// highCap is the cap below which it does not matter: logits are free there.
	highCap = 12
)

// DefaultHeads returns spline heads that suit the initial law: with the base
// measure of a Poisson law for species that start low and fill up, and without
// for those that start high, whose law begins as a narrow peak in the middle.
func DefaultHeads(c *crn.Compiled) van.Heads {
	flat := make([]bool, c.NumSpecies())
	for i := range flat {
		flat[i] = startsHigh(c, i)
	}
	return van.Spline{Flat: flat}
}

func startsHigh(c *crn.Compiled, i int) bool {
	limit := c.Caps()[i]
	return limit >= highCap && c.Initial(i).Expected(limit) > highStart*float64(limit)
}
