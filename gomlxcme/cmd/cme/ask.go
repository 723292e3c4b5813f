package main

import (
	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/spf13/cobra"
)

// newAsk asks the networks that a solve has left for probabilities.
func newAsk() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ask DIR --basin NAME=BASIN",
		Short: "Probabilities of sets of states from the networks that a solve has left",
		Long: "ask evaluates the networks of the output times of a solve: sums where the set has few states, and weighted draws from the conditionals\n" +
			"within the set otherwise, so that the error does not depend on how small the probability is. Output is that of \"solve --basin\" as CSV.",
		Example: "  cme ask out/solve --basin 'A=X1>=25,X2>=25' --basin 'B=X1<=15,X2<=15'",
		Args:    exactly("DIR"),
	}
	var named basins
	named.register(cmd)
	name := cmd.Flags().String("backend", "go", "`NAME` of the backend")
	draws := option[int]{kind: "N", parse: parseCount(16)}
	cmd.Flags().Var(&draws, "draws", "of each of 16 repetitions, from which the intervals come (default 2048)")
	seed := option[uint64]{kind: "S", given: true, parse: parseSeed}
	cmd.Flags().Var(&seed, "seed", "seed of the draws")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(named.texts.list) == 0 {
			return usagef("cme ask needs a set of states; give at least one --basin NAME=BASIN")
		}
		times, err := networkTimes(args[0])
		if err != nil {
			return err
		}
		b, err := backend.Open(*name)
		if err != nil {
			return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
		}
		for i, t := range times {
			path, err := networkAt(args[0], &t)
			if err != nil {
				return err
			}
			n, _, err := readNetwork(path, b, 1)
			if err != nil {
				return err
			}
			if i == 0 {
				if err := named.readFor(n.Species, n.Model.Box.Caps); err != nil {
					return err
				}
			}
			s := dist.Snapshot{Time: t}
			err = named.measure(&s, func(basin rare.Basin) (rare.Estimate, error) {
				return rare.Evaluation{Model: n.Model, Theta: n.Theta, Draws: draws.value, Seed: seed.value}.Probability(basin)
			})
			if err != nil {
				return err
			}
		}
		return named.print(cmd.OutOrStdout())
	}
	return cmd
}
