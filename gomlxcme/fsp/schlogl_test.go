package fsp_test

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// schlogl is a chain of voxels with 2X -> 3X, 3X -> 2X, 0 -> X, X -> 0 in each and hops between neighbours, with the constants of
// S. B. Nicholson and T. R. Gingrich, Phys. Rev. X 13, 041006 (2023), not rounded.
func schlogl(voxels int) *crn.Network {
	const v, avogadro = 1.2e-25, 6.02214076e23
	const omega = v * avogadro
	h := math.Cbrt(1000 * v)
	hop := 2e-14 / (h * h)
	n := crn.New(fmt.Sprintf("schlogl-%d", voxels))
	for i := range voxels {
		n.AddSpecies(fmt.Sprintf("X%d", i), crn.Delta(50), 84)
	}
	for i := range voxels {
		x := fmt.Sprintf("X%d", i)
		n.ReactWith("2 "+x+" -> 3 "+x, crn.Number(0.1824459*1.06/omega))
		n.ReactWith("3 "+x+" -> 2 "+x, crn.Number(2.10046e-4/(omega*omega)))
		n.ReactWith("0 -> "+x, crn.Number(2199.855*0.68*omega))
		n.ReactWith(x+" -> 0", crn.Number(37.88136))
	}
	for i := 1; i < voxels; i++ {
		a, b := fmt.Sprintf("X%d", i-1), fmt.Sprintf("X%d", i)
		n.ReactWith(a+" -> "+b, crn.Number(hop))
		n.ReactWith(b+" -> "+a, crn.Number(hop))
	}
	return n
}
