package systems

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// schloglSource is where the model and its constants come from.
const schloglSource = "F. Schlögl, Chemical reaction models for non-equilibrium phase transitions, Z. Phys. 253, 147 (1972); constants of " +
	"S. B. Nicholson and T. R. Gingrich, Quantifying rare events in stochastic reaction-diffusion dynamics using tensor networks, Phys. " +
	"Rev. X 13, 041006 (2023), doi:10.1103/PhysRevX.13.041006"

func constantsOption() option {
	return oneOf("constants", "rate constants as their authors define them, or as later papers round them", "exact", "rounded")
}

// schloglConstants returns c1 … c4 and the hopping rate d. The exact ones follow from the rates per volume: with N = n_A V,
//
//	c1 = k1 a/N   c2 = k2/N²   c3 = k3 b N   c4 = k4   d = D/h²
//
// for a voxel of V = 1.2e-25 with edge h = (1000 V)^(1/3). Rounding c2 to 0.040 looks harmless, and changes the switching rate of two
// voxels by 13 per cent.
func schloglConstants(kind string) (c [4]float64, d float64) {
	if kind == "rounded" {
		return [4]float64{2.676, 0.040, 108.102, 37.881}, 8.2207
	}
	const volume, avogadro = 1.2e-25, 6.02214076e23
	const k1, k2, k3, k4, a, b = 0.1824459, 2.10046e-4, 2199.855, 37.88136, 1.06, 0.68
	const diffusion, number = 2e-14, avogadro * volume
	edge := math.Cbrt(1000 * volume)
	return [4]float64{k1 * a / number, k2 / number / number, k3 * b * number, k4}, diffusion / (edge * edge)
}

// addSchlogl adds the parameters, the species and the four reactions of each voxel.
func addSchlogl(n *crn.Network, constants string, voxels []string) {
	c, d := schloglConstants(constants)
	for i, v := range c {
		n.Param(fmt.Sprintf("c%d", i+1), v)
	}
	if len(voxels) > 1 {
		n.Param("d", d)
	}
	for _, x := range voxels {
		n.AddSpecies(x, crn.Delta(50), 84)
	}
	for _, x := range voxels {
		n.React("2 "+x+" -> 3 "+x, "c1", crn.Named("autocatalysis-"+x))
		n.React("3 "+x+" -> 2 "+x, "c2", crn.Named("reverse-"+x))
		n.React("0 -> "+x, "c3", crn.Named("inflow-"+x))
		n.React(x+" -> 0", "c4", crn.Named("outflow-"+x))
	}
}

// hop lets molecules move from one voxel to another.
func hop(n *crn.Network, from, to string) {
	n.React(from+" -> "+to, "d", crn.Named("hop-"+from+"-"+to))
}

// schlogl is the bistable model of Schlögl in a chain of voxels with open ends, between which molecules hop:
//
//	2 Xi -> 3 Xi   c1      3 Xi -> 2 Xi   c2      0 -> Xi   c3      Xi -> 0   c4      Xi -> X(i±1)   d
//
// All voxels start at 50, in the upper basin; 0 … 84 are kept. The rate laws differ: with falling factorials the upper basin
// weighs more than with powers.
func schlogl() family {
	return family{name: "schlogl", options: []option{whole("sites", 2, 1, 256, "voxels of the chain"), constantsOption()},
		build: func(v values) Entry {
			sites := v.whole("sites")
			e := Entry{
				Title:  fmt.Sprintf("Schlögl model on a chain of voxels (sites=%d), bistable", sites),
				Source: schloglSource,
				TEnd:   1,
				Build: func() *crn.Network {
					n := crn.New(v.name)
					voxels := make([]string, sites)
					for i := range voxels {
						voxels[i] = link(i + 1)
					}
					addSchlogl(n, v.word("constants"), voxels)
					for i := range voxels {
						if i > 0 {
							hop(n, voxels[i], voxels[i-1])
						}
						if i+1 < sites {
							hop(n, voxels[i], voxels[i+1])
						}
					}
					return n
				},
				Known: slices.Clone(schloglKnown[schloglCase{sites, v.word("constants")}]),
			}
			return e
		}}
}

type schloglCase struct {
	sites     int
	constants string
}

// schloglKnown are exact projections on the whole box, of means and standard deviations in the first voxel.
var schloglKnown = map[schloglCase][]Known{
	{1, "exact"}: {projected(1, Mean, crn.FallingFactorial, 30.377)},
	{1, "rounded"}: {projected(1, Mean, crn.FallingFactorial, 31.431),
		projected(1, Mean, crn.Power, 27.206)},
	{2, "exact"}: {
		projected(0.1, Mean, crn.FallingFactorial, 44.600), projected(0.1, SD, crn.FallingFactorial, 11.005),
		projected(0.5, Mean, crn.FallingFactorial, 42.849), projected(0.5, SD, crn.FallingFactorial, 12.847),
		projected(1, Mean, crn.FallingFactorial, 41.666), projected(1, SD, crn.FallingFactorial, 14.287)},
	{2, "rounded"}: {
		projected(1, Mean, crn.FallingFactorial, 42.455), projected(1, SD, crn.FallingFactorial, 13.996),
		projected(1, Mean, crn.Power, 38.163), projected(1, SD, crn.Power, 14.906)},
	{3, "exact"}: {
		projected(0.1, Mean, crn.FallingFactorial, 44.685), projected(0.1, SD, crn.FallingFactorial, 10.949),
		projected(0.5, Mean, crn.FallingFactorial, 43.700), projected(0.5, SD, crn.FallingFactorial, 11.807),
		projected(1, Mean, crn.FallingFactorial, 43.470), projected(1, SD, crn.FallingFactorial, 12.138)},
}

// projected is an answer for the first voxel, given to three decimals.
func projected(t float64, q Quantity, law crn.Law, value float64) Known {
	return Known{Time: t, Species: link(1), Quantity: q, Law: law, Value: value, Tolerance: 5e-4, Basis: "exact projection"}
}
