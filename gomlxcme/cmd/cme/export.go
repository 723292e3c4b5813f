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
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "A result as a NumPy archive or as Parquet tables",
		Long: "export reads the result directory DIR and writes, into it or into --to, result.npz (times, mean, sd, mean_se, sd_se and\n" +
			"marginal_SPECIES as arrays over times) or moments.parquet and marginals.parquet (the columns of the CSV files).",
		Example: "  cme export out/solve --format npz",
		Args:    exactly("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
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
	cmd.Flags().StringVar(&to, "to", "", "existing `FOLDER` for the files (default: DIR)")
	return cmd
}
