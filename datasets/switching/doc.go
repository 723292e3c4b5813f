// Package switching has what takes too long to be computed in a lesson about rare events: how often Schlögl's model on a chain or a
// lattice of voxels leaves its upper state, and how probable the lower one is, exactly and by trajectories that are split.
//
// Every number carries the command of this project that made it, and its processor time; Remake runs these commands again.
//
// A lattice is named by its rows and columns: "1x4" is a chain of four voxels. All voxels start at 50; A is the set of states with
// 25 or more in all voxels, B that with 15 or fewer in all of them. Rates are those of entering B, per unit of the model's time.
package switching
