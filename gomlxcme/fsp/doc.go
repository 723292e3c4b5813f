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
// Where that takes too many products, dt is bridged by the Chebyshev series of the exponential (H. Tal-Ezer and R. Kosloff,
// J. Chem. Phys. 81, 3967, 1984, for −iH in place of Q),
//
//	p(t + dt) = Σ_k 2 e^{−z} I_k(z) T_k(1 + Q/Λ) p(t),    z = Λ dt,    the term k = 0 halved,
//
// with about 8 √z products in place of z, from T_{k+1} = 2 (1 + Q/Λ) T_k − T_{k−1}. Cut after K it solves the equation but for
// a residual in T_K and T_{K+1}, and because e^{Qs} contracts Σ|…|, the integral of the residual bounds the error. If Q
// is far from symmetric the terms grow; that is measured, and shortens dt. A stabilised Runge–Kutta–Chebyshev method of second
// order needs fewer products a step, but many more steps for the same error, and has no such bound.
//
// Rates that depend on time are integrated by the exponentials of weighted generators, a commutator-free Magnus scheme of fourth
// order (S. Blanes and P. C. Moan, Appl. Numer. Math. 56, 1519, 2006), which keeps probabilities positive; each step is also
// done in halves to estimate its error.
//
// A full box of at least 10,000 states is held as a grid, without indices: reactions are shifts of whole rows.
//
// Which states. Those that can be reached from the start, or an adaptive set of them (AdaptiveSet): states enter before the
// step in which the probability flux reaches them, ranked by that flux, a step that loses more than its share of the
// tolerance is done again on a larger set, and states through which next to nothing goes are dropped. What leaves the set
// is lost in the sense below. The cap of a species is part of the model: reactions that would
// leave the box are disabled, and the flow held back so far, ∫ Σ_x p(x) Blocked(x) dt, is reported as the diagnostic "leak".
// A species without a cap is given one that grows while it is needed: what would cross it is taken out of the projection
// and lost, and by the theorem of finite state projection (B. Munsky and M. Khammash, J. Chem. Phys. 124, 044104, 2006) the
// exact law exceeds the projected one in every state, by the lost mass in total. The box grows until that mass stays
// below the tolerance.
//
// States can be made absorbing (Settings.Absorb), which gives survival curves and switching rates, and Stationary finds the law in
// which Qπ = 0.
//
// The diagnostic "truncation_bound" bounds Σ_x |p(x,t) − projected p(x,t)|: lost mass plus the cut of the series; rounding,
// about 1e-16 a product with the matrix, comes on top. It speaks of the model with its caps. If the caps stand for an
// unlimited count, a leak that is small says that they do not matter: the law without caps differs by no more than twice it.
package fsp
