package fsp

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// Bytes predicts the memory that Solve takes with a set of up to n states, up to a factor of 1.5: what errors of type TooLargeError tell.
// A caller that knows how much there is chooses Settings.MaxStates by it, before anything is allocated.
func Bytes(c *crn.Compiled, set Set, n int) float64 {
	switch {
	case set == ReachableSet || c.TimeDependent():
		return reachableBytes(c, n)
	case set == AdaptiveSet:
		return adaptiveBytes(c, n)
	}
	return max(reachableBytes(c, min(n, automaticStates)), adaptiveBytes(c, n))
}
