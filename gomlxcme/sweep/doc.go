// Package sweep computes a model at many values of its parameters: it reads what is
// wanted from a sweep file, plans the points, has each computed once wherever a
// runner comes along, and knows how they stand.
//
// A sweep file (YAML or JSON; its schema is [Schema]) names a model, a solver and
// what is varied:
//
//	solver: ssa
//	model: toggle-switch
//	settings: {times: [5], runs: 1000}
//	vary:
//	  param.synthesis: {log: {from: 10, to: 100, points: 6}}
//	  param.decay: [1, 2]
//
// [Plan] turns it into a manifest in the folder of the sweep. Each point has an id
// that is the hash of all that decides its result, so that a plan that is made
// again, or made larger, keeps what has been computed. In the folder lie
//
//	manifest.jsonl            a head, and a line for every point
//	sweep.yaml                the file as it was planned
//	input/                    the SBML file or the study
//	points/ab/abcd…/          of a point: result.jsonl, and run/ while it is computed
//
// [Point.Run] (by a [Runner]) computes one point: under a lock that one process can
// hold, in a result directory with checkpoints, from which it goes on after an
// interruption. Its result is one file, put in place in one step and sealed by a
// hash. Nothing here asks a clock for what to do.
//
// Subpackage merge makes the tables, cluster writes job files for Slurm and
// Kubernetes.
package sweep
