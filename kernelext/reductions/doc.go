// Package reductions draws how networks of reduced models do beside what was simulated: paths of parameters, errors along them
// with the baseline of keeping the first value and the noise floor, and how far calcium swings.
//
//	kind, err := reductions.Judge(ctx, s, s.Cases, train, "reactions", models)
//	err = kernelext.Show(kernelext.DrawChart(style, reductions.Errors(s, runs, kind)))
package reductions
