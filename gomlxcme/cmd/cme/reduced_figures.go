package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/spf13/cobra"
)

// figureOptions say whether and what report draws.
type figureOptions struct {
	folder     string
	conditions option[[]float64]
}

// figureColumns is how many kinds of networks differ in colour and dashes beside what is known, figureConditions how many conditions stand side by side.
const (
	figureColumns    = 5
	figureConditions = 4
)

func (o *figureOptions) register(cmd *cobra.Command) {
	o.conditions = option[[]float64]{kind: "V1,V2,...", parse: parseNumbers}
	f := cmd.Flags()
	f.StringVar(&o.folder, "figures", "", "draw SVG files into `FOLDER` as well")
	f.Var(&o.conditions, "conditions", fmt.Sprintf("µM of IP3, or numbers of receptors, whose paths are drawn, at most %d (default: spread over all)", figureConditions))
}

// check refuses options that do not go together.
func (o *figureOptions) check() error {
	switch n := len(o.conditions.value); {
	case o.folder == "" && o.conditions.given:
		return usagef("--conditions is about the figures; give --figures FOLDER as well")
	case n > figureConditions:
		return usagef("--conditions names %d; at most %d stand side by side, draw more in another folder", n, figureConditions)
	}
	return nil
}

// figures are drawn from the results of networks of several kinds.
type figures struct {
	experiment study.Experiment
	dirs       []string
	columns    []study.Column
	study      *study.Study // the known parameters, those of the first directory
	cases      []study.Case // whose paths are drawn
	names      []string     // of the files, in their order
	files      map[string][]byte
}

// draw draws all figures, writes them when none of them failed, and returns their names.
func (o *figureOptions) draw(e study.Experiment, dirs []string, columns []study.Column) ([]string, error) {
	if len(columns) > figureColumns {
		return nil, usagef("--figures of %d directories; at most %d can be told apart in one figure", len(columns), figureColumns)
	}
	f := &figures{experiment: e, dirs: dirs, columns: columns, files: map[string][]byte{}}
	for i, dir := range dirs {
		if _, err := os.Stat(filepath.Join(dir, studyName)); errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("%s has no %s, which the figures need; an earlier version made it: run \"cme reduced integrate\" again", dir, studyName)
		}
		s, _, err := readStudy(dir)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			f.study = s
		}
		a, b := s.Reduction.Scale, f.study.Reduction.Scale
		if !slices.Equal(a.Mean, b.Mean) || !slices.Equal(a.SD, b.SD) {
			return nil, usagef("%s has counts that are standardised otherwise than those of %s, so that their parameters differ; draw them one by one", dir, dirs[0])
		}
		if slices.ContainsFunc(columns[:i], func(c study.Column) bool { return c.Name == columns[i].Name }) {
			return nil, usagef("two directories are called %s, and names tell them apart in the figures; give them other names", columns[i].Name)
		}
	}
	if err := f.choose(o.conditions); err != nil {
		return nil, err
	}
	for _, draw := range []func() error{f.errors, f.swing, f.paths, f.latent, f.jacobian} {
		if err := draw(); err != nil {
			return nil, refused(err, kernelext.ErrNothing, kernelext.ErrShape, reduced.ErrCandidate)
		}
	}
	return f.names, f.write(o.folder)
}

// choose takes one case for each value that was asked for, in the middle of those that have it; without, values spread over all.
func (f *figures) choose(given option[[]float64]) error {
	values := given.value
	if !given.given {
		all := f.study.Values()
		for i := range min(figureConditions, len(all)) {
			values = append(values, all[i*(len(all)-1)/max(1, min(figureConditions, len(all))-1)])
		}
	}
	for _, v := range values {
		found, err := f.study.Select([]float64{v})
		if err != nil {
			return refused(err, study.ErrStudy)
		}
		f.cases = append(f.cases, found[len(found)/2])
	}
	return nil
}

// keep keeps a figure to be written.
func (f *figures) keep(name string, svg []byte, err error) error {
	if err != nil {
		return err
	}
	f.names, f.files[name] = append(f.names, name), svg
	return nil
}

// write writes the figures.
func (f *figures) write(folder string) error {
	err := os.MkdirAll(folder, 0o777)
	for _, name := range f.names {
		if err == nil {
			err = run.WriteFile(filepath.Join(folder, name), func(w io.Writer) error {
				_, err := w.Write(f.files[name])
				return err
			})
		}
	}
	var place *fs.PathError
	if errors.As(err, &place) {
		return usagef("cannot write to %s: %v; choose another folder with --figures", folder, place.Err)
	}
	return err
}

// axis names the values in which conditions differ.
func (f *figures) axis() string {
	if f.experiment == study.Receptors {
		return "receptors"
	}
	return "IP3 (µM)"
}

// learned says which conditions the networks were trained with.
func (f *figures) learned() string {
	var texts []string
	for _, c := range f.columns {
		var values []string
		for _, s := range c.Summaries {
			if s.Role == study.Learned {
				values = append(values, short(s.Value))
			}
		}
		text := "none of these conditions was learned from"
		if len(values) > 0 {
			text = "learned from " + strings.Join(values, ", ") + " " + f.experiment.Unit()
		}
		texts = append(texts, text)
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		return texts[0]
	}
	for i, c := range f.columns {
		texts[i] = c.Name + " " + texts[i]
	}
	return strings.Join(texts, "; ")
}

