package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newExport() *cobra.Command {
	format := option[string]{value: "npz", given: true, kind: "npz|parquet", parse: choice([]string{"npz", "parquet"}, nil)}
	var to string
	var networks exportNetworks
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "A result as a NumPy archive or as Parquet tables, and what its networks say",
		Long: "export reads the result directory DIR and writes, into it or into --to, result.npz (times, mean, sd, mean_se, sd_se and\n" +
			"marginal_SPECIES as arrays over times) or moments.parquet and marginals.parquet (the columns of the CSV files).\n" +
			"Of a run of solve, --samples writes samples.npz: times [T], independent draws count_SPECIES [T, N] of the networks at these\n" +
			"times, and log_p [T, N], their log-probabilities. --states writes states.npz: all states, count_SPECIES [N], with log_p [T, N].",
		Example: "  cme export out/solve --format npz\n  cme export out/solve --samples 10000 --at 1",
		Args:    exactly("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := foreign(cmd.Flags(), networks.needs()); err != nil {
				return err
			}
			result, err := open(args[0])
			if err != nil {
				return err
			}
			if to == "" {
				to = args[0]
			}
			files := map[string]func(io.Writer) error{
				"result.npz": func(w io.Writer) error { return run.ExportNPZ(w, result.Snapshots) },
			}
			names := []string{"result.npz"}
			if format.value == "parquet" {
				files = map[string]func(io.Writer) error{
					"moments.parquet":   func(w io.Writer) error { return run.ExportMoments(w, result.Snapshots) },
					"marginals.parquet": func(w io.Writer) error { return run.ExportMarginals(w, result.Snapshots) },
				}
				names = []string{"moments.parquet", "marginals.parquet"}
			}
			if networks.given() {
				if files, names, err = networks.files(args[0]); err != nil {
					return err
				}
			}
			for _, name := range names {
				path := filepath.Join(to, name)
				if err := run.WriteFile(path, files[name]); err != nil {
					var place *fs.PathError
					if errors.As(err, &place) {
						return usagef("cannot write %s: %v; choose another folder with --to", path, place.Err)
					}
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), path)
			}
			return nil
		},
	}
	cmd.Flags().Var(&format, "format", "of the files")
	networks.register(cmd)
	cmd.Flags().StringVar(&to, "to", "", "existing `FOLDER` for the files (default: DIR)")
	return cmd
}
