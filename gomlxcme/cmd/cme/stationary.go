package main

import (
	"context"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/spf13/cobra"
)

// checkStationary refuses the options that say nothing about a law at rest.
func checkStationary(cmd *cobra.Command) error {
	for _, name := range []string{"times", "points", "absorb", "set", "stepper"} {
		if cmd.Flags().Changed(name) {
			return usagef("--stationary and --%s exclude each other; leave one of them out", name)
		}
	}
	return nil
}

// solveStationary returns the stationary law as the snapshot of the one output time, under which its files keep it.
func solveStationary(ctx context.Context, t *task, s fsp.StationarySettings) ([]dist.Snapshot, error) {
	r, err := fsp.Stationary(ctx, t.compiled, s)
	if err != nil {
		return nil, err
	}
	d := dist.Diagnostics{{Name: "residual", Value: r.Residual}, {Name: "error", Value: r.Error}, {Name: "rest_time", Value: r.Time},
		{Name: "states", Value: float64(r.Dist.Len())}}
	if r.Gap > 0 { // otherwise there was nothing to wait for
		d.Set("slowest_rate", r.Gap)
	}
	return []dist.Snapshot{{Time: t.times[0], Dist: r.Dist, Diagnostics: d}}, nil
}
