package systems

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// epidemic is susceptible, infected and recovered individuals, with an infection rate that swings with the season:
//
//	S + I -> 2 I   beta (1 + swing sin(2π t/period))   infection; beta = 0.003, swing = 0.2, period = 6
//	I -> R         gamma = 0.02                          recovery
//	R -> S         xi = 0.007                            loss of immunity
//	S -> 0         mu_s = 0.002   I -> 0   mu_i = 0.05   R -> 0   mu_r = 0.002   death
//
// It starts with 50 susceptible and 10 infected; 0 … 79 of each are kept. Its rates depend on time: trajectories are drawn by
// thinning, and projections on all reachable states step by exponentials of weighted generators.
func epidemic() Entry {
	return Entry{
		Name:  "epidemic",
		Title: "epidemic with a seasonal infection rate, time-dependent",
		Source: "W. O. Kermack and A. G. McKendrick, A contribution to the mathematical theory of epidemics, Proc. R. Soc. Lond. A 115, 700 (1927); " +
			"season, waning, deaths and rates as in " + tang2023,
		TEnd: 20,
		Build: func() *crn.Network {
			n := crn.New("epidemic")
			for _, p := range []crn.Parameter{{Name: "beta", Value: 0.003}, {Name: "swing", Value: 0.2}, {Name: "period", Value: 6},
				{Name: "gamma", Value: 0.02}, {Name: "xi", Value: 0.007}, {Name: "mu_s", Value: 0.002}, {Name: "mu_i", Value: 0.05},
				{Name: "mu_r", Value: 0.002}} {
				n.Param(p.Name, p.Value)
			}
			n.AddSpecies("S", crn.Delta(50), 79)
			n.AddSpecies("I", crn.Delta(10), 79)
			n.AddSpecies("R", crn.Delta(0), 79)
			n.ReactWith("S + I -> 2 I", crn.Sinusoid{Rate: "beta", Amplitude: "swing", Period: "period"}, crn.Named("infection"))
			n.React("I -> R", "gamma", crn.Named("recovery"))
			n.React("R -> S", "xi", crn.Named("waning"))
			n.React("S -> 0", "mu_s", crn.Named("death-S"))
			n.React("I -> 0", "mu_i", crn.Named("death-I"))
			n.React("R -> 0", "mu_r", crn.Named("death-R"))
			return n
		},
	}
}
