package sbml

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Limits beyond which a law is not expanded; it stays a formula then.
const (
	maxTerms = 500
	maxPower = 12
)

// polynomial is a sum of products of atoms: species, parameters, and parts of a formula that hold no species. It is keyed by
// the text of the product.
type polynomial map[string]term

// term is a number times powers of atoms; those of atoms without species may be negative.
type term struct {
	factor float64
	powers map[string]int // never 0
}

// expander turns formulas into polynomials.
type expander struct {
	species map[string]bool
	opaque  map[string]crn.Formula // parts without species, by their text
	work    int                    // steps that may still be made; what takes longer stays a formula
}

func (t term) key() string {
	names := make([]string, 0, len(t.powers))
	for n := range t.powers {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		b.WriteString(n + "^" + strconv.Itoa(t.powers[n]) + ";")
	}
	return b.String()
}

func (p polynomial) add(t term) {
	k := t.key()
	if old, ok := p[k]; ok {
		t.factor += old.factor
	}
	if p[k] = t; t.factor == 0 {
		delete(p, k)
	}
}

func constant(v float64) polynomial {
	p := polynomial{}
	p.add(term{factor: v})
	return p
}

func atom(name string, power int) polynomial {
	p := polynomial{}
	p.add(term{1, map[string]int{name: power}})
	return p
}

// times multiplies; ok is false if the product is too large.
func (x *expander) times(p, q polynomial) (out polynomial, ok bool) {
	if x.work -= len(p) * len(q); x.work < 0 {
		return nil, false
	}
	out = polynomial{}
	for _, k := range sorted(p) {
		for _, m := range sorted(q) {
			a, b := p[k], q[m]
			t := term{a.factor * b.factor, map[string]int{}}
			for _, powers := range []map[string]int{a.powers, b.powers} {
				for n, v := range powers {
					if t.powers[n] += v; t.powers[n] == 0 {
						delete(t.powers, n)
					}
					if t.powers[n] > maxPower {
						return nil, false
					}
				}
			}
			out.add(t)
		}
	}
	return out, len(out) <= maxTerms
}

// sorted lists the keys in order, so that sums are always rounded in the same way.
func sorted(p polynomial) []string {
	keys := make([]string, 0, len(p))
	for k := range p {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// expand writes f as a polynomial in the species; ok is false if it is none or too large.
func (x *expander) expand(f crn.Formula) (p polynomial, ok bool) {
	if x.work--; x.work < 0 {
		return nil, false
	}
	switch f.Op {
	case crn.OpNumber:
		return constant(f.Value), true
	case crn.OpName:
		return atom(f.Name, 1), true
	case crn.OpAdd:
		p = polynomial{}
		for _, a := range f.Args {
			q, ok := x.expand(a)
			if !ok || len(p)+len(q) > maxTerms {
				return nil, false
			}
			for _, k := range sorted(q) {
				p.add(q[k])
			}
		}
		return p, true
	case crn.OpNegate:
		return x.product(crn.Num(-1), f.Args[0])
	case crn.OpMultiply:
		return x.product(f.Args...)
	case crn.OpDivide:
		return x.divide(f.Args[0], f.Args[1])
	case crn.OpPower:
		if n := f.Args[1]; n.Op == crn.OpNumber && n.Value >= 0 && n.Value <= maxPower && n.Value == math.Trunc(n.Value) {
			factors := make([]crn.Formula, int(n.Value))
			for i := range factors {
				factors[i] = f.Args[0]
			}
			return x.product(factors...)
		}
	}
	return x.part(f, 1)
}

func (x *expander) product(factors ...crn.Formula) (p polynomial, ok bool) {
	p = constant(1)
	for _, f := range factors {
		q, ok := x.expand(f)
		if !ok {
			return nil, false
		}
		if p, ok = x.times(p, q); !ok {
			return nil, false
		}
	}
	return p, true
}

func (x *expander) divide(above, below crn.Formula) (polynomial, bool) {
	p, ok := x.expand(above)
	if !ok {
		return nil, false
	}
	q, ok := x.expand(below)
	if ok && len(q) == 1 {
		t := q[sorted(q)[0]]
		inverse := term{1, map[string]int{}}
		for n, v := range t.powers {
			if x.species[n] {
				return nil, false
			}
			inverse.powers[n] = -v
		}
		r := polynomial{}
		r.add(inverse)
		if p, ok = x.times(p, r); !ok {
			return nil, false
		}
		out := polynomial{} // divided, not multiplied with an inverse, which would be rounded twice
		for _, k := range sorted(p) {
			s := p[k]
			s.factor /= t.factor
			out.add(s)
		}
		return out, true
	}
	q, ok = x.part(below, -1)
	if !ok {
		return nil, false
	}
	return x.times(p, q)
}

// part takes a formula without species as one atom.
func (x *expander) part(f crn.Formula, power int) (polynomial, bool) {
	if x.work -= size(f); x.work < 0 {
		return nil, false
	}
	for _, name := range f.Names() {
		if x.species[name] {
			return nil, false
		}
	}
	text := "(" + f.String() + ")" // no name looks like this
	x.opaque[text] = f
	return atom(text, power), true
}

// formula writes a number times powers of atoms without species.
func (x *expander) formula(factor float64, powers map[string]int) crn.Formula {
	var above, below []crn.Formula
	if factor != 1 || len(powers) == 0 {
		above = append(above, crn.Num(factor))
	}
	names := make([]string, 0, len(powers))
	for n := range powers {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		f, ok := x.opaque[n]
		if !ok {
			f = crn.Name(n)
		}
		v := powers[n]
		if v > 1 || v < -1 {
			f = crn.Apply(crn.OpPower, f, crn.Num(math.Abs(float64(v))))
		}
		if v > 0 {
			above = append(above, f)
		} else {
			below = append(below, f)
		}
	}
	if len(above) == 0 {
		above = append(above, crn.Num(1))
	}
	if len(below) == 0 {
		return chain(crn.OpMultiply, above)
	}
	return crn.Apply(crn.OpDivide, chain(crn.OpMultiply, above), chain(crn.OpMultiply, below))
}

// chain joins formulas; one alone stays what it is.
func chain(op crn.Op, list []crn.Formula) crn.Formula {
	if len(list) == 1 {
		return list[0]
	}
	return crn.Apply(op, list...)
}
