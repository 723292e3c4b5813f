// Package systems is the catalogue of reaction networks that are studied again and again: each with its source, its usual
// end time and answers that are known exactly, in one file a system.
//
// Every system is a set of reactions whose counts obey the chemical master equation (package crn). Known answers are either
// closed forms or exact projections of the same box of counts, as each of them says.
//
// Some systems come in kinds: chains of any length, lattices, parameter sets. Their options stand behind a colon, as in
// "schlogl:sites=3", "schlogl-2d:rows=2,cols=4", "cascade1:species=20" or "autoregulatory-loop:set=2"; rate constants, starts and
// caps are changed in the network that Build returns.
package systems
