package crn

import (
	"fmt"
	"slices"
	"strings"
)

// Symmetries returns the permutations of the species that change nothing: x_i taken for x_p[i] in all reactions gives the same reactions with
// the same constants, and caps and initial laws are the same. They form a group, of which the identity comes first: the reflection of
// a chain, the eight symmetries of a square. Rates that are functions of the state may know the species by name, so that then the
// identity is all there is. At most most symmetries are returned, which still holds the identity.
func (c *Compiled) Symmetries(most int) [][]int {
	l := len(c.names)
	identity := make([]int, l)
	for i := range identity {
		identity[i] = i
	}
	found := [][]int{identity}
	if len(c.events) > 0 || slices.ContainsFunc(c.reactions, func(r compiled) bool { return r.function != nil }) {
		return found
	}
	s := symmetry{c: c, have: map[string]int{}, perm: make([]int, l), used: make([]bool, l), most: most, found: found}
	for k := range c.reactions {
		s.have[s.signature(k, identity)]++
		last := 0
		for _, j := range c.reads[k] {
			last = max(last, j)
		}
		s.last = append(s.last, last)
	}
	s.extend(0)
	return s.found
}

// symmetry searches for permutations, species after species.
type symmetry struct {
	c     *Compiled
	have  map[string]int // how many reactions have a signature
	last  []int          // last species that a reaction reads
	perm  []int
	used  []bool
	most  int
	found [][]int
}

// extend chooses what species i becomes.
func (s *symmetry) extend(i int) {
	if len(s.found) == s.most {
		return
	}
	if i == len(s.perm) {
		if p := slices.Clone(s.perm); !slices.Equal(p, s.found[0]) && s.whole(p) {
			s.found = append(s.found, p)
		}
		return
	}
	for to := range s.perm {
		if s.used[to] || s.c.caps[to] != s.c.caps[i] || s.c.Initial(to).String() != s.c.Initial(i).String() {
			continue
		}
		s.perm[i], s.used[to] = to, true
		if s.possible(i) {
			s.extend(i + 1)
		}
		s.used[to] = false
	}
}

// possible looks at the reactions that are decided by species i.
func (s *symmetry) possible(i int) bool {
	for k, last := range s.last {
		if last == i && s.have[s.signature(k, s.perm)] == 0 {
			return false
		}
	}
	return true
}

// whole reports whether all reactions together stay the same.
func (s *symmetry) whole(perm []int) bool {
	count := map[string]int{}
	for k := range s.c.reactions {
		count[s.signature(k, perm)]++
	}
	for text, n := range count {
		if s.have[text] != n {
			return false
		}
	}
	return true
}

// signature describes reaction k after the species were permuted, the same for all ways to write it.
func (s *symmetry) signature(k int, perm []int) string {
	r := &s.c.reactions[k]
	var parts []string
	for _, f := range s.c.terms[r.term0:r.term1] {
		parts = append(parts, fmt.Sprintf("reactant %d %d", perm[f.species], f.order))
	}
	for _, m := range s.c.masks[r.mask0:r.mask1] {
		parts = append(parts, fmt.Sprintf("mask %d %d", perm[m.species], m.count))
	}
	for j, d := range s.c.changes[k] {
		if d != 0 {
			parts = append(parts, fmt.Sprintf("change %d %d", perm[j], d))
		}
	}
	slices.Sort(parts)
	return fmt.Sprintf("%v %s", r.constant, strings.Join(parts, ", "))
}
