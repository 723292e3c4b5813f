package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// side is one of the two results that are compared.
type side struct {
	Path    string     `json:"path"`
	Command string     `json:"command"`
	Model   string     `json:"model"`
	Seed    *uint64    `json:"seed"`
	Status  run.Status `json:"status"`
}

// comparison is what compare prints as JSON.
type comparison struct {
	First  side     `json:"first"`
	Second side     `json:"second"`
	Notes  []string `json:"notes"`
	Plot   string   `json:"plot,omitempty"` // file of the figure
	*run.Comparison
}

func newCompare() *cobra.Command {
	var asJSON bool
	var plot plotOptions
	cmd := &cobra.Command{
		Use:   "compare DIR1 DIR2",
		Short: "Distances between two results, each beside its noise floor, and a figure of both",
		Long: "compare prints, per time and species, the Hellinger distance and the total variation of the two marginals, each with\n" +
			"the value that sampling noise alone would give (floor), and the differences of mean and sd (second minus first) with\n" +
			"their standard errors. Distances are over counts, one bin an integer. Times that only one result has are left out.\n" +
			"--plot draws the moments of both against time, and the marginals of both with their differences below. Result directories\n" +
			"hold no joint distributions, so that none are drawn.",
		Example: "  cme compare out/fsp out/ssa\n  cme compare out/fsp out/solve --plot out/compare.svg --species Px,Py",
		Args:    exactly("DIR1", "DIR2"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := plot.check(); err != nil {
				return err
			}
			c, first, second, err := compare(args[0], args[1])
			if err != nil {
				return err
			}
			if plot.file != "" {
				svg, err := plot.draw(c, first, second)
				if err != nil {
					return err
				}
				if err := plot.write(svg); err != nil {
					return err
				}
				c.Plot = plot.file
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), c)
			}
			return printComparison(cmd.OutOrStdout(), c)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	plot.register(cmd)
	return cmd
}

func compare(path1, path2 string) (c *comparison, first, second *run.Result, err error) {
	if first, err = open(path1); err != nil {
		return nil, nil, nil, err
	}
	if second, err = open(path2); err != nil {
		return nil, nil, nil, err
	}
	c = &comparison{First: sideOf(first), Second: sideOf(second), Notes: []string{}}
	if c.Comparison, err = run.Compare(first.Snapshots, second.Snapshots); err != nil {
		return nil, nil, nil, refused(err, run.ErrSpecies, run.ErrNoCommonTime)
	}
	c.note(first, second)
	return c, first, second, nil
}

// open reads a result directory that the user named.
func open(path string) (*run.Result, error) {
	r, err := run.Open(path)
	var place *fs.PathError
	if errors.As(err, &place) {
		return nil, usagef("cannot read %s: %v; name a directory that was given to --out", place.Path, place.Err)
	}
	return r, refused(err, directoryErrors...)
}

func sideOf(r *run.Result) side {
	return side{r.Path, r.Record.Command, r.Record.Model.Name, r.Record.Seed, r.Record.Status}
}

// note says what a reader must know before believing the numbers.
func (c *comparison) note(first, second *run.Result) {
	say := func(format string, a ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, a...)) }
	a, b := first.Record.Model, second.Record.Model
	if a.Name != b.Name {
		say("the models differ: %s and %s", a.Name, b.Name)
	} else {
		for _, part := range []struct {
			name string
			same bool
		}{
			{"parameters", reflect.DeepEqual(a.Parameters, b.Parameters)},
			{"starts", reflect.DeepEqual(a.Initial, b.Initial)},
			{"caps", reflect.DeepEqual(a.Caps, b.Caps)},
			{"propensity laws", a.Propensity == b.Propensity},
			{"reactions", reflect.DeepEqual(a.Reactions, b.Reactions)},
			{"absorbing basins", first.Record.Settings["absorb"] == second.Record.Settings["absorb"]},
		} {
			if !part.same {
				say("the %s of the models differ", part.name)
			}
		}
	}
	for _, r := range []*run.Result{first, second} {
		if r.Record.Settings["stationary"] == true {
			say("%s is a stationary law, kept under t = %s", r.Path, short(r.Snapshots[0].Time))
		}
		if r.Record.Status != run.Complete {
			say("the run in %s is %s", r.Path, r.Record.Status)
		}
	}
	if n := len(c.OnlyFirst); n > 0 {
		say("left out, only in the first: %s", shortTimes(c.OnlyFirst))
	}
	if n := len(c.OnlySecond); n > 0 {
		say("left out, only in the second: %s", shortTimes(c.OnlySecond))
	}
}

// shortTimes lists times, with the middle of a long list left out.
func shortTimes(times []float64) string {
	const most = 6
	var parts []string
	for i, t := range times {
		if len(times) > most && i == most-1 {
			return fmt.Sprintf("t = %s … %s (%d times)", strings.Join(parts, ", "), short(times[len(times)-1]), len(times))
		}
		parts = append(parts, short(t))
	}
	return "t = " + strings.Join(parts, ", ")
}

func printComparison(w io.Writer, c *comparison) error {
	for i, s := range []side{c.First, c.Second} {
		text := fmt.Sprintf("%s: %s of %s in %s", []string{"first", "second"}[i], s.Command, s.Model, s.Path)
		if s.Seed != nil {
			text += fmt.Sprintf(", seed %d", *s.Seed)
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	for _, n := range c.Notes {
		if _, err := fmt.Fprintln(w, "note: "+n); err != nil {
			return err
		}
	}
	header := []string{"time", "species", "hellinger", "floor", "total_variation", "floor", "d_mean", "se", "d_sd", "se"}
	rows := make([][]string, len(c.Rows))
	for i, r := range c.Rows {
		rows[i] = []string{short(r.Time), r.Species,
			rough(r.Hellinger.Value), rough(r.Hellinger.Floor), rough(r.TotalVariation.Value), rough(r.TotalVariation.Floor),
			rough(r.Mean.Value), rough(r.Mean.SE), rough(r.SD.Value), rough(r.SD.SE)}
	}
	if err := table(w, header, rows); err != nil || c.Plot == "" {
		return err
	}
	_, err := fmt.Fprintln(w, "drawn to "+c.Plot)
	return err
}
