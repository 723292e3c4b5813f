// Package systems is the catalogue of reaction networks that are studied again and again: each with its source, its usual
// end time and answers that are known exactly, in one file a system.
//
// Every system is a set of reactions whose counts obey the chemical master equation (package crn). Known answers are either
// closed forms or exact projections of the same box of counts, as each of them says.
package systems
