package main

import (
	"errors"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// newJudge computes exact probabilities of rare sets on lattices that are too large for fsp without their symmetries.
func newJudge() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "judge MODEL --basin NAME=BASIN",
		Short: "Exact probabilities of sets that the symmetries of a model keep",
		Long: "judge is fsp with one state for all that symmetries of the model make alike: half of them for a chain of voxels, an eighth for a\n" +
			"square. All sets must be symmetric as well. Four voxels of Schlögl's model on a square are 6.7 million states in place of 52 million:\n" +
			"4 GB, and an hour or more for one core to t = 1. Output is that of \"fsp --basin --absorb\" as CSV.",
		Example: "  cme judge schlogl-2d --basin 'B=X1_1<=15,X1_2<=15,X2_1<=15,X2_2<=15' --times 0.1,0.5,1\n" +
			"  cme judge schlogl:sites=3 --basin 'B=X1<=15,X2<=15,X3<=15' --absorb B --times 0.5,1",
		Args: exactly("MODEL"),
	}
	var model modelOptions
	var named basins
	var absorb absorption
	model.register(cmd)
	named.register(cmd)
	absorb.register(cmd)
	times := option[[]float64]{kind: "T1,T2,...", parse: parseTimes}
	states := option[int]{value: 50_000_000, given: true, kind: "N", parse: parseCount(1)}
	quiet := false
	f := cmd.Flags()
	f.Var(&times, "times", "output times, rising")
	f.Var(&states, "max-states", "most states that may be kept")
	f.BoolVar(&quiet, "quiet", false, "no progress bar")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		_, network, c, err := model.load(args[0])
		if err != nil {
			return err
		}
		t := &task{network: network, compiled: c, times: times.value}
		if err := errors.Join(named.read(t, map[string]any{}), absorb.read(cmd, t, &named, map[string]any{})); err != nil {
			return err
		}
		if !times.given || len(named.list) == 0 {
			return usagef("cme judge needs output times and a set of states; give --times and --basin NAME=BASIN")
		}
		group := c.Symmetries(1000)
		for _, n := range named.list {
			for _, p := range group {
				if !n.basin.Symmetric(p) {
					return usagef("--basin %s: %s is not what a symmetry of the model makes of it; bound all species that are alike in the same way", n.name, n.basin)
				}
			}
		}
		set := fsp.Settings{Times: t.times, Fold: true, MaxStates: statesWithin(c, fsp.ReachableSet, states.value, usableMemory())}
		if !quiet {
			fmt.Fprintf(cmd.ErrOrStderr(), "%d symmetries\n", len(group))
			set.Hook = run.NewBar(cmd.ErrOrStderr())
		}
		if absorb.given() {
			set.Absorb = absorb.basin.Contains
		}
		r, err := fsp.Solve(cmd.Context(), c, set)
		if err != nil {
			return refused(tooLarge(err, set.MaxStates < states.value), impossible...)
		}
		if err := named.project(r.Snapshots); err != nil {
			return err
		}
		if absorb.given() {
			absorb.project(t, r, &named)
		}
		return named.print(cmd.OutOrStdout())
	}
	return cmd
}
