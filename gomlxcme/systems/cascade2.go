package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// cascade2 is a cascade whose steps saturate: with L species, n = 1.5·15/L and t = 25,
//
//	0 -> X1        beta = 10 t/n
//	X(i-1) -> Xi   b + k_m X(i-1)^H/(k_0 + X(i-1)^H)   b = t/n, k_m = 100 t/n, k_0 = 100/n, H = 1
//	Xi -> 0        gamma Xi, gamma = t/10
//
// At n = t = 1 beta, b and k_m are those of DeepCME, whose k_0 is 10 and gamma 1. A step takes a molecule of X(i-1), so that its
// propensity is 0 without one, whatever b is. It starts empty. The published code names no caps that it uses; here 0 … 39 are
// kept, and 0 … 99 of the last species, in which the molecules pile up.
func cascade2() family {
	return family{name: "cascade2", options: []option{chainOption()}, build: func(v values) Entry {
		length := v.whole("species")
		return Entry{
			Title:  fmt.Sprintf("cascade of %d species with saturating steps (Hill)", length),
			Source: cascadeSource,
			TEnd:   10,
			Build: func() *crn.Network {
				const t = 25
				scale := 1.5 * 15 / float64(length)
				n := crn.New(v.name)
				n.Param("beta", 10*t/scale)
				n.Param("gamma", 0.1*t)
				n.Param("b", t/scale)
				n.Param("k_m", 100*t/scale)
				n.Param("k_0", 100/scale)
				n.Param("H", 1)
				addLinks(n, length, 39, 99)
				n.React("0 -> "+link(1), "beta", crn.Named("source"))
				for i := 1; i <= length; i++ {
					n.React(link(i)+" -> 0", "gamma", crn.Named("decay-"+link(i)))
					if i < length {
						n.ReactWith(link(i)+" -> "+link(i+1), crn.Hill{Species: link(i), Base: "b", Gain: "k_m", Half: "k_0", Exponent: "H"},
							crn.Named("step-"+link(i)))
					}
				}
				return n
			},
		}
	}}
}
