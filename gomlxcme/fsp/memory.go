package fsp

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// vectors is the number of vectors p that a time step holds.
const vectors = 5

// reachableBytes predicts the memory of a reachable set of n states: counts, hash table, targets of all reactions, and a
// matrix with one element a reaction.
func reachableBytes(c *crn.Compiled, n int) float64 {
	l, k := float64(c.NumSpecies()), float64(c.NumReactions())
	return float64(n) * (4*l + 16 + 4*k + 12*k + 8*(2+vectors))
}

// outsiders is how many states the registry of an adaptive set knows for each state inside, see compact.
const outsiders = 12

// adaptiveBytes predicts the memory of an adaptive set of n states, at most: every state may know its reactions twice, as edges and in
// the matrix, and has outsiders, which are counts with their place in the tables.
func adaptiveBytes(c *crn.Compiled, n int) float64 {
	l, k := float64(c.NumSpecies()), float64(c.NumReactions())
	known := 4*l + 16 + 44
	return float64(n) * (known*(1+min(k, outsiders)) + 24*k + 8*(2+vectors))
}
