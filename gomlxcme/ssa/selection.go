package ssa

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// selection chooses the lengths of leaps.
type selection struct {
	epsilon float64
	caps    []int64 // largest counts, of all species
	order   []int   // highest order of a reaction that the species takes part in, 0 if none depends on it
	copies  []int   // molecules of it that such a reaction takes
	alone   []bool  // reactions that always fire one at a time
	mean    []float64
	spread  []float64 // mean and variance of the change of each species per time
	gross   []float64 // molecules of each species that come or go per time
	wide    []int64   // scratch for counts
}

func newSelection(c *crn.Compiled, epsilon float64) *selection {
	l := c.NumSpecies()
	s := &selection{epsilon: epsilon, order: make([]int, l), copies: make([]int, l), mean: make([]float64, l), spread: make([]float64, l),
		gross: make([]float64, l), wide: make([]int64, l), alone: make([]bool, c.NumReactions())}
	for _, cap := range c.Caps() {
		if cap == crn.Unbounded {
			cap = largestCount
		}
		s.caps = append(s.caps, int64(cap))
	}
	n := c.Network()
	masked := make([]bool, l)
	for k, r := range n.Reactions {
		for _, m := range r.Masks {
			masked[m.Species] = true
		}
		s.note(c, k, r)
	}
	for k := range s.alone {
		for i, d := range c.Change(k) {
			s.alone[k] = s.alone[k] || (d != 0 && masked[i])
		}
	}
	return s
}

// note records how strongly reaction k depends on each species. A rate that is not mass action counts as of second order in what it
// reads.
func (s *selection) note(c *crn.Compiled, k int, r crn.Reaction) {
	total := 0
	for _, t := range r.Reactants {
		total += t.Order
	}
	add := func(species, order, copies int) {
		if order > s.order[species] {
			s.order[species], s.copies[species] = order, copies
		} else if order == s.order[species] {
			s.copies[species] = max(s.copies[species], copies)
		}
	}
	for _, t := range r.Reactants {
		add(t.Species, total, t.Order)
	}
	if _, ok := r.Rate.(crn.MassAction); !ok {
		for _, i := range c.Reads(k) {
			add(i, max(2, total), 1)
		}
	}
}

// isCritical reports whether fewer than criticalFirings of reaction k lead from x to an empty species or to a cap.
func (s *selection) isCritical(k int, moves []move, x []int32) bool {
	if s.alone[k] {
		return true
	}
	for _, m := range moves {
		room := int64(x[m.species])
		if m.by > 0 {
			room = s.caps[m.species] - room
		}
		if room < criticalFirings*int64(max(m.by, -m.by)) {
			return true
		}
	}
	return false
}

// turnover times epsilon is the share of a species that may come or go in a leap. Published step selection has no such bound; without
// it, leaps near a balance of fast reactions become longer than the time in which the balance restores itself, and the spread of the
// counts comes out too large, up to epsilon times the count.
const turnover = 4

// longest is the longest leap over which mean and standard deviation of the change of each species stay within its allowance, and
// its turnover as well.
func (s *selection) longest(x []int32, a []float64, critical []bool, moves [][]move) float64 {
	clear(s.mean)
	clear(s.spread)
	clear(s.gross)
	for k, v := range a {
		if v == 0 || critical[k] {
			continue
		}
		for _, m := range moves[k] {
			by := float64(m.by)
			s.mean[m.species] += by * v
			s.spread[m.species] += by * by * v
			s.gross[m.species] += math.Abs(by) * v
		}
	}
	length := math.Inf(1)
	for i := range x {
		if s.order[i] == 0 || s.spread[i] == 0 {
			continue
		}
		allowed := max(s.epsilon*float64(x[i])/s.weight(i, float64(x[i])), 1)
		turned := max(turnover*s.epsilon*float64(x[i]), 1)
		length = min(length, allowed/math.Abs(s.mean[i]), allowed*allowed/s.spread[i], turned/s.gross[i])
	}
	return length
}

// weight is g_i: by how much the relative change of a propensity exceeds that of the count x.
func (s *selection) weight(i int, x float64) float64 {
	order := float64(s.order[i])
	switch {
	case s.copies[i] == 2 && x > 1:
		return order / 2 * (2 + 1/(x-1))
	case s.copies[i] >= 3 && x > 2:
		return order / 3 * (3 + 1/(x-1) + 2/(x-2))
	}
	return order
}
