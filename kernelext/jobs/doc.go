// Package jobs has the solvers as jobs of kernelext.Run: the exact projection,
// an ensemble of trajectories, and a network. Each is a network of reactions and
// the settings of its solver; hooks, checkpoints and what to resume are left to
// Run.
package jobs
