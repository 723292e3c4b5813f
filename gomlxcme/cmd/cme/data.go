package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// dataOptions are those of all subcommands of data.
type dataOptions struct{ cache string }

func (o *dataOptions) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.cache, "cache", "", "`FOLDER` of the data sets (default: gomlx-cme/datasets in the user's cache folder)")
}

// store opens the folder.
func (o *dataOptions) store() (datasets.Store, error) {
	if o.cache != "" {
		return datasets.Store{Folder: o.cache}, nil
	}
	store, err := datasets.Open()
	if err != nil {
		return store, usagef("%w with --cache", err)
	}
	return store, nil
}

// find looks up the store and the set.
func (o *dataOptions) find(name string) (datasets.Store, datasets.Set, error) {
	set, err := datasets.Find(name)
	if err != nil {
		return datasets.Store{}, set, &usageError{err}
	}
	store, err := o.store()
	return store, set, err
}

func newData() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Data sets: list, make, verify, find",
		Long: "data has the data sets of the reduced models by name. They are made by our own simulator, kept in the user's cache folder, and\n" +
			"checked whenever they are used.",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usagef("unknown command %q; data has list, make, verify, path", args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDataList(), newDataMake(), newDataVerify(), newDataPath())
	return cmd
}

// dataLine is one set in the list.
type dataLine struct {
	datasets.Set
	State string `json:"state"`
	Path  string `json:"path,omitempty"`
}

func newDataList() *cobra.Command {
	var o dataOptions
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the data sets and which of them are there",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			store, err := o.store()
			if err != nil {
				return err
			}
			var lines []dataLine
			var rows [][]string
			for _, set := range datasets.All() {
				l := dataLine{Set: set, State: store.State(set).String()}
				if store.State(set) == datasets.Made {
					l.Path = store.Archive(set)
				}
				lines = append(lines, l)
				rows = append(rows, []string{set.Name, strconv.Itoa(set.Version), strconv.Itoa(set.Runs * len(set.Conditions)), l.State, set.Title})
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), lines)
			}
			return leftTable(cmd.OutOrStdout(), []string{"name", "version", "runs", "state", "what"}, rows)
		},
	}
	o.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// makeOptions are those of data make and data verify.
type makeOptions struct {
	workers option[int]
	quiet   bool
}

func (o *makeOptions) register(cmd *cobra.Command) {
	o.workers = option[int]{kind: "W", parse: parseCount(0)}
	cmd.Flags().Var(&o.workers, "workers", "goroutines; the numbers do not depend on it (default: one a core)")
	cmd.Flags().BoolVar(&o.quiet, "quiet", false, "no progress bar and no summary")
}

func (o *makeOptions) library(cmd *cobra.Command, again bool) datasets.Options {
	l := datasets.Options{Workers: o.workers.value, Again: again}
	if !o.quiet {
		l.Hook = run.NewBar(cmd.ErrOrStderr())
	}
	return l
}

// report says which numbers are there.
func (o *makeOptions) report(w io.Writer, set datasets.Set, d *datasets.Data, where string) error {
	if o.quiet {
		return nil
	}
	_, err := fmt.Fprintf(w, "%s, version %d: %d conditions of %d runs, %d times, sha256 %s\n%s\n", set.Name, set.Version,
		len(d.Sums), d.Sums[0].Runs, d.Description.Times, d.Description.Numbers, where)
	return err
}

func newDataMake() *cobra.Command {
	var o dataOptions
	var m makeOptions
	var again bool
	cmd := &cobra.Command{
		Use:   "make NAME",
		Short: "Make a data set, or go on with one that was interrupted",
		Args:  exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, set, err := o.find(args[0])
			if err != nil {
				return err
			}
			d, err := store.Make(cmd.Context(), set, m.library(cmd, again))
			if cmd.Context().Err() != nil {
				return fmt.Errorf("%w; what has been made is kept, go on with the same command", cmd.Context().Err())
			}
			var place *fs.PathError
			if errors.As(err, &place) {
				return usagef("%w; choose another folder with --cache", err)
			}
			if err != nil {
				return err
			}
			return m.report(cmd.OutOrStdout(), set, d, store.Archive(set))
		},
	}
	o.register(cmd)
	m.register(cmd)
	cmd.Flags().BoolVar(&again, "again", false, "make it anew, whatever is there")
	return cmd
}

func newDataVerify() *cobra.Command {
	var o dataOptions
	var m makeOptions
	var remake bool
	cmd := &cobra.Command{
		Use:   "verify NAME",
		Short: "Check a data set against its checksums, or make it once more and compare",
		Args:  exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, set, err := o.find(args[0])
			if err != nil {
				return err
			}
			where := store.Archive(set)
			if store.State(set) == datasets.Embedded {
				where = "part of this program"
			}
			d, err := store.Verify(cmd.Context(), set, remake, m.library(cmd, false))
			if err != nil {
				return refused(err, datasets.ErrAbsent)
			}
			return m.report(cmd.OutOrStdout(), set, d, where)
		},
	}
	o.register(cmd)
	m.register(cmd)
	cmd.Flags().BoolVar(&remake, "remake", false, "draw all runs once more and compare the numbers")
	return cmd
}

func newDataPath() *cobra.Command {
	var o dataOptions
	cmd := &cobra.Command{
		Use:   "path NAME",
		Short: "Print where the archive of a data set lies",
		Args:  exactly("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			store, set, err := o.find(args[0])
			if err != nil {
				return err
			}
			switch store.State(set) {
			case datasets.Made:
				_, err := fmt.Fprintln(cmd.OutOrStdout(), store.Archive(set))
				return err
			case datasets.Embedded:
				return usagef("%s is part of this program; \"cme data make %s\" writes its files at once", set.Name, set.Name)
			}
			return usagef("%s is %w; make it with \"cme data make %s\"", set.Name, datasets.ErrAbsent, set.Name)
		},
	}
	o.register(cmd)
	return cmd
}
