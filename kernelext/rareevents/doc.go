// Package rareevents has what notebooks on rare events share: a set of states by one bound on all voxels, its probability in any
// answer, and survival curves, rates and samplings as series of a chart.
package rareevents
