package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// cascadeSource is where the cascades and their rates come from.
const cascadeSource = "M. Thattai and A. van Oudenaarden, Attenuation of noise in ultrasensitive signaling cascades, Biophys. J. 82, 2943 " +
	"(2002); A. M. Walczak, A. Mugler and C. H. Wiggins, A stochastic spectral analysis of transcriptional regulatory cascades, PNAS 106, 6529 " +
	"(2009); rates of A. Gupta, C. Schwab and M. Khammash, DeepCME: A deep learning framework for computing solution statistics of the " +
	"chemical master equation, PLoS Comput. Biol. 17, e1009623 (2021), doi:10.1371/journal.pcbi.1009623, with steps that take the molecule " +
	"which they read, as in the code of " + tang2023

// cascade1 is a chain of conversions: molecules enter at its head, move on and decay. In DeepCME, where the rates come from, a step leaves its
// molecule in place, Xi -> Xi + X(i+1), and counts grow fivefold from link to link; the published networks move it on.
//
//	0 -> X1   source = 10      X(i-1) -> Xi   step = 5      Xi -> 0   decay = 1
//
// It is linear: from an empty start the counts are independent Poisson variables at all times, with the means m of
// dm_i/dt = inflow − outflow, but for the caps: 0 … 9 are kept. It starts empty. The code of the papers sets the start to −1, which
// falls through to a uniform, unnormalised law; the papers' text means 0.
func cascade1() family {
	return family{name: "cascade1", options: []option{chainOption()}, build: func(v values) Entry {
		length := v.whole("species")
		return Entry{
			Title:  fmt.Sprintf("linear cascade of %d species", length),
			Source: cascadeSource,
			TEnd:   10,
			Build: func() *crn.Network {
				n := crn.New(v.name)
				n.Param("source", 10)
				n.Param("step", 5)
				n.Param("decay", 1)
				addLinks(n, length, 9, 9)
				n.React("0 -> "+link(1), "source", crn.Named("source"))
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

// cascade1Inverse is cascade1 with the head of the chain at the last species, which a network that draws X1 first, then X2 given
// X1 and so on, meets last:
//
//	0 -> XL   source = 10      XL -> X1   step = 5      X(i-1) -> Xi   step, i = 2 … L−1      Xi -> 0   decay = 1
//
// Start and caps as for cascade1.
func cascade1Inverse() family {
	return family{name: "cascade1-inverse", options: []option{chainOption()}, build: func(v values) Entry {
		length := v.whole("species")
		return Entry{
			Title:  fmt.Sprintf("linear cascade of %d species, fed through the last one", length),
			Source: cascadeSource,
			TEnd:   10,
			Build: func() *crn.Network {
				n := crn.New(v.name)
				n.Param("source", 10)
				n.Param("step", 5)
				n.Param("decay", 1)
				addLinks(n, length, 9, 9)
				n.React(link(length)+" -> "+link(1), "step", crn.Named("step-"+link(length)))
				for i := 1; i <= length; i++ {
					n.React(link(i)+" -> 0", "decay", crn.Named("decay-"+link(i)))
					if i < length-1 {
						n.React(link(i)+" -> "+link(i+1), "step", crn.Named("step-"+link(i)))
					}
				}
				n.React("0 -> "+link(length), "source", crn.Named("source"))
				return n
			},
		}
	}}
}
