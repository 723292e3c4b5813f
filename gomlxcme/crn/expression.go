package crn

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Expression is the rate that a formula says. By itself the formula is the whole propensity; with Factors its value is
// multiplied with the reactant factors of the network's Law, as a rate constant is.
//
// A formula of parameters alone is checked when the network is compiled. What it yields in some state or at some time shows
// only there: where it is negative or not finite the propensity is NaN, which solvers refuse.
type Expression struct {
	Formula Formula
	Factors bool
}

// ParseExpression is the rate whose whole propensity is the formula in the text; see ParseFormula.
func ParseExpression(text string) (Expression, error) {
	f, err := ParseFormula(text)
	return Expression{Formula: f}, err
}

// Bind looks up the names. A rate constant made of parameters alone is computed here and must be finite and not negative.
func (e Expression) Bind(n *Network) (Bound, error) {
	used := map[int]bool{}
	v, err := e.Formula.compile(n.resolver(used))
	if err != nil {
		return Bound{}, err
	}
	if v.known {
		k := v.number
		if !(k >= 0) || math.IsInf(k, 0) {
			return Bound{}, fmt.Errorf("%w: %s is %v: give parameters that make it a finite number of 0 or above", ErrRate, e, k)
		}
		if e.Factors {
			return Bound{Constant: k}, nil
		}
	}
	b := Bound{Whole: !e.Factors, Reads: slices.Sorted(maps.Keys(used))}
	if b.Reads == nil {
		b.Reads = []int{} // nil would mean all
	}
	e.Formula.Walk(func(f Formula) { b.TimeDependent = b.TimeDependent || f.Op == OpTime })
	f := v.function()
	b.Function = func(x []int32, t float64) float64 {
		a := f(x, t)
		if !(a >= 0 && a <= math.MaxFloat64) {
			return math.NaN() // unlike a negative number it cannot be overlooked
		}
		return a
	}
	if b.TimeDependent {
		b.Ceiling = e.ceiling(n)
	}
	return b, nil
}

// ceiling bounds the formula over an interval of time by the spans of its parts; nil if one of them has none.
func (e Expression) ceiling(n *Network) func(x []int32, t0, t1 float64) float64 {
	c := &triggerCompiler{names: n.resolver(map[int]bool{})}
	bounds, err := c.bounds(e.Formula)
	if err != nil {
		return nil
	}
	return func(x []int32, t0, t1 float64) float64 {
		top := bounds(x, t0, t1).high * (1 + 1e-12) // spans are rounded
		if top < 0 {
			return math.NaN() // as the rate itself
		}
		return top
	}
}

// String is the text of the formula.
func (e Expression) String() string { return e.Formula.String() }
