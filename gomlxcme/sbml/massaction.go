package sbml

import (
	"maps"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// massAction is a law that was recognised: constant times the falling factorials of the orders.
type massAction struct {
	orders   map[string]int // of reactants and catalysts
	constant crn.Formula
}

// group is the part of a polynomial that belongs to one product of parameters.
type group struct {
	powers  map[string]int  // of the parameters
	species map[string]term // by the product of species
	orders  map[string]int  // largest power of each species
}

// groups splits a polynomial by its parameters, in the order of their text.
func (x *expander) groups(p polynomial) []*group {
	byKey := map[string]*group{}
	for _, k := range sorted(p) {
		outer, inner := term{1, map[string]int{}}, term{p[k].factor, map[string]int{}}
		for n, v := range p[k].powers {
			if x.species[n] {
				inner.powers[n] = v
			} else {
				outer.powers[n] = v
			}
		}
		g := byKey[outer.key()]
		if g == nil {
			g = &group{outer.powers, map[string]term{}, map[string]int{}}
			byKey[outer.key()] = g
		}
		g.species[inner.key()] = inner
		for n, v := range inner.powers {
			g.orders[n] = max(g.orders[n], v)
		}
	}
	var out []*group
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		out = append(out, byKey[k])
	}
	return out
}

// factor is c if the group is c · Π X_i (X_i−1) … (X_i−m_i+1) with its orders m_i.
func (g *group) factor(x *expander) (c float64, ok bool) {
	want := constant(1)
	for _, n := range slices.Sorted(maps.Keys(g.orders)) {
		for i := range g.orders[n] {
			f := atom(n, 1)
			f.add(term{factor: -float64(i)})
			if want, ok = x.times(want, f); !ok {
				return 0, false
			}
		}
	}
	if len(want) != len(g.species) {
		return 0, false
	}
	c = g.species[term{powers: g.orders}.key()].factor
	for k, t := range want {
		if math.Abs(g.species[k].factor-c*t.factor) > 1e-12*math.Abs(c*t.factor) {
			return 0, false
		}
	}
	return c, true
}

// recognise finds out whether the law is mass action of one set of orders, or the difference of two: forward has only positive
// groups, backward only negative ones. nil means no.
func recognise(law crn.Formula, species map[string]bool) (parts []massAction, signs []int) {
	x := &expander{species: species, opaque: map[string]crn.Formula{}, work: 20 * maxTerms}
	p, ok := x.expand(law)
	if !ok {
		return nil, nil
	}
	for _, g := range x.groups(p) {
		c, ok := g.factor(x)
		if !ok {
			return nil, nil
		}
		sign := 1
		if c < 0 {
			sign = -1
		}
		f := x.formula(math.Abs(c), g.powers)
		i := slices.IndexFunc(parts, func(m massAction) bool { return maps.Equal(m.orders, g.orders) })
		switch {
		case i < 0:
			parts, signs = append(parts, massAction{g.orders, f}), append(signs, sign)
		case sign == signs[i]:
			parts[i].constant = sum(parts[i].constant, f)
		default: // (k1 − k2) X: the sign is that of the parameters
			parts[i].constant = sum(parts[i].constant, crn.Apply(crn.OpNegate, f))
		}
	}
	return parts, signs
}

func sum(f, g crn.Formula) crn.Formula {
	if f.Op == crn.OpAdd {
		return crn.Apply(crn.OpAdd, append(slices.Clone(f.Args), g)...)
	}
	return crn.Apply(crn.OpAdd, f, g)
}

// rate is the constant as a rate of the network.
func (m massAction) rate() crn.Rate {
	switch m.constant.Op {
	case crn.OpName:
		return crn.MassAction{Parameter: m.constant.Name}
	case crn.OpNumber:
		return crn.Number(m.constant.Value)
	}
	return crn.Expression{Formula: m.constant, Factors: true}
}
