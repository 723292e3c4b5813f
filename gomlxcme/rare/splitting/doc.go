// Package splitting finds rates and probabilities of rare events by simulation alone: trajectories that come closer to the event are
// split, so that some of them get there. It is a witness of networks and projections that shares nothing with them but the model.
//
// ForwardFlux counts how often a trajectory leaves a home set towards the basin, and follows it from level to level of an order
// parameter (R. J. Allen, P. B. Warren and P. R. ten Wolde, Phys. Rev. Lett. 94, 018104, 2005):
//
//	k = Φ_0 Π_i P(level i+1 before home | level i).
//
// With trajectories that start again when they enter the basin, 1/k is the mean time of first passage from the start.
//
// WeightedEnsemble moves walkers with weights, and now and then makes as many of each bin of the order parameter as are wanted, by
// splitting and merging (G. A. Huber and S. Kim, Biophys. J. 70, 97, 1996). Sums of weights estimate probabilities at any time without
// bias, in the stationary state or not (B. W. Zhang, D. Jasnow and D. M. Zuckerman, J. Chem. Phys. 132, 054107, 2010).
//
// Both repeat the whole computation with independent random numbers; their intervals are those of the repetitions.
package splitting
