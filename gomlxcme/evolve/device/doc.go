// Package device makes the steps of the published family where the network is: draws,
// the states that lead to them, propensities, the target of the step, scores, their
// Gram matrix, the solution of the natural gradient's equations and the update are
// graphs of one backend, and what one of them leaves another takes from there. A step
// sends uniform numbers to the device; four numbers an update come back, and at the end
// of a step its parameters and the misfits of the draws that validate it.
//
// The step itself is that of the package evolve,
//
//	log target(x) = log[P_old(x) (1 − dt R(x)) + dt Σ_k a_k(x−s_k) P_old(x−s_k)],
//
// and so is the natural gradient, Aᵀ(A Aᵀ + λ)⁻¹ r or (AᵀA + λ)⁻¹ Aᵀ r with the rows
// A = √w (O − ⟨O⟩); see evolve.Metric. Everything is computed in float64.
//
// Batches are cut into chunks of van.Model.ScoreChunk states, which bounds the memory
// and makes a handful of graphs serve batches of any size: nothing is compiled again.
// What grows beyond the chunk is the matrix of the equations, and with the space of
// samples the factors of the Gram matrix, some 2P numbers a state at most.
//
// Of reactions, order and change are part of the graphs; rate constants are their
// inputs, and so are the values of all other rates, listed for the counts that they
// read (Rates): one compilation serves a sweep, and rates that change in time.
//
// The matrix of the equations consists of tiles. GoMLX has no Cholesky factorisation;
// here each tile on the diagonal is inverted by a graph of its own (inverse), and what
// is left are products of matrices, as in the left-looking algorithm of Golub and Van
// Loan, Matrix Computations, chapter 4.2.
package device
