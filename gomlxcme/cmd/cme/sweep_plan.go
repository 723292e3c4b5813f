package main

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/spf13/cobra"
)

func newSweepPlan() *cobra.Command {
	var place sweepPlace
	var quiet bool
	cmd := &cobra.Command{
		Use:   "plan SPEC",
		Short: "Check a sweep file and list its points",
		Long: "plan checks all names and values of a sweep file against the model and the solver, and writes the manifest of its points. A plan\n" +
			"that is made again, after the file was changed, keeps the results of all points that are still in it.",
		Example: "  cme sweep plan sweep.yaml",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			planned, err := place.plan(cmd.Context(), args[0])
			if err != nil || quiet {
				return err
			}
			s := planned.Sweep
			count, err := s.Count()
			if err != nil {
				return err
			}
			if planned.Merged > 0 {
				fmt.Fprintf(cmd.ErrOrStderr(), "%d points were drawn more than once and are planned once\n", planned.Merged)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s\nplanned in %s; compute here with \"cme sweep local %s\", or see \"cme sweep slurm --help\"\n", count, s.Path, args[0])
			return err
		},
	}
	place.register(cmd)
	cmd.Flags().BoolVar(&quiet, "quiet", false, "no summary")
	return cmd
}

func newSweepSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON schema of sweep files",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(sweep.Schema())
			return err
		},
	}
}
