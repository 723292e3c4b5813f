package main

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/spf13/cobra"
)

func newSSA() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ssa MODEL",
		Short: "Ensemble of trajectories, exact or tau-leaped",
		Long: "ssa draws an ensemble of trajectories and gathers the counts of every species at the output times.\n" +
			"The same seed gives the same bytes for any number of workers. direct and next-reaction are exact; direct also draws rates\n" +
			"that depend on time. next-reaction pays beyond some hundreds of reactions. tau-leap is approximate and pays for large counts.\n" +
			"With --basin the shares of trajectories in sets of states go to rare.csv as time,quantity,value,lower,upper,method.\n" +
			"With --absorb each trajectory is held in the state in which it first enters the basin, as \"fsp --absorb\" holds the probability;\n" +
			"survival.csv has the share that has not entered (time,survival,se,bound), first_passage.csv the time of each trajectory\n" +
			"(trajectory,time; inf for those that had not entered by the end).",
		Example: "  cme ssa gene-expression --runs 10000 --seed 1\n  cme ssa toggle-switch --t-end 40 --points 5 --out out/ssa\n" +
			"  cme ssa schlogl:sites=3 --method tau-leap --runs 1000\n  cme ssa epidemic --points 5\n" +
			"  cme ssa schlogl --absorb 'X1<=15,X2<=15' --runs 1000 --out out/switching",
		Args: exactly("MODEL"),
	}
	var shared sharedOptions
	shared.register(cmd)
	runs := option[int]{value: 10_000, given: true, kind: "N", parse: parseCount(1)}
	method := option[string]{value: "direct", given: true, kind: "direct", parse: choice([]string{"direct", "next-reaction", "tau-leap"}, nil)}
	events := option[int]{value: 1_000_000_000, given: true, kind: "N", parse: parseCount(1)}
	cmd.Flags().Var(&runs, "runs", "number of trajectories")
	cmd.Flags().Var(&method, "method", "how trajectories are drawn")
	cmd.Flags().Var(&events, "max-events", "most events of one trajectory; more is an error")
	var absorb absorption
	var named basins
	absorb.register(cmd)
	named.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		t, err := shared.task(args[0])
		if err != nil {
			return err
		}
		way, err := ssa.ParseMethod(method.value)
		if err != nil {
			return refused(err, ssa.ErrSettings)
		}
		if _, err := way.New(t.compiled); err != nil { // before anything is written
			return refused(err, impossible...)
		}
		settings := map[string]any{"runs": runs.value, "method": method.value, "max-events": events.value}
		if err := errors.Join(named.read(t, settings), absorb.read(cmd, t, &named, settings)); err != nil {
			return err
		}
		s := ssa.Settings{Method: way, Times: t.times, Runs: runs.value, Seed: t.seed, Workers: t.workers, MaxEvents: uint64(events.value),
			Observables: slices.Concat(t.observed.functions, named.observables())}
		j := &job{
			task: t, command: "ssa", chance: true, settings: settings,
			report: func(w io.Writer, all bool) error { return errors.Join(absorb.report(w, all), named.report(w)) },
			solve: func(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
				held := s
				if absorb.given() {
					held.Method = rare.Absorbing{Method: way, Basin: absorb.basin}
				}
				snapshots, err := drawEnsemble(ctx, t, held, dir, hook)
				if err = errors.Join(err, named.draw(snapshots, s.Runs)); err != nil {
					return snapshots, err
				}
				if absorb.given() {
					s.Observables = nil
					if err := errors.Join(absorb.draw(ctx, t, s, snapshots, &named), absorb.write(dir)); err != nil {
						return snapshots, err
					}
				}
				return snapshots, named.write(dir)
			},
		}
		return j.run(cmd)
	}
	return cmd
}

// drawEnsemble runs the ensemble, with checkpoints if there is a directory.
func drawEnsemble(ctx context.Context, t *task, s ssa.Settings, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	s.Hook = hook
	store := &saver{dir: dir}
	if dir != nil {
		var state ssa.State
		found, err := store.load(&state)
		if err != nil {
			return nil, err
		}
		if found {
			s.Resume = &state
		}
		s.Checkpoint = func(state *ssa.State) error { return store.save(state) }
	}
	result, err := ssa.Run(ctx, t.compiled, s)
	if result == nil {
		return nil, err
	}
	return result.Snapshots, errors.Join(err, store.flush())
}
