package main

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/kernelext"
)

// overTime has the values of several networks at each time.
type overTime map[float64][]float64

// series is the median over networks, with a band from the lowest to the highest.
func (o overTime) series(label string) kernelext.Series {
	s := kernelext.Series{Label: label}
	for _, t := range slices.Sorted(maps.Keys(o)) {
		v := o[t]
		s.X, s.Y, s.Low, s.High = append(s.X, t), append(s.Y, study.Median(v)), append(s.Low, slices.Min(v)), append(s.High, slices.Max(v))
	}
	return s
}

// readOverTime reads a table of a directory: the values in a column of the rows that have these cells in the first columns after the seed.
func readOverTime(dir, name, column string, cells ...string) (overTime, error) {
	path := filepath.Join(dir, name)
	file, err := os.Open(path)
	if err != nil {
		return nil, usagef("%w; run \"cme reduced integrate\" again", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, usagef("%s is no table: %v; run \"cme reduced integrate\" again", path, err)
	}
	when, what := slices.Index(rows[0], "time"), slices.Index(rows[0], column)
	if when < 0 || what < 0 {
		return nil, usagef("%s has no columns time and %s; run \"cme reduced integrate\" again", path, column)
	}
	out := overTime{}
	for line, row := range rows[1:] {
		have := slices.Concat(row[1:when], row[when+1:])
		if len(have) < len(cells) || !slices.Equal(have[:len(cells)], cells) {
			continue
		}
		t, err := strconv.ParseFloat(row[when], 64)
		if err != nil {
			return nil, usagef("%s, line %d: %w", path, line+2, err)
		}
		v, err := strconv.ParseFloat(row[what], 64)
		if err != nil {
			return nil, usagef("%s, line %d: %w", path, line+2, err)
		}
		out[t] = append(out[t], v)
	}
	return out, nil
}

// paths draws each parameter that moves over time, as it is known and as the networks have it: one chart a condition.
func (f *figures) paths() error {
	names := f.experiment.Variables()
	for _, k := range f.study.Reduction.MovingW {
		if err := f.path("W", names[k], func(p reduced.Parameters) float64 { return p.W[0][k] }); err != nil {
			return err
		}
	}
	for _, k := range f.study.Reduction.MovingB {
		if err := f.path("b", names[k], func(p reduced.Parameters) float64 { return p.B[k] }); err != nil {
			return err
		}
	}
	return nil
}

func (f *figures) path(parameter, variable string, get func(reduced.Parameters) float64) error {
	var charts []kernelext.Chart
	for _, c := range f.cases {
		chart := kernelext.Chart{Title: short(c.Condition.IP3) + " µM", X: "time (s)", Y: parameter + "_" + variable}
		if f.experiment == study.Receptors {
			chart.Title = fmt.Sprintf("%d receptors\n%s", c.Condition.Receptors, chart.Title)
		}
		if len(charts) > 0 {
			chart.Y = ""
		}
		chart.Series = []kernelext.Series{known(c, get)}
		for i, dir := range f.dirs {
			values, err := readOverTime(dir, pathsName, "value", digits(c.Condition.IP3), strconv.Itoa(c.Condition.Receptors), parameter, variable)
			if err != nil {
				return err
			}
			chart.Series = append(chart.Series, values.series(f.columns[i].Name+": median over networks, band from the lowest to the highest"))
		}
		charts = append(charts, chart)
	}
	svg, err := kernelext.DrawChart(kernelext.Style{Title: fmt.Sprintf("%s of %s, standardised; %s", parameter, variable, f.learned())}, charts...)
	return f.keep(fmt.Sprintf("path-%s-%s.svg", parameter, variable), svg, err)
}

// known are signs at some 20 of the times at which a parameter is known.
func known(c study.Case, get func(reduced.Parameters) float64) kernelext.Series {
	at := c.Known
	if at == nil {
		for t := range c.Series.Filtered {
			at = append(at, t)
		}
	}
	s := kernelext.Series{Label: "simulated", Points: true}
	const signs = 20
	for i := 0; i < len(at); i += max(1, len(at)/signs) {
		s.X, s.Y = append(s.X, c.Series.Times[at[i]]), append(s.Y, get(c.Series.Filtered[at[i]]))
	}
	return s
}

// latent draws the learned law of the latent variable, which is the same in all conditions, beside that of the standard frame: any law can stand for
// the same distribution of counts, so that none is known.
func (f *figures) latent() error {
	var charts []kernelext.Chart
	for _, x := range []struct {
		column, label string
		standard      float64
	}{{"mean", "mean of the latent variable", 0}, {"variance", "its variance", 1}} {
		chart := kernelext.Chart{X: "time (s)", Y: x.label}
		times := f.cases[0].Series.Times
		first, last := times[0], times[len(times)-1]
		chart.Series = []kernelext.Series{{Label: "standard frame", X: []float64{first, last}, Y: []float64{x.standard, x.standard}}}
		for i, dir := range f.dirs {
			values, err := readOverTime(dir, latentName, x.column)
			if err != nil {
				return err
			}
			chart.Series = append(chart.Series, values.series(f.columns[i].Name+": median over networks, band from the lowest to the highest"))
		}
		charts = append(charts, chart)
	}
	svg, err := kernelext.DrawChart(kernelext.Style{Title: "Learned law of the latent variable, one for all conditions"}, charts...)
	return f.keep("latent.svg", svg, err)
}
