package fsp

import (
	"fmt"
	"math"
)

// Stepper says how a fixed set of states is moved in time. An adaptive set always takes Chebyshev.
type Stepper int

const (
	// AutomaticStepper is Uniformisation unless that costs much and Chebyshev costs less.
	AutomaticStepper Stepper = iota
	// Uniformisation adds up positive terms only: its bound is strict and tiny probabilities keep their digits, but it takes
	// a product a reaction of the fastest state.
	Uniformisation
	// Chebyshev needs about 8 √(Λ dt) products for a step, but leaves errors near 1e-15 everywhere, so that probabilities
	// below that are noise.
	Chebyshev
)

// String returns the name of the stepper that ParseStepper reads.
func (s Stepper) String() string {
	switch s {
	case AutomaticStepper:
		return "automatic"
	case Uniformisation:
		return "uniformisation"
	case Chebyshev:
		return "chebyshev"
	}
	return fmt.Sprintf("Stepper(%d)", int(s))
}

// ParseStepper reads the name of a stepper.
func ParseStepper(name string) (Stepper, error) {
	for s := AutomaticStepper; s <= Chebyshev; s++ {
		if name == s.String() {
			return s, nil
		}
	}
	return 0, fmt.Errorf("fsp: %w: stepper %q: choose automatic, uniformisation or chebyshev", ErrSettings, name)
}

const (
	// cheapWork is the number of multiplications below which uniformisation is taken without further question: seconds.
	cheapWork = 3e9
	// longestSeries is Λ dt of a piece by the Chebyshev series: about 2000 products.
	longestSeries = 7e4
)

// choose settles how to step, by the predicted number of multiplications: elements is their number in one product.
func (v *solver) choose(elements float64) {
	v.p.stepper = v.s.Stepper
	if v.s.Stepper != AutomaticStepper {
		return
	}
	uniform, chebyshev, last := 0.0, 0.0, 0.0
	for _, t := range v.s.Times {
		z := v.p.g.rate * (t - last)
		uniform += z + 8*math.Sqrt(z)
		if pieces := math.Ceil(z / longestSeries); pieces > 0 {
			chebyshev += pieces * (30 + 8*math.Sqrt(z/pieces))
		}
		last = t
	}
	v.p.stepper = Uniformisation
	if uniform*elements > cheapWork && 2*chebyshev < uniform {
		v.p.stepper = Chebyshev
	}
}

// pieceTime is the time after which progress is told and growth is judged.
func (v *solver) pieceTime() float64 {
	if v.p.stepper == Chebyshev {
		return longestSeries / v.p.g.rate
	}
	return pieceLength / v.p.g.rate
}
