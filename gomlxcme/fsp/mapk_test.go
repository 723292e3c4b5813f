package fsp_test

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// mapk is the double phosphorylation of ERK (K) by MEK (KK) and its removal by the phosphatase MKP3, with the active form Kpp
// that lets more KK appear: 16 species, 35 reactions.
func mapk() *crn.Network {
	n := crn.New("mapk")
	for i, name := range []string{"KK", "MKP3", "K", "KpY", "KpT", "Kpp", "K_KK_Y", "K_KK_T", "KpY_KK", "KpT_KK",
		"Kpp_MKP3", "KpY_MKP3", "KpT_MKP3_Y", "KpT_MKP3_T", "K_MKP3_T", "K_MKP3_Y"} {
		n.AddSpecies(name, crn.Delta(map[int]int{1: 1, 2: 3}[i]), 9)
	}
	for _, r := range []struct {
		equation string
		rate     float64
	}{
		{"0 -> KK", 0.001}, {"KK -> 0", 0.15}, {"Kpp -> KK + Kpp", 0.005}, {"0 -> K", 0.00024}, {"K -> 0", 0.0001},
		{"KpY -> 0", 0.0001}, {"KpT -> 0", 0.0001}, {"Kpp -> 0", 0.0001},
		{"KK + K -> K_KK_Y", 0.375}, {"K_KK_Y -> KK + K", 1}, {"K_KK_Y -> KK + KpY", 0.06},
		{"KK + KpY -> KpY_KK", 0.375}, {"KpY_KK -> KK + KpY", 1}, {"KpY_KK -> KK + Kpp", 4.5},
		{"KK + K -> K_KK_T", 0.375}, {"K_KK_T -> KK + K", 1}, {"K_KK_T -> KK + KpT", 0.06},
		{"KK + KpT -> KpT_KK", 0.375}, {"KpT_KK -> KK + KpT", 1}, {"KpT_KK -> KK + Kpp", 4.5},
		{"MKP3 + Kpp -> Kpp_MKP3", 0.015}, {"Kpp_MKP3 -> MKP3 + Kpp", 1}, {"Kpp_MKP3 -> KpT_MKP3_Y", 0.032},
		{"KpT_MKP3_Y -> MKP3 + KpT", 0.31}, {"MKP3 + KpT -> KpT_MKP3_Y", 0.01},
		{"MKP3 + KpT -> KpT_MKP3_T", 0.01}, {"KpT_MKP3_T -> MKP3 + KpT", 1}, {"KpT_MKP3_T -> K_MKP3_T", 0.5},
		{"K_MKP3_T -> MKP3 + K", 0.086}, {"MKP3 + K -> K_MKP3_T", 0.0011},
		{"MKP3 + KpY -> KpY_MKP3", 0.01}, {"KpY_MKP3 -> MKP3 + KpY", 1}, {"KpY_MKP3 -> K_MKP3_Y", 0.47},
		{"K_MKP3_Y -> MKP3 + K", 0.14}, {"MKP3 + K -> K_MKP3_Y", 0.0018},
	} {
		n.ReactWith(r.equation, crn.Number(r.rate))
	}
	return n
}
