package fsp

import (
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// vectors is the number of vectors p that a time step holds, with the diagonal and the bounds of rows, and what making them takes.
const vectors = 8

// slack is how much more memory there is than data: what the garbage collector has not given back, and room in tables that grow.
const slack = 1.6

// reachableBytes predicts the memory of a reachable set of n states, or of the box if that is smaller and likely to become a grid. Apart
// from a grid that is counts, hash table, targets of all reactions, and a matrix with one element a reaction.
func reachableBytes(c *crn.Compiled, n int) float64 {
	l, k := float64(c.NumSpecies()), float64(c.NumReactions())
	state := 4*l + 20 + 8*vectors
	if gridLike(c, n) && likelyFull(c) {
		return slack * box(c) * state
	}
	return slack * min(float64(n), box(c)) * (state + 4*k + 12*k)
}

// gridLike says whether the box is worth a look as a grid, within a number of states.
func gridLike(c *crn.Compiled, states int) bool {
	size := box(c)
	return !c.TimeDependent() && size >= smallestGrid && size <= float64(states) && slices.Max(c.Caps())+1 >= shortestRow
}

// likelyFull says whether most of the box can be reached: a conservation law would leave less than half of it.
func likelyFull(c *crn.Compiled) bool {
	laws, err := c.Network().ConservationLaws()
	return err == nil && len(laws) == 0
}

const (
	// outsiders is how many states the registry of an adaptive set may know for each state inside, see compact.
	outsiders = 12
	// usualOutsiders is how many it knows where that has been counted, rounded up.
	usualOutsiders = 1
)

// adaptiveBytes predicts the memory of an adaptive set of n states: every state knows its reactions twice, as edges and in
// the matrix, and has outsiders, which are counts with their place in the tables.
func adaptiveBytes(c *crn.Compiled, n int) float64 {
	l, k := float64(c.NumSpecies()), float64(c.NumReactions())
	known := 4*l + 20 + 40
	return slack * min(float64(n), box(c)) * (known*(1+usualOutsiders) + 24*k + 8*vectors)
}
