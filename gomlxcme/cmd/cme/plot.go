package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/spf13/cobra"
)

// plotOptions say whether and how compare draws.
type plotOptions struct {
	file    string
	species option[[]string]
	times   option[[]float64]
}

// plotColumns is how many species a figure takes side by side.
const plotColumns = 4

func (p *plotOptions) register(cmd *cobra.Command) {
	p.species = option[[]string]{kind: "A,B,...", parse: parseNames}
	p.times = option[[]float64]{kind: "T1,T2,...", parse: parseTimes}
	f := cmd.Flags()
	f.StringVar(&p.file, "plot", "", "draw both results and their differences to `FILE.svg`")
	f.Var(&p.species, "species", fmt.Sprintf("species to draw, at most %d (default: all, or the %d that differ most at the last time)", plotColumns, plotColumns))
	f.Var(&p.times, "plot-times", "times of the marginals to draw (default: the first after 0 and the last that both have)")
}

// check refuses options that do not go together.
func (p *plotOptions) check() error {
	switch {
	case p.file == "" && (p.species.given || p.times.given):
		return usagef("--species and --plot-times are about the figure; give --plot FILE.svg as well")
	case p.file != "" && !strings.EqualFold(filepath.Ext(p.file), ".svg"):
		return usagef("--plot %s: figures are SVG files; give a name that ends in .svg", p.file)
	case len(p.species.value) > plotColumns:
		return usagef("--species names %d; at most %d stand side by side, draw more in further files", len(p.species.value), plotColumns)
	case len(p.times.value) > plotColumns:
		return usagef("--plot-times gives %d times; at most %d fit into one figure, draw more in further files", len(p.times.value), plotColumns)
	}
	return nil
}

// parseNames reads "A,B,…".
func parseNames(text string) ([]string, error) {
	names := strings.Split(text, ",")
	for i, n := range names {
		if names[i] = strings.TrimSpace(n); names[i] == "" {
			return nil, fmt.Errorf("name %d is empty; give names like Px,Py", i+1)
		}
		if slices.Contains(names[:i], names[i]) {
			return nil, fmt.Errorf("%s is named twice; name it once", names[i])
		}
	}
	return names, nil
}

// draw makes the figure of a comparison.
func (p *plotOptions) draw(c *comparison, first, second *run.Result) ([]byte, error) {
	style := kernelext.Style{Species: p.species.value}
	if !p.species.given {
		style.Species = c.mostDifferent(plotColumns)
	}
	for _, name := range style.Species {
		if known := first.Record.Model.Species; !slices.Contains(known, name) {
			return nil, usagef("--species: the results have no %s, only %s", name, strings.Join(known, ", "))
		}
	}
	times := p.times.value
	if !p.times.given {
		times = c.firstAndLast()
	}
	for _, t := range times {
		if !slices.ContainsFunc(c.times(), func(have float64) bool { return run.SameTime(have, t) }) {
			return nil, usagef("--plot-times: the results do not both have t = %s, only %s", short(t), shortTimes(c.times()))
		}
	}
	style.Title = c.First.Model
	if c.Second.Model != c.First.Model {
		style.Title += " and " + c.Second.Model
	}
	style.Title += ": " + c.First.Command + " and " + c.Second.Command
	if left := len(first.Record.Model.Species) - len(style.Species); left > 0 {
		style.Title += fmt.Sprintf(" (%d of %d species)", len(style.Species), left+len(style.Species))
	}
	if e, err := systems.Lookup(c.First.Model); err == nil { // SBML files are not in the catalogue
		style.TimeUnit = e.TimeUnit
	}
	names := labels(c.First, c.Second)
	svg, err := kernelext.DrawComparison(style, times,
		kernelext.Answer{Label: names[0], Snapshots: first.Snapshots}, kernelext.Answer{Label: names[1], Snapshots: second.Snapshots})
	return svg, refused(err, kernelext.ErrNothing, kernelext.ErrTime, kernelext.ErrSpecies)
}

// write puts the figure in place.
func (p *plotOptions) write(svg []byte) error {
	err := run.WriteFile(p.file, func(w io.Writer) error {
		_, err := w.Write(svg)
		return err
	})
	var place *fs.PathError
	if errors.As(err, &place) {
		return usagef("cannot write %s: %v; choose another file with --plot", p.file, place.Err)
	}
	return err
}

// labels name the two results in the legend.
func labels(first, second side) [2]string {
	words := map[string]string{"fsp": "exact (fsp)", "ssa": "trajectories (ssa)", "solve": "network (solve)"}
	var names [2]string
	for i, s := range []side{first, second} {
		if names[i] = words[s.Command]; names[i] == "" {
			names[i] = s.Command
		}
		if first.Command == second.Command {
			names[i] += " in " + filepath.Base(s.Path)
		}
	}
	return names
}

// times are the times that both results have.
func (c *comparison) times() []float64 {
	var times []float64
	for _, r := range c.Rows {
		if n := len(times); n == 0 || times[n-1] != r.Time {
			times = append(times, r.Time)
		}
	}
	return times
}

// firstAndLast are the first common time after 0 and the last one.
func (c *comparison) firstAndLast() []float64 {
	times := c.times()
	if len(times) > 1 && times[0] == 0 {
		times = times[1:]
	}
	if len(times) > 1 {
		return []float64{times[0], times[len(times)-1]}
	}
	return times
}

// mostDifferent are the species with the largest Hellinger distances at the last time, in the order of the model.
func (c *comparison) mostDifferent(most int) []string {
	last := c.Rows[len(c.Rows)-1].Time
	rows := slices.DeleteFunc(slices.Clone(c.Rows), func(r run.ComparisonRow) bool { return r.Time != last })
	ranked := slices.SortedStableFunc(slices.Values(rows), func(a, b run.ComparisonRow) int { return cmp.Compare(b.Hellinger.Value, a.Hellinger.Value) })
	least := ranked[min(most, len(ranked))-1].Hellinger.Value
	var names []string
	for _, r := range rows {
		if r.Hellinger.Value >= least && len(names) < most {
			names = append(names, r.Species)
		}
	}
	return names
}
