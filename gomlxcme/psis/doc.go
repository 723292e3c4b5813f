// Package psis judges and mends importance weights: averages over draws from q that are weighed by P/q are as good as the largest
// weights allow, and their tail can be fitted by a generalised Pareto law (Pareto smoothed importance sampling: A. Vehtari, D.
// Simpson, A. Gelman, Y. Yao and J. Gabry, J. Mach. Learn. Res. 25, 72, 2024).
//
// Index returns the shape k̂ of that tail, Smooth replaces the tail by the quantiles of the fit, and Effective counts how many
// draws from P the weighted ones are worth.
package psis
