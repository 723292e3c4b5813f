package main

import (
	"fmt"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/sweep/merge"
	"github.com/spf13/cobra"
)

func newSweepMerge() *cobra.Command {
	var place sweepPlace
	var quiet bool
	cmd := &cobra.Command{
		Use:   "merge SPEC",
		Short: "Gather the results of a sweep in two tables",
		Long: "merge writes results.parquet (a row for each point, time and output: point, index, replicate, seed, status, what is varied, time, name,\n" +
			"mean, sd, mean_se, sd_se, marginal: the probabilities of the counts 0, 1, …) and runs.sqlite (tables points, moments, marginals,\n" +
			"diagnostics, sweep) into the folder of the sweep. The tables have all points that have a result. Exit status 1: points failed or\n" +
			"are missing, which the message names.",
		Example: "  cme sweep merge sweep.yaml",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := place.open(args[0])
			if err != nil {
				return err
			}
			count, err := merge.Run(s, "")
			if err != nil {
				return refused(err, sweepErrors...)
			}
			if quiet {
				return nil
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\nwritten to %s and %s\n", count, filepath.Join(s.Path, merge.ParquetName), filepath.Join(s.Path, merge.SQLiteName))
			return err
		},
	}
	place.register(cmd)
	cmd.Flags().BoolVar(&quiet, "quiet", false, "no summary")
	return cmd
}
