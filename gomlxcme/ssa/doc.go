// Package ssa draws trajectories of a reaction network: exact samples of the process whose law obeys the chemical master
// equation, and with many of them its distribution.
//
// In state x the next reaction comes after a waiting time that is exponential with rate a₀ = Σ_k a_k(x), and it is reaction k
// with probability a_k/a₀ (D. T. Gillespie, J. Phys. Chem. 81, 2340, 1977: the direct method).
//
// Trajectory i of an ensemble draws from a stream of its own, made from the seed and i. So the same seed gives the same bytes
// for any number of workers, a longer ensemble begins with the shorter one, and output times do not disturb the
// trajectories. States are gathered in histograms whose memory does not grow with the number of runs.
package ssa
