// Package reduced reduces a simulated reaction network to a few parameters of a distribution, and approximates how they change by
// elementary reactions.
package reduced
