package crn

import (
	"fmt"
	"math"
	"strings"
)

// Hill is a rate that saturates with the count x of one species (A. V. Hill, J. Physiol. 40, iv, 1910):
//
//	f(x) = Base + Gain · x^H / (Half + x^H)       activation
//	f(x) = Base + Gain / (Half + x^H)             repression, if Repress is set
//
// with H the Exponent. Half is the value of x^H, not of x, at which activation is half of Gain, and repression is not
// multiplied by Half: both as in the published cascades. f is the whole propensity, whatever the reactants are, unless Reactants is
// set: then the factors of the reactants under the network's Law multiply it. Base, Gain, Half and Exponent name parameters;
// an empty Base is 0, an empty Exponent 1.
type Hill struct {
	Species                    string
	Base, Gain, Half, Exponent string
	Repress                    bool
	Reactants                  bool
}

// Bind refuses negative or infinite numbers, and a Half of 0, for which f(0) has no value.
func (h Hill) Bind(n *Network) (Bound, error) {
	species, err := n.SpeciesIndex(h.Species)
	if err != nil {
		return Bound{}, err
	}
	values := [4]float64{0, 0, 0, 1} // base, gain, half, exponent
	for i, name := range []string{h.Base, h.Gain, h.Half, h.Exponent} {
		if name == "" && (i == 0 || i == 3) {
			continue
		}
		if values[i], err = positive(n, name); err != nil {
			return Bound{}, fmt.Errorf("Hill rate: %w", err)
		}
	}
	base, gain, half, exponent := values[0], values[1], values[2], values[3]
	if half == 0 {
		return Bound{}, fmt.Errorf("%w: Hill rate: %s is 0: give a number above 0", ErrRate, h.Half)
	}
	power := func(x int32) float64 { return math.Pow(float64(x), exponent) }
	if exponent == 1 { // Pow costs more than all the rest
		power = func(x int32) float64 { return float64(x) }
	}
	function := func(x []int32, _ float64) float64 {
		p := power(x[species])
		if math.IsInf(p, 1) { // the limit of a quotient of infinities
			return base + gain
		}
		return base + gain*p/(half+p)
	}
	if h.Repress {
		function = func(x []int32, _ float64) float64 { return base + gain/(half+power(x[species])) }
	}
	return Bound{Function: function, Whole: !h.Reactants, Reads: []int{species}}, nil
}

// positive is the value of a parameter that must be finite and not negative.
func positive(n *Network, name string) (float64, error) {
	i, err := n.ParameterIndex(name)
	if err != nil {
		return 0, err
	}
	v := n.Parameters[i].Value
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0, fmt.Errorf("%w: %s is %v: give a finite number of 0 or above", ErrRate, name, v)
	}
	return v, nil
}

// String returns the formula, as in "b + km X^H/(k0 + X^H)".
func (h Hill) String() string {
	power := h.Species
	if h.Exponent != "" {
		power += "^" + h.Exponent
	}
	var s strings.Builder
	if h.Base != "" {
		s.WriteString(h.Base + " + ")
	}
	s.WriteString(h.Gain)
	if !h.Repress {
		s.WriteString(" " + power)
	}
	s.WriteString("/(" + h.Half + " + " + power + ")")
	if h.Reactants && h.Base != "" {
		return "(" + s.String() + ")"
	}
	return s.String()
}

// Expression is the same rate as a formula.
func (h Hill) Expression() Expression {
	power := Name(h.Species)
	if h.Exponent != "" {
		power = Apply(OpPower, power, Name(h.Exponent))
	}
	f := Name(h.Gain)
	if !h.Repress {
		f = Apply(OpMultiply, f, power)
	}
	f = Apply(OpDivide, f, Apply(OpAdd, Name(h.Half), power))
	if h.Base != "" {
		f = Apply(OpAdd, Name(h.Base), f)
	}
	return Expression{Formula: f, Factors: h.Reactants}
}
