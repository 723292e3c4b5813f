package main

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newReduced() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reduced",
		Short: "Reduced models of calcium: simulate, fit, train, integrate, report, formulas",
		Long: "reduced learns how the parameters of a small distribution move in time, from runs of the calcium model with IP3 receptors:\n" +
			"simulate draws runs (or take a data set, see \"cme data list\"), fit turns them into parameters over time, train fits networks to how\n" +
			"these move, integrate follows the networks and compares, report prints tables and draws. Each writes a directory that the next one reads.\n" +
			"formulas prints what reactions do to the parameters.",
		Example: "  cme reduced fit ip3-small --out out/fit\n  cme reduced train out/fit --seeds 10 --seed 1 --out out/reactions\n" +
			"  cme reduced train out/fit --inputs parameters --seeds 10 --seed 1 --out out/parameters\n" +
			"  cme reduced integrate out/reactions --out out/followed\n  cme reduced report out/followed",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usagef("unknown command %q; reduced has simulate, fit, train, integrate, report, formulas", args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newReducedSimulate(), newReducedFit(), newReducedTrain(), newReducedIntegrate(), newReducedReport(), newReducedFormulas())
	return cmd
}

// unfit are the errors by which the library of reduced models refuses its input.
var unfit = []error{
	reduced.ErrSettings, reduced.ErrSamples, reduced.ErrSingular, reduced.ErrCandidate, calcium.ErrCondition, calcium.ErrSettings,
	learn.ErrSettings, learn.ErrFormat, study.ErrStudy, study.ErrPublished, datasets.ErrUnknown, datasets.ErrAbsent,
}

// reducedJob is one step towards a reduced model; it ends in a directory.
type reducedJob struct {
	out           string
	quiet, resume bool
	check         bool
}

func (j *reducedJob) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.out, "out", "", "write results to `DIR` (needed)")
	f.BoolVar(&j.quiet, "quiet", false, "no progress bar and no summary")
	f.BoolVar(&j.check, "check", false, "check the input and compute nothing")
	f.BoolVar(&j.resume, "resume", false, "take up again what was interrupted in --out; same options, same bytes as without a break")
}

// run works in the directory. Input that turns out to be impossible leaves nothing behind.
func (j *reducedJob) run(cmd *cobra.Command, r run.Record, work func(ctx context.Context, dir *run.Dir, hook run.Hook) error) error {
	if j.check {
		return nil
	}
	if j.out == "" {
		return usagef("%s writes a directory; give it with --out DIR", cmd.CommandPath())
	}
	r.CommandLine = os.Args
	r.Model.Name, r.Model.Species = "calcium", calcium.Visible()
	r.Settings["quiet"] = j.quiet
	dir, err := run.Begin(j.out, r, j.resume)
	if err != nil {
		return refused(err, directoryErrors...)
	}
	defer dir.Close()
	if dir.Complete() {
		if !j.quiet {
			fmt.Fprintf(cmd.OutOrStdout(), "%s is complete already; nothing to do\n", j.out)
		}
		return nil
	}
	hook := dir.Progress()
	if !j.quiet {
		hook = run.Tee(hook, run.NewBar(cmd.ErrOrStderr()))
	}
	err = refused(work(cmd.Context(), dir, hook), unfit...)
	if isUsage(err) {
		return errors.Join(err, dir.Discard(err))
	}
	if failure := dir.Finish(nil, err); failure != nil {
		return errors.Join(err, failure)
	}
	switch run.StatusOf(err) {
	case run.Interrupted:
		return fmt.Errorf("%w; what has been done is kept in %s, go on with --resume", err, j.out)
	case run.Failed:
		return fmt.Errorf("%w; the last good state is kept in %s", err, j.out)
	}
	if !j.quiet {
		fmt.Fprintf(cmd.OutOrStdout(), "written to %s\n", j.out)
	}
	return nil
}

// studyName is the file with a study.
const studyName = "study.json"

// readStudy reads the study of a directory, and the SHA-256 of its bytes.
func readStudy(dir string) (*study.Study, string, error) {
	text, err := os.ReadFile(filepath.Join(dir, studyName))
	if err != nil {
		return nil, "", usagef("%w; name a directory that \"cme reduced fit\" wrote", err)
	}
	s, err := study.Read(strings.NewReader(string(text)))
	if err != nil {
		return nil, "", usagef("%s: %w", filepath.Join(dir, studyName), err)
	}
	sum := sha256.Sum256(text)
	return s, "sha256:" + hex.EncodeToString(sum[:]), nil
}

// writeStudy writes it.
func writeStudy(dir string, s *study.Study) error {
	return run.WriteFile(filepath.Join(dir, studyName), s.Write)
}

// writeTable writes a CSV file.
func writeTable(dir, name string, rows [][]string) error {
	return run.WriteFile(filepath.Join(dir, name), func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

// digits prints a number so that it is read back as the same.
func digits(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// parseNumbers reads numbers above 0 between commas.
func parseNumbers(text string) (all []float64, err error) {
	for _, word := range strings.Split(text, ",") {
		v, err := parsePositive(word)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", word, err)
		}
		for _, before := range all {
			if before == v {
				return nil, fmt.Errorf("%v is given twice", v)
			}
		}
		all = append(all, v)
	}
	return all, nil
}

// parseWholes reads whole numbers of at least 1 between commas.
func parseWholes(text string) (all []int, err error) {
	for _, word := range strings.Split(text, ",") {
		v, err := parseCount(1)(word)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", word, err)
		}
		all = append(all, v)
	}
	return all, nil
}