// errors draws the error of each kind of networks beside that of keeping the first value.
func (f *figures) errors() error {
	kept := kernelext.Series{Label: "first value kept"}
	for _, s := range f.columns[0].Summaries {
		kept.X, kept.Y = append(kept.X, s.Value), append(kept.Y, s.Kept)
	}
	all := []kernelext.Series{kept}
	for _, c := range f.columns {
		networks, diverged := 0, 0
		line := kernelext.Series{}
		for _, s := range c.Summaries {
			networks, diverged = max(networks, s.Networks), max(diverged, s.Diverged)
			line.X, line.Y = append(line.X, s.Value), append(line.Y, s.Median)
			line.Low, line.High = append(line.Low, s.Best), append(line.High, s.Worst)
		}
		line.Label = fmt.Sprintf("%s: median of %d networks, band from the best to the worst", c.Name, networks)
		if diverged > 0 {
			line.Label += fmt.Sprintf(" (without up to %d that diverged)", diverged)
		}
		all = append(all, line)
	}
	svg, err := kernelext.DrawChart(kernelext.Style{Title: "Error of the parameters along paths; " + f.learned()},
		kernelext.Chart{X: f.axis(), Y: "mean squared error", LogY: true, Series: all})
	return f.keep("error.svg", svg, err)
}

// swing draws how far calcium swings, with 95 % bands over networks, beside the simulated one.
func (f *figures) swing() error {
	known := [2]kernelext.Series{{Label: "simulated"}, {Label: "simulated"}}
	for _, s := range f.columns[0].Summaries {
		for i, v := range []float64{s.Known.Min, s.Known.Max} {
			known[i].X, known[i].Y = append(known[i].X, s.Value), append(known[i].Y, v)
		}
	}
	all := known[:]
	for _, c := range f.columns {
		label := c.Name + ": mean over networks, 95 % band of it"
		ends := [2]kernelext.Series{{Label: label}, {Label: label}}
		for _, s := range c.Summaries {
			for i, v := range [][2]float64{{s.Swing.Min, s.SwingBand.Min}, {s.Swing.Max, s.SwingBand.Max}} {
				r := &ends[i]
				r.X, r.Y, r.Low, r.High = append(r.X, s.Value), append(r.Y, v[0]), append(r.Low, v[0]-v[1]), append(r.High, v[0]+v[1])
			}
		}
		all = append(all, ends[:]...)
	}
	svg, err := kernelext.DrawChart(kernelext.Style{Title: "Lowest and highest mean ∓ standard deviation of calcium over the last times; " + f.learned()},
		kernelext.Chart{X: f.axis(), Y: "calcium (µM)", Series: all})
	return f.keep("swing.svg", svg, err)
}

// jacobian draws how the approximations of the first networks with reactions depend on the parameters; there is none of networks without.
func (f *figures) jacobian() error {
	for _, dir := range f.dirs {
		record, err := run.ReadRecord(dir)
		if err != nil {
			return refused(err, directoryErrors...)
		}
		if record.Settings["inputs"] != "reactions" {
			continue
		}
		candidates := f.experiment.Candidates()
		if own, _ := record.Settings["candidate"].([]any); len(own) > 0 {
			candidates = nil
			for _, c := range own {
				candidates = append(candidates, fmt.Sprint(c))
			}
		}
		return f.jacobianOf(candidates)
	}
	return nil
}

func (f *figures) jacobianOf(candidates []string) error {
	names := f.experiment.Variables()
	features, err := reduced.NewFeatures(names, candidates...)
	if err != nil {
		return err
	}
	v := len(names) - 1
	parameters := make([]string, 2*v+1)
	for i, n := range names[:v] {
		parameters[i], parameters[v+i] = "W_"+n, "b_"+n
	}
	parameters[2*v] = "σ²"
	slopes := make([][]float64, len(parameters))
	for i := range slopes {
		slopes[i] = make([]float64, features.Size())
	}
	c := f.cases[(len(f.cases)-1)/2]
	at := len(c.Series.Filtered) / 2
	if err := features.Jacobian(slopes, c.Series.Filtered[at]); err != nil {
		return err
	}
	m := kernelext.Matrix{Label: "size of the derivative", Columns: parameters, Log: true}
	for k, text := range candidates {
		for i, p := range parameters {
			row := make([]float64, len(parameters))
			for j := range parameters {
				row[j] = math.Abs(slopes[j][k*len(parameters)+i])
			}
			m.Rows, m.Values = append(m.Rows, text+":  d"+p+"/dt"), append(m.Values, row)
		}
	}
	svg, err := kernelext.DrawMatrix(kernelext.Style{Title: fmt.Sprintf("Derivatives of the approximations by the parameters, %s receptors, t = %s s; white is 0",
		c.Name(), short(c.Series.Times[at]))}, m)
	return f.keep("jacobian.svg", svg, err)
}
