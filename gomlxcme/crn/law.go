package crn

import "fmt"

// Law says how often m molecules of one species meet: the factor of a reactant of order m in a mass-action propensity.
type Law int

const (
	// FallingFactorial counts ordered tuples of distinct molecules: x(x−1)…(x−m+1), not divided by m!.
	FallingFactorial Law = iota
	// Power is the deterministic x^m, with 0^0 = 1; some published codes use it for stochastic models too.
	Power
)

// String returns the name of the law that ParseLaw reads.
func (l Law) String() string {
	switch l {
	case FallingFactorial:
		return "falling-factorial"
	case Power:
		return "power"
	}
	return fmt.Sprintf("Law(%d)", int(l))
}

// ParseLaw reads the name of a law.
func ParseLaw(name string) (Law, error) {
	for _, l := range []Law{FallingFactorial, Power} {
		if name == l.String() {
			return l, nil
		}
	}
	return 0, fmt.Errorf("crn: %w %q: choose %s or %s", ErrLaw, name, FallingFactorial, Power)
}

// factor returns the factor of a reactant of the given order at count x ≥ 0.
func (l Law) factor(x int32, order int) float64 {
	v := float64(x)
	f := v
	for i := 1; i < order; i++ {
		if l == FallingFactorial {
			f *= v - float64(i)
			if f == 0 { // past a zero the product would go on with negative factors
				return 0
			}
		} else {
			f *= v
		}
	}
	return f
}
