package main

import (
	"context"
	"errors"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newFSP() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fsp MODEL",
		Short: "Exact distribution by finite state projection",
		Long: "fsp solves the master equation on the states that can be reached inside the caps, and lets the box of species\n" +
			"without a cap grow; where too many can be reached, it follows the probability with an adaptive set of states.\n" +
			"The result carries a bound on the probability that was lost.\n" +
			"It is exact and draws no random numbers: --seed changes nothing. --resume starts from the beginning.",
		Example: "  cme fsp gene-expression --t-end 1000\n  cme fsp toggle-switch --times 1,20,40 --out out/fsp",
		Args:    exactly("MODEL"),
	}
	var shared sharedOptions
	shared.register(cmd)
	tolerance := option[float64]{value: 1e-8, given: true, kind: "P", parse: parseShare}
	states := option[int]{value: 5_000_000, given: true, kind: "N", parse: parseCount(1)}
	cmd.Flags().Var(&tolerance, "tolerance", "largest probability that may be lost above growing caps or out of an adaptive set")
	cmd.Flags().Var(&states, "max-states", "most states that may be kept")
	set := option[fsp.Set]{given: true, kind: "S", parse: fsp.ParseSet}
	stepper := option[fsp.Stepper]{given: true, kind: "S", parse: fsp.ParseStepper}
	cmd.Flags().Var(&set, "set", "which states are kept: automatic, reachable or adaptive")
	cmd.Flags().Var(&stepper, "stepper", "how a fixed set moves in time: automatic, uniformisation or chebyshev")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		t, err := shared.task(args[0])
		if err != nil {
			return err
		}
		s := fsp.Settings{Times: t.times, Tolerance: tolerance.value, MaxStates: states.value, Set: set.value,
			Stepper: stepper.value, Workers: t.workers}
		j := &job{
			task: t, command: "fsp",
			settings: map[string]any{"tolerance": tolerance.value, "max-states": states.value, "set": set.value.String(),
				"stepper": stepper.value.String()},
			solve: func(ctx context.Context, _ *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
				s.Hook = hook
				result, err := fsp.Solve(ctx, t.compiled, s)
				if result == nil {
					return nil, err
				}
				return result.Snapshots, err
			},
		}
		return j.run(cmd)
	}
	return cmd
}

// parseShare reads a number between 0 and 1.
func parseShare(text string) (float64, error) {
	v, err := parsePositive(text)
	if err == nil && v >= 1 {
		err = errors.New("it must be below 1")
	}
	return v, err
}
