// Package stored has result directories of runs that take longer than a notebook should, as a command of the project left
// them. Each is an archive that comes with the program: the record with all settings, the tables of moments and marginals, and,
// of a network, its parameters at every output time, so that it is still the whole law and not a picture of it.
//
// An archive is made from a result directory by
//
//	go run ./datasets/stored/keep DIR NAME
//
// and its record says which command made the directory.
package stored
