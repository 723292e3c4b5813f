package evolve

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// DefaultOrder proposes an order for van.Ordered in which species that depend on each
// other stand close together. Two species are coupled as often as a reaction reads
// or changes both, and once more for each conservation law that holds both; the
// order has a small Σ coupling·distance. It is the best of the orders of Cuthill
// and McKee (ACM 1969) from every start and the network's own, improved by moving
// single species; the network's own order is kept if nothing is better. Of the two
// directions the one with the smaller caps first is taken: a gene before what it
// makes.
//
// The order says nothing of the strength of couplings, only of their presence, so
// it is a start and not an optimum.
func DefaultOrder(c *crn.Compiled) ([]int, error) {
	coupling, err := couplings(c)
	if err != nil {
		return nil, err
	}
	l := c.NumSpecies()
	best := make([]int, l)
	for i := range best {
		best[i] = i
	}
	least := spread(coupling, best)
	own := least
	for start := range l {
		order := nearestFirst(coupling, start)
		if v := spread(coupling, order); v < least {
			best, least = order, v
		}
	}
	best, least = moved(coupling, best, least)
	if least == own {
		for i := range best {
			best[i] = i
		}
		return best, nil
	}
	if reversed := slices.Clone(best); l > 1 {
		slices.Reverse(reversed)
		if capsLate(c, reversed) > capsLate(c, best) {
			best = reversed
		}
	}
	return best, nil
}

// couplings counts what species have in common, [L][L].
func couplings(c *crn.Compiled) ([][]float64, error) {
	l := c.NumSpecies()
	coupling := make([][]float64, l)
	for i := range coupling {
		coupling[i] = make([]float64, l)
	}
	couple := func(group []int) {
		for _, i := range group {
			for _, j := range group {
				if i != j {
					coupling[i][j]++
				}
			}
		}
	}
	for k := range c.NumReactions() {
		group := slices.Clone(c.Reads(k))
		for i, v := range c.Change(k) {
			if v != 0 && !slices.Contains(group, i) {
				group = append(group, i)
			}
		}
		couple(group)
	}
	laws, err := c.Network().ConservationLaws()
	if err != nil {
		return nil, fmt.Errorf("evolve: conservation laws: %w", err)
	}
	for _, law := range laws {
		var group []int
		for i, w := range law.Weights {
			if w != 0 {
				group = append(group, i)
			}
		}
		couple(group)
	}
	return coupling, nil
}

// spread is Σ coupling·distance over all pairs.
func spread(coupling [][]float64, order []int) float64 {
	sum := 0.0
	for p, i := range order {
		for q, j := range order[:p] {
			sum += coupling[i][j] * float64(p-q)
		}
	}
	return sum
}

// nearestFirst walks the coupled species breadth first from a start, those with
// few partners first, and goes on with what is not reached in the network's order.
func nearestFirst(coupling [][]float64, start int) []int {
	l := len(coupling)
	partners := make([]int, l)
	for i, row := range coupling {
		for _, v := range row {
			if v > 0 {
				partners[i]++
			}
		}
	}
	order, seen := make([]int, 0, l), make([]bool, l)
	for next := start; len(order) < l; next = slices.Index(seen, false) {
		order, seen[next] = append(order, next), true
		for at := len(order) - 1; at < len(order); at++ {
			var fresh []int
			for j, v := range coupling[order[at]] {
				if v > 0 && !seen[j] {
					fresh = append(fresh, j)
					seen[j] = true
				}
			}
			slices.SortStableFunc(fresh, func(a, b int) int { return partners[a] - partners[b] })
			order = append(order, fresh...)
		}
	}
	return order
}

// maxMoved is the number of species up to which single ones are moved; each round
// costs its fourth power.
const maxMoved = 40

// moved takes single species elsewhere as long as that makes the spread smaller.
func moved(coupling [][]float64, order []int, least float64) ([]int, float64) {
	if len(order) > maxMoved {
		return order, least
	}
	for better := true; better; {
		better = false
		for from := range order {
			for to := range order {
				trial := slices.Delete(slices.Clone(order), from, from+1)
				trial = slices.Insert(trial, to, order[from])
				if v := spread(coupling, trial); v < least {
					order, least, better = trial, v, true
				}
			}
		}
	}
	return order, least
}

// capsLate grows with how late species with large caps come.
func capsLate(c *crn.Compiled, order []int) float64 {
	sum, caps := 0.0, c.Caps()
	for p, i := range order {
		if caps[i] != crn.Unbounded {
			sum += float64(p) * math.Log1p(float64(caps[i]))
		}
	}
	return sum
}
