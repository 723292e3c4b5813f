// Package study holds what networks learn from and are judged by: conditions of the calcium model with the series of their parameters.
//
// A study comes from our own data sets (Reduce), or from the files that were published with the source (PublishedIP3,
// PublishedReceptors). It can be written and read as JSON, and evaluated: a network's field is followed from the first parameters of every
// condition and compared with the known ones, beside what keeping the first value would give.
//
// Networks need not see conditions as counts (Study.In): what is far in N receptors, 1000 from 5000, is near in 1/N.
//
// Source: O. K. Ernst, T. Bartol, T. Sejnowski and E. Mjolsness, arXiv:2109.05053.
package study
