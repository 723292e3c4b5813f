package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// cascade3 is a linear cascade whose end represses its source:
//
//	0 -> X1   b + k_m/(k_0 + XL^H)   b = 1, k_m = 100, k_0 = 10, H = 1
//	X(i-1) -> Xi   step = 5          Xi -> 0   decay = 1
//
// It starts empty; 0 … 9 are kept, as for cascade1, whose source of 10 it does not exceed by much.
func cascade3() family {
	return family{name: "cascade3", options: []option{chainOption()}, build: func(v values) Entry {
		length := v.whole("species")
		return Entry{
			Title:  fmt.Sprintf("cascade of %d species with negative feedback on its source", length),
			Source: cascadeSource,
			TEnd:   10,
			Build: func() *crn.Network {
				n := crn.New(v.name)
				n.Param("b", 1)
				n.Param("k_m", 100)
				n.Param("k_0", 10)
				n.Param("H", 1)
				n.Param("step", 5)
				n.Param("decay", 1)
				addLinks(n, length, 9, 9)
				n.ReactWith("0 -> "+link(1), crn.Hill{Species: link(length), Base: "b", Gain: "k_m", Half: "k_0", Exponent: "H", Repress: true},
					crn.Named("source"))
				for i := 1; i <= length; i++ {
					n.React(link(i)+" -> 0", "decay", crn.Named("decay-"+link(i)))
					if i < length {
						n.React(link(i)+" -> "+link(i+1), "step", crn.Named("step-"+link(i)))
					}
				}
				return n
			},
		}
	}}
}
