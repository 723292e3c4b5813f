// Package dist holds probability distributions over the counts of a reaction network, p(x, t) with x = (x_1 … x_L), as a
// solver returns them: a Table of states and probabilities (exact projections, weighted samples) or Counts, the histograms of
// an ensemble of trajectories. Both answer for marginals, joints and moments, and say how many samples they rest on.
//
// Distances between them come beside their noise floor, the value to expect from sampling alone when both laws are equal:
//
//	Hellinger        D² = 1 − Σ √(p q)      E[D²] ≈ (k−1)/8 · (1/N₁ + 1/N₂)    k occupied bins, one bin a count
//	total variation  V  = ½ Σ |p − q|       E[V]  ≈ ½ Σ min( √(2v/π), 2p )     v = p(1−p)(1/N₁ + 1/N₂)
//
// The first follows from the delta method, Var √p̂ ≈ (1−p)/(4N), summed over the bins (A. W. van der Vaart, Asymptotic
// Statistics, 1998, ch. 3). The second is the mean of |p̂₁ − p̂₂| for binomial counts: normal where they are large, and
// bounded by E p̂₁ + E p̂₂ where they are rare. The floor of the Hellinger distance is the leading order in 1/N: bins that
// expect about one sample add up to twice as much, and an exact law with a probability q ≪ 1/N in a bin without samples adds
// q/2 to D² that the floor, which counts occupied bins only, does not know.
package dist
