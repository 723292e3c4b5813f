// Package ssa draws trajectories of a reaction network: exact samples of the process whose law obeys the chemical master
// equation, and with many of them its distribution.
//
// In state x the next reaction comes after a waiting time that is exponential with rate a₀ = Σ_k a_k(x), and it is reaction k
// with probability a_k/a₀ (D. T. Gillespie, J. Phys. Chem. 81, 2340, 1977: the direct method). Three methods draw it:
//
//   - Direct, exact. Where rates depend on time it draws by thinning, which is exact too.
//   - NextReaction, exact: one random number an event, and only what the event touches is computed (M. A. Gibson and J. Bruck, J. Phys.
//     Chem. A 104, 1876, 2000).
//   - TauLeap, approximate: many firings at a time, for large counts (Y. Cao, D. T. Gillespie and L. R. Petzold, J. Chem. Phys. 124, 044109,
//     2006). Counts never leave the box.
//
// Direct and NextReaction follow the events of a network exactly: what a condition on the state triggers happens right after
// the reaction that made it true, what a time triggers happens at that time, and at an output time it has happened already.
//
// FirstPassages gives the times at which trajectories enter a basin.
//
// Trajectory i of an ensemble draws from a stream of its own, made from the seed and i. So the same seed gives the same bytes
// for any number of workers, a longer ensemble begins with the shorter one, and output times do not disturb the
// trajectories. States are gathered in histograms whose memory does not grow with the number of runs.
package ssa
