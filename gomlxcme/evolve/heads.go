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
	// freeCounts is the number of counts up to which logits are free with many species that
	// start empty.
	freeCounts = 6
)

// DefaultHeads returns spline heads that suit the initial law: with the base
// measure of a Poisson law for species that start low and fill up, and without
// for those that start high, whose law begins as a narrow peak in the middle.
//
// Many species that all start empty have smooth heads even for few counts. The projection
// that starts them is too small for their tails, and a free logit of a count that it does
// not have keeps what chance gives it: a hole of a hundred units of log P, which no draw
// shows and which a front meets later. Where molecules are there from the beginning, they bound
// the counts instead, with edges that smooth heads would miss.
func DefaultHeads(c *crn.Compiled) van.Heads {
	flat := make([]bool, c.NumSpecies())
	for i := range flat {
		flat[i] = startsHigh(c, i)
	}
	if c.NumSpecies() >= ManySpecies && startsEmpty(c) {
		return van.Spline{Flat: flat, FreeBelow: freeCounts}
	}
	return van.Spline{Flat: flat}
}

func startsHigh(c *crn.Compiled, i int) bool {
	limit := c.Caps()[i]
	return limit >= highCap && c.Initial(i).Expected(limit) > highStart*float64(limit)
}

func startsEmpty(c *crn.Compiled) bool {
	for i, limit := range c.Caps() {
		if c.Initial(i).Expected(limit) > 0 {
			return false
		}
	}
	return true
}
