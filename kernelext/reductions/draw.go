package reductions

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/kernelext"
)

// axis names the values in which conditions differ.
func axis(e study.Experiment) string {
	if e == study.Receptors {
		return "receptor subunits"
	}
	return "IP3 (µM)"
}

// Errors is a chart of the mean squared error against IP3 or the number of receptors: that of keeping the first value, the noise floor of series from so
// many runs, and for each kind the median over networks with a band from the best to the worst.
func Errors(s *study.Study, runs int, kinds ...*Kind) kernelext.Chart {
	kept, floor := kernelext.Series{Label: "first value kept"}, kernelext.Series{Label: fmt.Sprintf("noise floor of %d runs", runs)}
	c := kernelext.Chart{X: axis(s.Experiment), Y: "mean squared error", LogY: true}
	floors := Floors(s, runs)
	for _, x := range kinds[0].summaries(s.Experiment) {
		kept.X, kept.Y = append(kept.X, x.Value), append(kept.Y, x.Kept)
		floor.X, floor.Y = append(floor.X, x.Value), append(floor.Y, floors[x.Value])
	}
	c.Series = []kernelext.Series{kept, floor}
	for _, k := range kinds {
		line := kernelext.Series{}
		for _, x := range k.summaries(s.Experiment) {
			line.X, line.Y = append(line.X, x.Value), append(line.Y, x.Median)
			line.Low, line.High = append(line.Low, x.Best), append(line.High, x.Worst)
			line.Label = fmt.Sprintf("%s: median of %d networks, best to worst", k.Name, x.Networks)
		}
		c.Series = append(c.Series, line)
	}
	return c
}

// Floors are the noise floors of a study by its values, as means over the cases of a value.
func Floors(s *study.Study, runs int) map[float64]float64 {
	sum, n := map[float64]float64{}, map[float64]float64{}
	for _, c := range s.Cases {
		v := s.Experiment.Value(c.Condition)
		sum[v] += s.Floor(c, runs)
		n[v]++
	}
	for v := range sum {
		sum[v] /= n[v]
	}
	return sum
}

// Table is the same in numbers: one row a value, with median and error together of each kind; ✗ marks what is no better than keeping the first value.
func Table(s *study.Study, runs int, kinds ...*Kind) kernelext.Table {
	t := kernelext.Table{Caption: "Mean squared error of W and b along paths", Header: []string{axis(s.Experiment), "", "first value kept", "noise floor"}}
	var all [][]study.Summary
	for _, k := range kinds {
		t.Header = append(t.Header, k.Name+": median", k.Name+": together")
		all = append(all, k.summaries(s.Experiment))
	}
	floors := Floors(s, runs)
	for i, first := range all[0] {
		row := []any{first.Value, map[study.Role]string{study.Learned: "learned"}[first.Role], brief(first.Kept), brief(floors[first.Value])}
		for _, k := range all {
			row = append(row, marked(k[i].Median, first.Kept), marked(k[i].Together, first.Kept))
		}
		t.Add(row...)
	}
	for _, role := range []study.Role{study.Learned, study.Unseen} {
		total(&t, role, floors, all)
	}
	return t
}

// total adds the row of means over all values of a role, if there are any.
func total(t *kernelext.Table, role study.Role, floors map[float64]float64, all [][]study.Summary) {
	mean := func(k []study.Summary, get func(study.Summary) float64) float64 {
		sum, n := 0.0, 0.0
		for _, x := range k {
			if x.Role == role {
				sum, n = sum+get(x), n+1
			}
		}
		return sum / n
	}
	kept := mean(all[0], func(x study.Summary) float64 { return x.Kept })
	if math.IsNaN(kept) {
		return
	}
	row := []any{"mean", string(role), brief(kept), brief(mean(all[0], func(x study.Summary) float64 { return floors[x.Value] }))}
	for _, k := range all {
		row = append(row, marked(mean(k, func(x study.Summary) float64 { return x.Median }), kept), marked(mean(k, func(x study.Summary) float64 { return x.Together }), kept))
	}
	t.Add(row...)
}

