// Package learn learns how the parameters of a reduced model move: a network in GoMLX whose inputs are approximations of reactions, or
// the parameters themselves.
//
// The latent law that turns parameters of the standard frame into inputs is learned with the network: its mean and its variance are
// Fourier series of the step, bounded as in reduced.Fourier, and the only place where time enters. With the parameters given, inputs are
// polynomials of μ_h and √Σ_h; their coefficients are computed once for each point (reduced.Expansion), and gradients pass through
// the monomials. Then come layers of rectified units with dropout and a linear one, for one layer
//
//	z → W₂ᵀ relu(W₁ᵀ z + c₁) + c₂,
//
// fitted to standardised derivatives by Adam, with weights held within a limit. Shallow, Deep and Receptors are the networks of the source,
// arXiv:2109.05053.
//
// Beyond the source, Refine trains a network further by what it does over many steps (Rollout), Settings.Sparsity makes reactions vanish that do not
// matter, and Settings.Validation chooses the epoch by series that are neither learned from nor judged by. Trainings tell a run.Hook how they get
// on, end with their context, and go on from what a Keeper has to the same bytes.
package learn
