// Command cmeaccuracy measures how accurate "cme solve" is on the systems of the
// catalogue, and writes the table gomlxcme/ACCURACY.md. "make accuracy" runs it.
//
// For each system (see presets.go) it runs cme with a few seeds and a reference:
// finite state projection, or trajectories where the states are too many for
// that. The worst distance over all output times and species counts.
//
// Results lie under out/accuracy, one result directory a run, and are taken up
// again where a run was stopped. What was measured is kept line by line in
// gomlxcme/accuracy.jsonl: a row that is there, for the same options, is not
// measured again. Runs that fail are rows of the table too, and are tried again
// the next time.
package main
