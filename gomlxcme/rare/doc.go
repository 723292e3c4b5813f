// Package rare asks when a network first enters a set of states: the first-passage time
//
//	T = inf { t ≥ 0 : x(t) ∈ B }
//
// of a basin B, its survival curve S(t) = P(T > t), and the rate −d ln S/dt of an escape that has become steady (N. G. van Kampen,
// Stochastic Processes in Physics and Chemistry, 3rd ed., chapter XII). A basin bounds some of the counts: "X1<=15, X2<=15".
//
// How probable a basin is at a time, a network tells by Evaluation: a sum over all its states where they are few, and weighted draws
// from the conditionals within the basin otherwise, whose error does not grow when the probability falls. Flux is what enters
// a basin per unit of time.
//
// Trajectories answer by ssa.FirstPassages, the exact projection by fsp.Settings.Absorb; both take Basin.Contains. What is absorbed
// stays where it entered, in Absorbing as in fsp, so that the laws of the two can be compared.
//
// RESULTS.md has what was measured, and what failed; compare.sh makes its table of samplings.
package rare
