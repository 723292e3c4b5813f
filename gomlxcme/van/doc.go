// Package van holds variational autoregressive networks over counts, written in
// GoMLX: normalised probability distributions from which exact samples can be
// drawn and whose log-probability is exact.
//
// A network factorises the joint distribution of L counts by the chain rule,
//
//	P(x) = Π_i P(x_i | x_1 … x_{i−1}),
//
// and computes the logits of each conditional from the counts before it
// (Larochelle and Murray, AISTATS 2011; Tang, Weng and Zhang, Nature Machine
// Intelligence 5, 376, 2023, doi:10.1038/s42256-023-00632-6, for its use on the
// chemical master equation).
//
// Three values are kept apart. An Architecture (NADE, SharedNADE, Transformer, GRU, LSTM) and
// its Heads (Spline, Softmax, Logistic) say how conditionals come from counts; a
// Model is an architecture compiled for one Box of counts on one backend, and
// holds no parameters; Params are a plain vector, so that a time stepper can hold
// several of them (the last steps of a multistep method) with one compiled Model.
// Ordered gives any architecture an order of species of its own; states keep the
// caller's order everywhere.
//
// # Architectures
//
// With F inputs for a count (6, or its largest value where that is at most 11), R
// coefficients for a head and M counts of a species, the parameters are
//
//	NADE         Σ_i [(F_1+…+F_{i−1}+1) H + (H+1) R_i]; R_1 alone for the first species
//	SharedNADE   Σ_i [(F_{i−1}+1) H + (H+1) R_i], as the ends below
//	ends         Σ_i [(F_{i−1}+1) D + (D+1) R_i]; D, the width, is H for GRU and LSTM
//	GRU          ends + Layers·3H(2H+1)
//	LSTM         ends + Layers·4H(2H+1)
//	Transformer  ends + Layers·(4D²+2D·DFF+5D+DFF)
//
// NADE uses each parameter once for a state, so log P takes 2P operations. The
// others use those of the body once for each species, 2(ends + L·body)
// operations; a Transformer adds 4L²D for each layer. To that come 2 Σ M_i R_i
// operations and Σ M_i exponentials of Spline and Softmax heads. What counts in
// practice is the elementwise work between the products, which is why a
// Transformer is slower than its operations say: see BENCHMARKS.md.
//
//	NADE         the fastest by far, and the first choice up to some 20 species;
//	             P grows with the square of their number
//	SharedNADE   nearly as fast; P grows linearly, the first choice for more species
//	GRU, LSTM    P grows linearly with the number of species, and little is added
//	             for each; LSTM where something must be remembered along many
//	             species
//	Transformer  every species looks at every earlier one directly, at any
//	             distance: many species without a natural order, as on a lattice
//
// Of the heads, Spline is the default; Softmax represents any conditional, for
// few counts; Logistic needs no list of counts, for caps in the thousands and more.
//
// # Scores
//
// A natural gradient needs the scores O = ∂ log P/∂θ of many states. Scores gives
// them chunk by chunk; ScoresVJP gives Oᵀv and Gram gives O Oᵀ without holding
// them, and CombinedScores and CombinedGram do the same for rows C O that combine
// each state with its neighbours in a master equation. All hold for any number of
// parameters; memory is stated with each.
//
// # Regions
//
// SampleWithin draws from the conditionals within a region of counts, by an exact law, so that the probability of the region
// is estimated equally well however small it is. A region can also be cut out of the box as a hole, in which the network
// has no probability.
//
// # Randomness
//
// Randomness is an input: Model.Sample maps uniform numbers in [0, 1) to states,
// so the same numbers give the same states on every backend, and quasi-random
// numbers (Sequence) can take the place of random ones. Recurrent networks carry
// their hidden state and Transformers their keys and values from species to
// species, so a draw costs one evaluation of each species.
//
// The package knows nothing of reactions.
package van
