// Package evolve moves an autoregressive network in time under the chemical
// master equation
//
//	dP(x)/dt = I(x) − R(x) P(x),   I(x) = Σ_k a_k(x−s_k) P(x−s_k),   R(x) = Σ_k a_k(x),
//
// and so gives the probability of every state where the states are too many to
// list.
//
// # The implicit scheme
//
// Divided by P, the equation reads d log P/dt = I/P − R. A backward
// differentiation formula turns it into one equation for each state,
//
//	log P_n = B + β (I_n/P_n − R),   B = Σ_j α_j log P_(n−1−j),
//
// whose solution for log P_n, given the inflow, is positive and finite for any
// step size (a Lambert function); it is kept within what flows in and out during the
// step. The formula is exact for ln t, because a state
// that takes n reactions to reach starts as log P = n ln t + …. Gauss–Newton
// brings log P_θ to that solution at a few thousand states; the gradient of a
// row needs the scores O = ∂ log P/∂θ of the state and of its one-reaction
// neighbours only,
//
//	(1+w) O(x) − w Σ_k q_k O(x−s_k),
//
// with w = β I/P and q_k the share of reaction k in the inflow. JᵀJ is summed up
// block by block; J never exists as a whole.
//
// That is LogBDF. Implicit takes any Formula: LinearBDF in P itself, HandOver from one
// to the other where the law settles, and both with powers of t instead of ln t;
// Richardson extrapolates backward Euler. With the same steps LogBDF of order 3 is the most exact of
// them on moving fronts, by factors of 3 to 100 against the same order in P, and where the law settles
// the two are the same (BENCHMARKS.md). So it is the default, and the others are
// there to compare and to teach.
//
// What makes it work, each measured on the toggle switch to t = 1:
//
//   - The start: an exact projection of a few early times, fitted in log P down to
//     probabilities of e^−400. What the network says of all but impossible states
//     becomes real mass later. The fit also takes mass off states that are not
//     listed, to first order in it; least squares alone does not see them. States next
//     to the rim of the projection, where log P is wrong, are left out with few species.
//     Where no projection holds the law, as with many species that have wide initial laws,
//     the network is fitted to 50,000 trajectories by their likelihood.
//   - Least squares in log P itself. Scaled by 1 + hR, as the equation comes, states
//     that are left at once would count (1 + hR)² times more than those that hold the
//     probability; with many species no network fits both.
//   - Flattened draws with a small weight beside plain ones (Tempered), for the
//     same reason.
//   - No extrapolation of the parameters: it moves what no sample constrains.
//   - A bounded pull of single states (Huber loss): tails that the network cannot
//     fit would otherwise bend the bulk.
//   - The solution of a step for log P itself, where the law is carried by few enough
//     states (see below).
//   - Fresh draws for the first two updates of a step, then a fixed batch, so that
//     Gauss–Newton converges; a step that stops early leaves a lag that adds up.
//
// # Where the states come from
//
// A Proposal draws the states of a batch and weighs them. Tempered is the default of
// Implicit, Vanilla that of Published. Mixture, Diffusive and Alpha draw from bent
// conditionals, Propagated from where reactions take the draws of the network,
// HistoryBias evenly along an order parameter, and FullSum takes every state of a small box.
// All of them but Tempered know the law q of their draws exactly: their weights P/q make
// averages unbiased (Balanced), and Defensive ones leave the tails that q reaches a say,
// which Implicit needs. Draws of the same state are merged.
//
// # The solution of a step
//
// Least squares on the equation of a step weighs a mode that relaxes with rate λ
// by (1+βλ)². The weight of one basin against another, or a slow mean, is then
// decided by what the network cannot fit of the fast modes, and in the MAP kinase
// cascade an error of a tenth piles up. Where the law is carried by at most 30,000
// states, with few species 250,000, a step is therefore solved there for log P itself, by Newton's method, and
// the network is fitted to the solution, weighed by the larger of its probabilities
// and the network's. With few species a share of the weight lies on flattened powers of
// the law, because the other basin of later is a tail now. These states are those with
// log P above −60, with many species above −20, and those to which reactions bring as
// much within the step, found along reactions from the states that were drawn; they must
// hold 97 % of the law. That reactions count is no detail: states for which the
// network has next to nothing are never drawn from it, and neither least squares nor
// validation sees that they are missing.
//
// Settings.Basins name sets of states whose probabilities count by themselves in that fit,
// however small they are, and so does the flux into Settings.Absorb: what is left at
// single states may add up there. Where little probability arrives, the error of time is
// largest by its ratio, so that steps are then shorter (RareRatio).
//
// With it, one step is wrong by little more than the best fit of the network. A law
// that is spread over more states is left to least squares alone: averages over
// samples are too noisy to correct by.
//
// # Absorbing basins
//
// With Settings.Absorb no reaction leaves the states of a basin, as in fsp and rare: sources inside it have no
// outflow. The basin is cut out of the network's box, so that it gives no inflow and is never drawn, while
// reactions into it stay part of R. What is left is the law of what has not entered, normalised; its flux into the
// basin is the rate of entering, and the sum of that over the time steps is −ln of the survival.
//
// # How far to trust a result
//
// Every step is validated on plain draws that the fit has not seen. Diagnostics
// of a snapshot are
//
//	kl           divergence of the network from the solution of its last step
//	missing      probability that reactions carry within the last step to states for
//	             which the network has next to nothing: what no draw from it shows
//	kl_bound     total variation between the starting projection and its fit, plus
//	             Σ √(kl/2) + missing over all steps: bounds the total variation that the
//	             projections add up to, because the master equation contracts it;
//	             the error of the time steps comes on top
//	slow         rms distance in log P to the solution of the last step, where it was
//	             solved on the states that carry the law; 0 where these are too many
//	local_error  rms change of log P by one order less: the error estimate of dt
//	fallback     share of the states in the last batch at which a formula in P has no
//	             positive solution, so that the one in log P took its place
//	leak         estimate of ∫ Σ_x P(x) Blocked(x) dt, which bounds the total
//	             variation to the same network without caps
//	ess          effective number of states in the last batch
//	tail         Pareto index k̂ of (solution of the step)/P on plain draws (Vehtari
//	             et al. 2024; Yao et al. 2018): above 0.7 the draws miss what the
//	             network misses, and kl is too good to be true; −Inf for equal ratios,
//	             +Inf where the tail cannot be judged
//	batch_tail   the same of the weights P/q of a batch that is weighed by them
//	start_loss   rms misfit of log P where the network took over
//	start_outside probability that it gave there to states that the starting
//	             projection does not hold, of which start_loss says nothing
//	lost         mass that the starting projection lost
//	survival     probability that the absorbing basin has not been entered, absorbed = 1 − survival,
//	             and entry_rate, the rate at which what survives enters it
//	mass_error   largest deviation of a conditional's sum from 1, over all species of
//	             eight draws; above 1e-9 the run ends
//	forbidden    largest probability of a neighbour of these that breaks a
//	             conservation law; likewise
//	dt_rate      largest dt·R(x) in the batches of an explicit step, below 1
//
// (slow, local_error and fallback of the implicit scheme only) and dt, loss, states, iterations and rejected describe the last step.
//
// A step that yields a number that is not finite ends the run; the error names the
// step, and the state and the checkpoint before it are good.
//
// # Stopping, going on and starting from elsewhere
//
// Settings.MaxSteps and MaxWall are budgets; Resume goes on after them, or after a
// kill, to the same bytes. Output hands over a Network at every output time, which can
// be saved, loaded, sampled, and start another run: with other parameters or finer
// settings (Settings.From).
//
// # Extending it
//
// Network, Scheme, Formula, Proposal, step control and driver are separate values. A
// new Proposal is one type with two methods; a new Scheme, Formula or van.Architecture is
// one file; a new Optimiser of the published family is a type with three methods, as
// ExampleOptimiser shows.
//
// # The published family
//
// Published brings the network, step after step, to (1 + dt W) P_old: by Adam or SGD
// (Tang, Weng and Zhang 2023, doi:10.1038/s42256-023-00632-6), by the natural gradient
// or by the time-dependent variational principle (TDVP), on states drawn from the
// network (Vanilla) or from flattened laws (Mixture, Diffusive, Alpha), with weights
// P/q or without. It is there to repeat and to study what was published. Where it
// differs from the code of the papers: falling-factorial rates unless asked otherwise,
// weights by the balance heuristic from exact densities, no clamp of targets that are
// not positive, the initial law fitted at time 0 itself, and equations solved
// without a product of order P².
//
// Settings.Step says where steps are made: on the host, where each different state is
// evaluated once, or whole on the backend's device (package device), from which a few
// numbers come back; both end with the same law to rounding. On the device repeated
// draws of Vanilla are not merged: the solution is the same, and "states" and "ess"
// count them all. Momentum of a natural gradient and TDVP are the host's alone, and so is the
// fit of the initial law.
//
// # Which scheme when
//
// Use Implicit unless the published methods are the subject. An explicit step must
// have dt R(x) < 1 in every state that is drawn: 3.9e-3 for the toggle switch, 1e-5
// for two voxels of Schlögl's model, so that thousands of steps replace dozens, and the
// divergences of all of them add up in kl_bound. From a certain initial state draws of
// the network alone see that state and nothing else. Its misfit is then one number,
// which the baseline takes away, and the network stands still or drifts: kl stays
// near dt·R and kl_bound passes 1 at once, which says that the result is worth nothing.
// Flattened draws without weights (Alpha with Unweighted) are what helps most; weighted
// ones are unbiased for the gradient but too noisy where it matters. A projection to
// an early time (StartTime) wants smooth heads: free logits fitted to it went wrong
// at once. Of the optimisers, Natural is
// the one to take; TDVP costs a fifth but has nothing that corrects its noise; Adam
// needs a hundred updates for what Natural does in five. BENCHMARKS.md has the numbers.
package evolve
