package systems

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// birthDeath is molecules that appear at a constant rate and decay one by one:
//
//	0 -> X  birth = 0.1        X -> 0  death = 0.01
//
// From a Poisson law the count stays Poisson, with mean λ(t) = λ(0) e^{−0.01 t} + 10 (1 − e^{−0.01 t}). At mean 10 the counts
// above 39 weigh 2e-12, so that the cap does not show.
func birthDeath() Entry {
	e := Entry{
		Name:  "birth-death",
		Title: "birth and death of one species, exactly Poisson",
		Source: "T. Jahnke and W. Huisinga, Solving the chemical master equation for monomolecular reaction systems " +
			"analytically, J. Math. Biol. 54, 1 (2007)",
		TEnd: 100,
		Build: func() *crn.Network {
			n := crn.New("birth-death")
			n.Param("birth", 0.1)
			n.Param("death", 0.01)
			n.AddSpecies("X", crn.Poisson{Mean: 1}, 39)
			n.React("0 -> X", "birth", crn.Named("birth"))
			n.React("X -> 0", "death", crn.Named("death"))
			return n
		},
	}
	for _, t := range []float64{10, 50, 100} {
		decay := math.Exp(-0.01 * t)
		mean := decay + 10*(1-decay)
		e.Known = append(e.Known,
			Known{Time: t, Species: "X", Quantity: Mean, Value: mean, Tolerance: 1e-9, Basis: "closed form"},
			Known{Time: t, Species: "X", Quantity: SD, Value: math.Sqrt(mean), Tolerance: 1e-9, Basis: "closed form"})
	}
	return e
}
