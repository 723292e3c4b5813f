package crn_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"pgregory.net/rapid"
)

// No formula exceeds the ceiling that its spans give, at any time of the interval.
func TestCeilingsOfFormulasHold(t *testing.T) {
	ops := []crn.Op{crn.OpSin, crn.OpCos, crn.OpTan, crn.OpAbs, crn.OpFloor, crn.OpCosh, crn.OpSqrt, crn.OpAtan, crn.OpLn, crn.OpAcos}
	rapid.Check(t, func(t *rapid.T) {
		f := formulas(4).Draw(t, "formula")
		if rapid.Bool().Draw(t, "wrap") {
			f = crn.Apply(rapid.SampledFrom(ops).Draw(t, "function"), crn.Apply(crn.OpMultiply, crn.Num(0.7), crn.Apply(crn.OpTime), f))
		}
		n := formulaNetwork()
		n.ReactWith("0 -> A", crn.Expression{Formula: f})
		c, err := n.Compile()
		if err != nil || !c.DependsOnTime(1) {
			return // a negative constant, or nothing to bound
		}
		x := []int32{int32(rapid.IntRange(0, 9).Draw(t, "A")), int32(rapid.IntRange(0, 9).Draw(t, "B"))}
		t0 := rapid.Float64Range(0, 20).Draw(t, "t0")
		length := rapid.SampledFrom([]float64{0, 1e-3, 0.5, 3, 40}).Draw(t, "length")
		top := c.Ceiling(1, x, t0, t0+length)
		for i := range 21 {
			at := t0 + length*float64(i)/20
			a := c.Propensity(1, x, at)
			if math.IsNaN(a) {
				continue // refused by solvers
			}
			if !(a <= top*(1+1e-9)) {
				t.Fatalf("%s in state %v is %v at %v, above %v", f, x, a, at, top)
			}
		}
	})
}
