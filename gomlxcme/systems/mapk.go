package systems

import (
	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// mapkReactions are the steps of the cascade, with the rate constants' names in the literature. KK is the active kinase of the
// kinase K; KpY, KpT and Kpp carry one or two phosphates; MKP3 takes them off. Two letters after an underscore are complexes.
var mapkReactions = [35]struct {
	equation, rate string
	value          float64
}{
	{"0 -> KK", "s2", 0.001},
	{"KK -> 0", "d2", 0.15},
	{"Kpp -> KK + Kpp", "s3", 0.005},
	{"0 -> K", "s1", 0.00024},
	{"K -> 0", "d1", 0.0001},
	{"KpY -> 0", "d11", 0.0001},
	{"KpT -> 0", "d111", 0.0001},
	{"Kpp -> 0", "d1111", 0.0001},
	{"KK + K -> K_KK_Y", "k1", 0.375},
	{"K_KK_Y -> KK + K", "k_1", 1},
	{"K_KK_Y -> KK + KpY", "k2", 0.06},
	{"KK + KpY -> KpY_KK", "k3", 0.375},
	{"KpY_KK -> KK + KpY", "k_3", 1},
	{"KpY_KK -> KK + Kpp", "k4", 4.5},
	{"KK + K -> K_KK_T", "k5", 0.375},
	{"K_KK_T -> KK + K", "k_5", 1},
	{"K_KK_T -> KK + KpT", "k6", 0.06},
	{"KK + KpT -> KpT_KK", "k7", 0.375},
	{"KpT_KK -> KK + KpT", "k_7", 1},
	{"KpT_KK -> KK + Kpp", "k8", 4.5},
	{"MKP3 + Kpp -> Kpp_MKP3", "h1", 0.015},
	{"Kpp_MKP3 -> MKP3 + Kpp", "h_1", 1},
	{"Kpp_MKP3 -> KpT_MKP3_Y", "h2", 0.032},
	{"KpT_MKP3_Y -> MKP3 + KpT", "h3", 0.31},
	{"MKP3 + KpT -> KpT_MKP3_Y", "h_3", 0.01},
	{"MKP3 + KpT -> KpT_MKP3_T", "h4", 0.01},
	{"KpT_MKP3_T -> MKP3 + KpT", "h_4", 1},
	{"KpT_MKP3_T -> K_MKP3_T", "h5", 0.5},
	{"K_MKP3_T -> MKP3 + K", "h6", 0.086},
	{"MKP3 + K -> K_MKP3_T", "h_6", 0.0011},
	{"MKP3 + KpY -> KpY_MKP3", "h7", 0.01},
	{"KpY_MKP3 -> MKP3 + KpY", "h_7", 1},
	{"KpY_MKP3 -> K_MKP3_Y", "h8", 0.47},
	{"K_MKP3_Y -> MKP3 + K", "h9", 0.14},
	{"MKP3 + K -> K_MKP3_Y", "h_9", 0.0018},
}

// mapk is a cascade of phosphorylations with positive feedback: Kpp makes the kinase KK (s3). Each of the 35 reactions takes at
// most one molecule of a species, so that the rate laws agree. One MKP3 and three K are there at the start. By default 0 … 9 of
// every species are kept; with caps=binary only KK, K and Kpp go to 9 and all others to 1, which cuts off states with two
// molecules of KpY or KpT although three K can make them. From k1 on the reactions, and from h_3 on the rates, are those of the
// model of random phosphorylation in concentrations (BIOMD0000000028); the others are as in the published code. Exact at t = 10⁴
// with the default caps, by an adaptive projection that lost 5.5e-5 of the mass: mean and standard deviation of MKP3 0.9484, 0.2212; of K 0.6920, 1.0197; of Kpp 1.8108, 1.7400.
func mapk() family {
	return family{name: "mapk", options: []option{oneOf("caps", "largest counts: 9 of all species, or 1 of all but KK, K and Kpp", "wide", "binary")},
		build: func(v values) Entry {
			return Entry{
				Title: "MAP kinase cascade with positive feedback, 16 species",
				Source: "N. I. Markevich, J. B. Hoek and B. N. Kholodenko, Signaling switches and bistability arising from multisite " +
					"phosphorylation in protein kinase cascades, J. Cell Biol. 164, 353 (2004), doi:10.1083/jcb.200308060; synthesis, decay, " +
					"feedback and rates as in the code of arXiv:2512.10309",
				TEnd: 10_000, TimeUnit: "s",
				Build: func() *crn.Network {
					n := crn.New(v.name)
					for _, r := range mapkReactions {
						n.Param(r.rate, r.value)
					}
					for i, s := range []string{"KK", "MKP3", "K", "KpY", "KpT", "Kpp", "K_KK_Y", "K_KK_T", "KpY_KK", "KpT_KK", "Kpp_MKP3",
						"KpY_MKP3", "KpT_MKP3_Y", "KpT_MKP3_T", "K_MKP3_T", "K_MKP3_Y"} {
						start, cap := map[int]int{1: 1, 2: 3}[i], 9
						if v.word("caps") == "binary" && i != 0 && i != 2 && i != 5 {
							cap = 1
						}
						n.AddSpecies(s, crn.Delta(start), cap)
					}
					for _, r := range mapkReactions {
						n.React(r.equation, r.rate, crn.Named(r.rate))
					}
					return n
				},
			}
		}}
}
