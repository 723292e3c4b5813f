package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newReducedReport() *cobra.Command {
	var publication string
	var swing bool
	var figures figureOptions
	cmd := &cobra.Command{
		Use:   "report DIR...",
		Short: "Tables of how trained networks did",
		Long: "report prints a table in Markdown from directories of \"cme reduced integrate\", one column each: for every condition the median over\n" +
			"networks of the mean squared error, mean and 95 % band, and the error of all networks together, beside the error of keeping the first\n" +
			"value. ✗ marks what is no better than that. With --swing it is how far calcium swings, beside the swing of the known parameters. With --published FOLDER the means that were published with the source stand beside them.\n" +
			"--figures FOLDER draws: error.svg and swing.svg the tables, path-W-Ca.svg and the like the parameters over time beside the known ones,\n" +
			"latent.svg the learned law of the latent variable, jacobian.svg how the approximations of reactions depend on the parameters.\n" +
			"Where bands overlap, that of a later DIR covers those of earlier ones.",
		Example: "  cme reduced report out/reactions-followed out/parameters-followed --published ../shared/data/ip3\n  cme reduced report out/reactions-followed --figures out/figures",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s takes DIR...; name directories of \"cme reduced integrate\"", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := figures.check(); err != nil {
				return err
			}
			var e study.Experiment
			var columns []study.Column
			for _, dir := range args {
				mine, c, err := readColumn(dir, publication)
				if err != nil {
					return err
				}
				if e != "" && mine != e {
					return usagef("%s is of the experiment %s, and those before are of %s; report them one by one", dir, mine, e)
				}
				e, columns = mine, append(columns, c)
			}
			var drawn []string
			if figures.folder != "" {
				var err error
				if drawn, err = figures.draw(e, args, columns); err != nil {
					return err
				}
			}
			report := e.Report
			if swing {
				report = e.ReportSwing
			}
			if err := report(cmd.OutOrStdout(), columns); err != nil || len(drawn) == 0 {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "\ndrawn to %s: %s\n", figures.folder, strings.Join(drawn, ", "))
			return err
		},
	}
	figures.register(cmd)
	cmd.Flags().BoolVar(&swing, "swing", false, "how far calcium swings in µM, instead of errors")
	cmd.Flags().StringVar(&publication, "published", "", "`FOLDER` with the files that were published with the source")
	return cmd
}

// readColumn reads one column of the report.
func readColumn(dir, publication string) (study.Experiment, study.Column, error) {
	c := study.Column{Name: filepath.Base(filepath.Clean(dir))}
	record, err := run.ReadRecord(dir)
	if err != nil {
		return "", c, refused(err, directoryErrors...)
	}
	if record.Command != "reduced integrate" || record.Status != run.Complete {
		return "", c, usagef("%s has a %s that is %s; name a directory in which \"cme reduced integrate\" is complete", dir, record.Command, record.Status)
	}
	scores, err := readScores(dir, scoresName)
	if err != nil {
		return "", c, err
	}
	together, err := readScores(dir, togetherName)
	if err != nil {
		return "", c, err
	}
	e := study.Experiment(fmt.Sprint(record.Settings["experiment"]))
	c.Summaries = e.Summarise(scores, together)
	if publication == "" {
		return e, c, nil
	}
	reactions := record.Settings["inputs"] == "reactions"
	if e == study.Receptors {
		for _, s := range c.Summaries {
			c.Published = append(c.Published, orNaN(study.PublishedReceptorErrors(int(s.Value), reactions)))
		}
		return e, c, nil
	}
	all, err := study.PublishedErrors(os.DirFS(publication))
	if err != nil {
		return e, c, &usageError{err}
	}
	kind := map[bool]string{true: "rxns", false: "params"}[reactions] + "_" + fmt.Sprint(record.Settings["network"])
	for _, s := range c.Summaries {
		value := math.NaN()
		if i := int(math.Round(10*s.Value)) - 1; i >= 0 && i < len(all[kind]) {
			value = all[kind][i]
		}
		c.Published = append(c.Published, value)
	}
	return e, c, nil
}

// readScores reads a table of scores in a directory of integrate.
func readScores(dir, name string) ([]study.Score, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s has no %s; an earlier version made it: run \"cme reduced integrate\" again, with another --out", dir, name)
	}
	if err != nil {
		return nil, usagef("%w", err)
	}
	defer f.Close()
	scores, err := study.ReadScores(f)
	if err != nil {
		return nil, usagef("%s: %w", filepath.Join(dir, name), err)
	}
	return scores, nil
}

// orNaN is NaN for what there is not.
func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}
