// Package evolve moves an autoregressive network in time under the chemical
// master equation.
package evolve
