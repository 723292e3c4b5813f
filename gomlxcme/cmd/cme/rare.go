package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/spf13/cobra"
)

// newRare compares what several results say of a rare event.
func newRare() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rare EXACT DIR...",
		Short: "A rare event in several results beside the exact one: table and figure",
		Long: "rare reads rare.csv of result directories that were made with --basin or --absorb. For every directory it prints the ratio to the first one\n" +
			"at each time that both have, and what it cost; for networks the effective number of states and the tail index of the last step (above\n" +
			"0.7 a result is not to be trusted). The table is one of Markdown.",
		Example: "  cme rare out/exact out/tempered out/mixture --quantity 'P(B)' --plot out/rare.svg",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usagef("cme rare takes the exact result and at least one other, not %q", args)
			}
			return nil
		},
	}
	quantity := cmd.Flags().String("quantity", "P(B)", "which `QUANTITY` of rare.csv")
	plot := plotOptions{}
	cmd.Flags().StringVar(&plot.file, "plot", "", "draw the quantity against time on a logarithmic axis to `FILE.svg`")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := plot.check(); err != nil {
			return err
		}
		var curves []rareCurve
		for _, dir := range args {
			c, err := readRare(dir, *quantity)
			if err != nil {
				return err
			}
			curves = append(curves, c)
		}
		if err := compareRare(cmd.OutOrStdout(), *quantity, curves); err != nil || plot.file == "" {
			return err
		}
		chart := kernelext.Chart{X: "time", Y: *quantity, LogY: true}
		for i, c := range curves {
			chart.Series = append(chart.Series, kernelext.Series{Label: c.name, X: c.times, Y: c.values, Points: i > 0})
		}
		svg, err := kernelext.DrawChart(kernelext.Style{Title: curves[0].record.Model.Name}, chart)
		if err != nil {
			return refused(err, kernelext.ErrNothing)
		}
		return plot.write(svg)
	}
	return cmd
}

// rareCurve is one quantity of a result against time.
type rareCurve struct {
	name          string
	record        run.Record
	times, values []float64
}

// readRare reads a quantity from the rare.csv of a directory. Its errors are usage errors.
func readRare(dir, quantity string) (rareCurve, error) {
	c := rareCurve{name: filepath.Base(dir)}
	var err error
	if c.record, err = run.ReadRecord(dir); err != nil {
		return c, refused(err, directoryErrors...)
	}
	f, err := os.Open(filepath.Join(dir, rareName))
	if errors.Is(err, fs.ErrNotExist) {
		return c, usagef("%s has no %s; compute it with --basin or --absorb", dir, rareName)
	} else if err != nil {
		return c, usagef("cannot read %s: %w", dir, err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return c, usagef("%s: %w", f.Name(), err)
	}
	var known []string
	for i, row := range rows {
		if len(row) != 6 || i == 0 {
			continue
		}
		t, bad := strconv.ParseFloat(row[0], 64)
		v, worse := strconv.ParseFloat(row[2], 64)
		if err := errors.Join(bad, worse); err != nil {
			return c, usagef("%s, line %d: %w", f.Name(), i+1, err)
		}
		if !slices.Contains(known, row[1]) {
			known = append(known, row[1])
		}
		if row[1] == quantity {
			c.times, c.values = append(c.times, t), append(c.values, v)
		}
	}
	if len(c.times) == 0 {
		return c, usagef("%s says nothing of %s; it has %s", f.Name(), quantity, strings.Join(known, ", "))
	}
	return c, nil
}

// at is the value at a time, NaN where there is none.
func (c rareCurve) at(t float64) float64 {
	for i, have := range c.times {
		if run.SameTime(have, t) {
			return c.values[i]
		}
	}
	return math.NaN()
}

// compareRare prints the ratios to the first curve.
func compareRare(w io.Writer, quantity string, curves []rareCurve) error {
	exact := curves[0]
	fmt.Fprintf(w, "| %s of %s |", quantity, exact.record.Model.Name)
	for _, t := range exact.times {
		fmt.Fprintf(w, " t = %s |", short(t))
	}
	fmt.Fprintf(w, " effective states | tail index | CPU s |\n| --- |%s --- | --- | --- |\n", strings.Repeat(" --- |", len(exact.times)))
	for i, c := range curves {
		fmt.Fprintf(w, "| %s |", c.name)
		for k, t := range exact.times {
			switch v := c.at(t); {
			case math.IsNaN(v):
				fmt.Fprint(w, " |")
			case i == 0:
				fmt.Fprintf(w, " %s |", short(v))
			default:
				fmt.Fprintf(w, " × %.3g |", v/exact.values[k])
			}
		}
		last := c.record.Times[len(c.record.Times)-1]
		for _, name := range []string{"ess", "tail"} {
			if v, ok := last.Diagnostics.Get(name); ok {
				fmt.Fprintf(w, " %.3g |", v)
			} else {
				fmt.Fprint(w, " |")
			}
		}
		if _, err := fmt.Fprintf(w, " %.3g |\n", c.record.CPUSeconds); err != nil {
			return err
		}
	}
	return nil
}
