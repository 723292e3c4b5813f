// Package calcium simulates calcium release through IP3 receptors: the stochastic De Young–Keizer model, exactly, and its
// deterministic limit.
//
// A receptor is counted by its subunits. A subunit S_ijk has bound IP3 (i = 1), activating calcium (j = 1) and inhibiting calcium
// (k = 1), or not; 24 reactions bind and release these ligands. Three subunits S_110 together let calcium pass between the
// cytosol and the endoplasmic reticulum (ER), in both directions:
//
//	3 S_110 + Ca_ER ⇌ 3 S_110 + Ca,  with propensities 6 v1/N_R³ · C(S_110, 3) · n  and c1 times that.
//
// The leak of the ER and the SERCA pump move many ions with little noise. Together they are a current,
//
//	dCa/dt = Ω (c1 v2 ([Ca_ER] − [Ca]) − v3 [Ca]²/([Ca]² + k3²)),
//
// that is summed every millisecond and moves whole ions; the fraction of an ion that is left is carried on. All else is
// Gillespie's direct method. Between two reactions the current does not change the propensities: at most one millisecond's worth
// of ions is late, one or two of thousands.
//
// Concentrations are in µM, times in s, volumes in litres. Sources: G. W. De Young and J. Keizer, PNAS 89, 9895 (1992),
// doi:10.1073/pnas.89.20.9895; O. K. Ernst, T. Bartol, T. Sejnowski and E. Mjolsness, arXiv:2109.05053, and the code that was
// published with it.
package calcium
