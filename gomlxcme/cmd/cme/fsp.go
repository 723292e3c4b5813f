package main

import (
	"context"
	"errors"
	"fmt"
	"io"

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
			"It is exact and draws no random numbers: --seed changes nothing. --resume starts from the beginning.\n" +
			"With --basin the probabilities of sets of states go to rare.csv as time,quantity,value,lower,upper,method.\n" +
			"With --absorb no reaction leaves the basin: survival.csv has the probability that it has not been entered, as time,survival,se,\n" +
			"bound: the exact value lies within survival ± bound, and se is 0. --stationary computes the law at rest, which needs a cap for\n" +
			"every species; its files keep it under the time --t-end, so that compare can set it beside other results.",
		Example: "  cme fsp gene-expression --t-end 1000\n  cme fsp toggle-switch --times 1,20,40 --out out/fsp\n" +
			"  cme fsp schlogl --absorb 'X1<=15,X2<=15' --points 5 --out out/switching\n  cme fsp schlogl:sites=1 --stationary",
		Args: exactly("MODEL"),
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
	var absorb absorption
	var named basins
	absorb.register(cmd)
	named.register(cmd)
	var stationary bool
	cmd.Flags().BoolVar(&stationary, "stationary", false, "the law to which the distribution tends, in place of those at output times")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if stationary {
			if err := checkStationary(cmd); err != nil {
				return err
			}
		}
		t, err := shared.task(args[0])
		if err != nil {
			return err
		}
		settings := map[string]any{"tolerance": tolerance.value, "max-states": states.value, "set": set.value.String(),
			"stepper": stepper.value.String()}
		if err := errors.Join(named.read(t, settings), absorb.read(cmd, t, &named, settings)); err != nil {
			return err
		}
		limit := statesWithin(t.compiled, set.value, states.value, usableMemory())
		byMemory := limit < states.value
		if stationary {
			t.times = t.times[len(t.times)-1:]
			settings["stationary"] = true
			rest := fsp.StationarySettings{Tolerance: tolerance.value, MaxStates: limit, Workers: t.workers}
			j := &job{task: t, command: "fsp", settings: settings, solve: func(ctx context.Context, dir *run.Dir, _ run.Hook) ([]dist.Snapshot, error) {
				snapshots, err := solveStationary(ctx, t, rest)
				if err == nil {
					err = errors.Join(named.project(snapshots), named.write(dir))
				}
				return snapshots, tooLarge(err, byMemory)
			}, report: func(w io.Writer, _ bool) error {
				_, err := fmt.Fprintf(w, "stationary law, kept under t = %s\n", short(t.times[0]))
				return errors.Join(err, named.report(w))
			}}
			return j.run(cmd)
		}
		s := fsp.Settings{Times: t.times, Tolerance: tolerance.value, MaxStates: limit, Set: set.value,
			Stepper: stepper.value, Workers: t.workers}
		if absorb.given() {
			s.Absorb = absorb.basin.Contains
		}
		j := &job{
			task: t, command: "fsp", settings: settings,
			report: func(w io.Writer, all bool) error { return errors.Join(absorb.report(w, all), named.report(w)) },
			solve: func(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
				s.Hook = hook
				result, err := fsp.Solve(ctx, t.compiled, s)
				if result == nil {
					return nil, err
				}
				if err = tooLarge(err, byMemory); isUsage(err) {
					return nil, err
				}
				if err == nil {
					err = named.project(result.Snapshots)
				}
				if absorb.given() && err == nil {
					absorb.project(t, result, &named)
					err = absorb.write(dir)
				}
				if err == nil {
					err = named.write(dir)
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
