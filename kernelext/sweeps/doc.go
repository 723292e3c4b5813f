// Package sweeps plans, starts, watches and draws parameter sweeps in a notebook.
//
// What is swept stands in a sweep file (see package gomlxcme/sweep), which is the
// same on a laptop and on a cluster. Compute has the points computed by the
// program cme on this computer and shows how far it is; what is done is not done
// again, so that a cell can be run again at any time. Read takes the results from
// the folder of the sweep, whoever computed them there, also while it goes on:
//
//	check(sweeps.Write("out/switch.yaml", spec))
//	check(sweeps.Compute(ctx, "out/switch.yaml", 2))
//	points := must(sweeps.Read("out/switch.yaml"))
//	check(kernelext.Show(points.DrawMap(style, "param.a", "param.b", sweeps.Mean("X", 10))))
package sweeps
