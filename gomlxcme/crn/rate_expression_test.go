package crn_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Rates of a kind of their own have the same propensities as formulas.
func TestRatesAsExpressions(t *testing.T) {
	for _, rate := range []interface {
		crn.Rate
		Expression() crn.Expression
	}{
		crn.Hill{Species: "A", Base: "b", Gain: "g", Half: "h", Exponent: "e"}, crn.Hill{Species: "A", Gain: "g", Half: "h", Reactants: true},
		crn.Hill{Species: "B", Base: "b", Gain: "g", Half: "h", Repress: true}, crn.Hill{Species: "B", Gain: "g", Half: "h", Exponent: "e", Repress: true, Reactants: true},
		crn.Sinusoid{Rate: "g", Amplitude: "b", Period: "h"},
	} {
		n := crn.New("rates")
		for name, v := range map[string]float64{"b": 0.25, "g": 3, "h": 7, "e": 2.5} {
			n.Param(name, v)
		}
		n.AddSpecies("A", crn.Delta(0), crn.Unbounded)
		n.AddSpecies("B", crn.Delta(0), crn.Unbounded)
		n.ReactWith("2 A + B -> 0", rate)
		n.ReactWith("2 A + B -> 0", rate.Expression())
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range [][]int32{{2, 1}, {5, 3}, {1, 4}, {40, 50}} {
			a, b := c.Propensity(0, x, 1.5), c.Propensity(1, x, 1.5)
			if math.Abs(a-b) > 1e-12*a {
				t.Errorf("%s at %v: %v, as a formula %v", rate, x, a, b)
			}
		}
	}
}