// brief prints an error with two digits.
func brief(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return "diverged"
	}
	return fmt.Sprintf("%.1e", v)
}

func marked(v, kept float64) string {
	if v < kept {
		return brief(v)
	}
	return brief(v) + " ✗"
}

// Swings are the ranges of calcium in µM, lowest and highest mean ∓ standard deviation over the last times: those of the simulated parameters, and of each
// kind the mean over networks that did not diverge with its standard error. Values at which more than half of the networks diverged are left out.
func Swings(e study.Experiment, kinds ...*Kind) []kernelext.Ranges {
	known := kernelext.Ranges{Label: "simulated"}
	for _, x := range kinds[0].summaries(e) {
		known.Ranges = append(known.Ranges, kernelext.Range{At: x.Value, Low: x.Known.Min, High: x.Known.Max})
	}
	out := []kernelext.Ranges{known}
	for _, k := range kinds {
		r := kernelext.Ranges{}
		for _, x := range k.summaries(e) {
			r.Label = fmt.Sprintf("%s: mean of %d networks, ±2 standard errors", k.Name, x.Networks)
			if 2*x.Diverged <= x.Networks {
				r.Ranges = append(r.Ranges, kernelext.Range{At: x.Value, Low: x.Swing.Min, High: x.Swing.Max, LowSE: finite(x.SwingBand.Min / 1.96), HighSE: finite(x.SwingBand.Max / 1.96)})
			}
		}
		out = append(out, r)
	}
	return out
}

// finite is 0 for the spread of a single network.
func finite(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// Paths are charts of b of calcium, its standardised mean, against time, one a case: what was simulated beside the median of the networks of each kind
// with a band from the lowest to the highest. Networks that diverged are left out.
func Paths(s *study.Study, cases []study.Case, kinds ...*Kind) (charts []kernelext.Chart) {
	for _, c := range cases {
		chart := kernelext.Chart{Title: fmt.Sprintf("%g µM", c.Condition.IP3), X: "time (s)", Y: "b of calcium"}
		if s.Experiment == study.Receptors {
			chart.Title = fmt.Sprintf("%d subunits, %s", c.Condition.Receptors, chart.Title)
		}
		if len(charts) > 0 {
			chart.Y = ""
		}
		chart.Series = []kernelext.Series{simulated(c)}
		for _, k := range kinds {
			chart.Series = append(chart.Series, k.series(c))
		}
		charts = append(charts, chart)
	}
	return charts
}

// simulated are signs at some 20 of the times.
func simulated(c study.Case) kernelext.Series {
	s := kernelext.Series{Label: "simulated", Points: true}
	for t := 0; t < len(c.Series.Filtered); t += max(1, len(c.Series.Filtered)/20) {
		s.X, s.Y = append(s.X, c.Series.Times[t]), append(s.Y, c.Series.Filtered[t].B[0])
	}
	return s
}

func (k *Kind) series(c study.Case) kernelext.Series {
	s := kernelext.Series{Label: k.Name + ": median over networks, lowest to highest"}
	paths := k.paths[c.Condition]
	if len(paths) == 0 {
		return s
	}
	for t, at := range c.Series.Times {
		v := make([]float64, len(paths))
		for i, p := range paths {
			v[i] = p[t].B[0]
		}
		s.X, s.Y, s.Low, s.High = append(s.X, at), append(s.Y, study.Median(v)), append(s.Low, slices.Min(v)), append(s.High, slices.Max(v))
	}
	return s
}

// Parameters is a chart of how one parameter of cases moves, as it was simulated and filtered: one line a case.
func Parameters(name string, get func(reduced.Parameters) float64, cases ...study.Case) kernelext.Chart {
	chart := kernelext.Chart{X: "time (s)", Y: name}
	for _, c := range cases {
		line := kernelext.Series{Label: fmt.Sprintf("%g µM, %d subunits", c.Condition.IP3, c.Condition.Receptors)}
		for t, p := range c.Series.Filtered {
			line.X, line.Y = append(line.X, c.Series.Times[t]), append(line.Y, get(p))
		}
		chart.Series = append(chart.Series, line)
	}
	return chart
}
