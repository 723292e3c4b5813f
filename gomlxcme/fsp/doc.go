// Package fsp solves the chemical master equation on a finite set of states: the exact judge of the other solvers.
//
// On the set the equation reads dp/dt = Q p with a sparse matrix Q, whose column x has −Σ_k a_k(x) on the diagonal and
// a_k(x) in row x + s_k. It is solved by uniformisation,
//
//	p(t) = Σ_n e^{−Λt} (Λt)^n / n! · (1 + Q/Λ)^n p(0),    Λ = max_x Σ_k a_k(x),
//
// in which every term is positive, so that the sum can be cut with a bound that holds (A. Jensen, Skand. Aktuarietidskr. 36,
// 87, 1953; weights from the mode outwards as in B. L. Fox and P. W. Glynn, Commun. ACM 31, 440, 1988).
//
// Which states. Those that can be reached from the start. The cap of a species is part of the model: reactions that would
// leave the box are disabled, and the flow held back so far, ∫ Σ_x p(x) Blocked(x) dt, is reported as the diagnostic "leak".
// A species without a cap is given one that grows while it is needed: what would cross it is taken out of the projection
// and lost, and by the theorem of finite state projection (B. Munsky and M. Khammash, J. Chem. Phys. 124, 044104, 2006) the
// exact law exceeds the projected one in every state, by the lost mass in total. The box grows until that mass stays
// below the tolerance.
//
// The diagnostic "truncation_bound" bounds Σ_x |p(x,t) − projected p(x,t)|: lost mass plus the cut of the series; rounding,
// about 1e-16 a product with the matrix, comes on top. It speaks of the model with its caps. If the caps stand for an
// unlimited count, a leak that is small says that they do not matter: the law without caps differs by no more than twice it.
package fsp
