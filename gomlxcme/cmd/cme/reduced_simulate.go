package main

import (
	"context"
	"runtime"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// simulated is the name of the data set in a directory of simulate.
const simulated = "simulated"

func newReducedSimulate() *cobra.Command {
	var j reducedJob
	ip3 := option[[]float64]{kind: "C1,C2,...", parse: parseNumbers}
	receptors := option[[]int]{kind: "N1,N2,...", parse: parseWholes}
	runs := option[int]{value: 100, given: true, kind: "N", parse: parseCount(2)}
	volume := option[float64]{value: 1e-14, given: true, kind: "L", parse: parsePositive}
	tEnd := option[float64]{value: 50, given: true, kind: "T", parse: parsePositive}
	every := option[float64]{value: 0.1, given: true, kind: "T", parse: parsePositive}
	from := option[float64]{value: 10, given: true, kind: "T", parse: parseNumber}
	seed := option[uint64]{value: 1, given: true, kind: "S", parse: parseSeed}
	workers := option[int]{kind: "W", parse: parseCount(0)}
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Runs of the calcium model in several conditions",
		Long: "simulate draws runs of calcium released through IP3 receptors in each combination of concentration and number of receptors, and keeps\n" +
			"the sums from which means and covariances of calcium and IP3 follow at every time.",
		Example: "  cme reduced simulate --ip3 0.4,0.7,1.0 --runs 200 --out out/runs\n  cme reduced fit out/runs --out out/fit",
		Args:    exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !ip3.given {
				return usagef("give the concentrations of IP3 in µM with --ip3 0.4,0.7,1.0")
			}
			if !receptors.given {
				receptors.value = []int{100}
			}
			set := datasets.Set{Name: simulated, Title: "by cme reduced simulate", Seed: seed.value, Runs: runs.value, From: from.value, TEnd: tEnd.value,
				Every: every.value}
			for _, n := range receptors.value {
				for _, c := range ip3.value {
					set.Conditions = append(set.Conditions, calcium.Condition{Volume: volume.value, Receptors: n, IP3: c})
				}
			}
			set, err := datasets.Custom(set)
			if err != nil {
				return &usageError{err}
			}
			o := datasets.Options{Workers: workers.value}
			if o.Workers == 0 {
				o.Workers = runtime.GOMAXPROCS(0)
			}
			record := run.Record{Command: "reduced simulate", Seed: &seed.value, Settings: map[string]any{
				"ip3": ip3.value, "receptors": receptors.value, "runs": runs.value, "volume": volume.value, "t-end": tEnd.value, "every": every.value, "from": from.value,
				"workers": o.Workers,
			}}
			return j.run(cmd, record, func(ctx context.Context, dir *run.Dir, hook run.Hook) error {
				o.Hook = hook
				_, err := datasets.Store{Folder: dir.Path()}.Make(ctx, set, o)
				return err
			})
		},
	}
	j.register(cmd)
	f := cmd.Flags()
	f.Var(&ip3, "ip3", "concentrations of IP3, µM (needed)")
	f.Var(&receptors, "receptors", "numbers of receptor subunits (default 100)")
	f.Var(&runs, "runs", "runs in each condition")
	f.Var(&volume, "volume", "volume of the cytosol, litres")
	f.Var(&tEnd, "t-end", "last time recorded, s")
	f.Var(&every, "every", "time between two records, s")
	f.Var(&from, "from", "first time recorded, s")
	f.Var(&seed, "seed", "seed of all randomness")
	f.Var(&workers, "workers", "goroutines; results do not depend on it (default: one a core)")
	return cmd
}
