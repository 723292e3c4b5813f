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
// Three values are kept apart. An Architecture (NADE, Transformer, GRU, LSTM, each
// in an order of species of its own by Ordered) and its Heads (Spline, Softmax)
// say how logits come from counts; a Model is an architecture compiled
// for one Box of counts on one backend, and holds no parameters; Params are a
// plain vector, so that a time stepper can hold several of them (the last steps
// of a multistep method) with one compiled Model.
//
// Randomness is an input: Model.Sample maps uniform numbers in [0, 1) to states,
// so the same numbers give the same states on every backend, and quasi-random
// numbers (Sequence) can take the place of random ones.
//
// The package knows nothing of reactions.
package van
