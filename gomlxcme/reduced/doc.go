// Package reduced reduces a simulated reaction network to a few parameters of a distribution over time, and approximates how they
// change by elementary reactions whose moments are closed.
//
// The effective distribution of the visible counts x, standardised, has latent variables h (M. E. Tipping and C. M. Bishop, J. R.
// Stat. Soc. B 61, 611, 1999):
//
//	h ~ N(μ_h, Σ_h),   x given h ~ N(b + Wᵀh, σ² I).
//
// Many (W, b, μ_h, Σ_h) are the same distribution of x. Its standard frame, written with a hat, has μ_h = 0 and Σ_h = 1: there
// x ~ N(b̂, ŴᵀŴ + σ² I). PPCA finds these parameters from a mean and a covariance, TotalVariation their derivatives in time from
// noisy series, and Reduction does both for an ensemble of runs.
//
// A Candidate is a reaction such as "A + B -> 2 B" between visible and latent variables. If it alone ran, with its change vector c
// and its propensity a, the moments would change by
//
//	d<x_i> = c_i <a>,   d<x_i x_j> = c_i <x_j a> + c_j <x_i a> + c_i c_j <a>,
//
// where the moments on the right are those of the Gaussian. Approximation turns this into the changes of Ŵ, b̂ and σ², as formulas
// that can be evaluated and printed. Standardised variables are negative as often as not: this is an ansatz, no chemistry.
//
// The calcium model to which the source applies all this is in the package calcium. Source: O. K. Ernst, T. Bartol, T. Sejnowski and E.
// Mjolsness, arXiv:2109.05053.
package reduced
