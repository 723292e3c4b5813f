package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// autoregulatoryLoop is one gene whose protein binds to it. G = 1 is a free gene, 0 a bound one; binding takes a protein out of
// the count and unbinding gives it back. Time is measured in lifetimes of the protein.
//
//	0 -> G + P   s_u   only while G = 0   unbinding        G + P -> 0   s_b                    binding
//	G -> G + P   r_u                      free synthesis   0 -> P       r_b   only while G = 0   bound synthesis
//	P -> 0       d = 1                    decay
//
//	set   s_u   s_b   r_u   r_b
//	1     0.94  0.01  8.40  28.1
//	2     0.69  0.07  7.2   40.6
//	3     0.44  0.08  0.94  53.1
//
// In all of them the bound gene is the faster one. It is bound, without a protein, at the start; 0 … 99 proteins are kept.
func autoregulatoryLoop() family {
	rates := map[string][4]float64{
		"1": {0.94, 0.01, 8.40, 28.1},
		"2": {0.69, 0.07, 7.2, 40.6},
		"3": {0.44, 0.08, 0.94, 53.1},
	}
	return family{name: "autoregulatory-loop", options: []option{oneOf("set", "parameter set", "1", "2", "3")},
		build: func(v values) Entry {
			k := rates[v.word("set")]
			return Entry{
				Title: fmt.Sprintf("one gene that its own protein binds, parameter set %s", v.word("set")),
				Source: "R. Grima, D. R. Schmidt and T. J. Newman, Steady-state fluctuations of a genetic feedback loop: an exact " +
					"solution, J. Chem. Phys. 137, 035104 (2012), doi:10.1063/1.4736721; rates as in the code of " + tang2023,
				TEnd: 10, TimeUnit: "protein lifetimes",
				Build: func() *crn.Network {
					n := crn.New(v.name)
					for i, name := range []string{"s_u", "s_b", "r_u", "r_b"} {
						n.Param(name, k[i])
					}
					n.Param("d", 1)
					n.AddSpecies("G", crn.Delta(0), 1)
					n.AddSpecies("P", crn.Delta(0), 99)
					n.React("0 -> G + P", "s_u", crn.Named("unbinding"), crn.While("G", 0))
					n.React("G + P -> 0", "s_b", crn.Named("binding"))
					n.React("G -> G + P", "r_u", crn.Named("free-synthesis"))
					n.React("0 -> P", "r_b", crn.Named("bound-synthesis"), crn.While("G", 0))
					n.React("P -> 0", "d", crn.Named("decay"))
					return n
				},
			}
		}}
}
