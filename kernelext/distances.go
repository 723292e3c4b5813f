package kernelext

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Distances returns a table of how far the other answers are from the first:
// per time, species and answer the Hellinger distance and the total variation,
// each beside its noise floor, and the differences of mean and standard
// deviation beside their standard errors. No times means all that two answers
// have in common; Style.Species chooses the species.
func Distances(s Style, times []float64, answers ...Answer) (Table, error) {
	species, err := check(answers, s.Species)
	if err != nil {
		return Table{}, err
	}
	t := Table{
		Caption: "Distances to " + answers[0].samples() + ", with what sampling alone would give in brackets",
		Header:  []string{s.timeLabel(), "species", "answer", "Hellinger", "total variation", "Δ mean (s.e.)", "Δ sd (s.e.)"},
	}
	for _, a := range answers[1:] {
		c, err := run.Compare(answers[0].Snapshots, a.Snapshots)
		if err != nil {
			return Table{}, fmt.Errorf("kernelext: %s: %w", a.Label, err)
		}
		for _, r := range c.Rows {
			if !slices.Contains(species, r.Species) || len(times) > 0 && !slices.ContainsFunc(times, near(r.Time)) {
				continue
			}
			t.Add(r.Time, r.Species, a.samples(), dist.Distance(r.Hellinger), dist.Distance(r.TotalVariation), change(r.Mean), change(r.SD))
		}
	}
	return t, nil
}

// change writes a difference with its standard error, if it has one.
func change(d run.Difference) string {
	sign := "+"
	if d.Value < 0 {
		sign = "−"
	}
	return sign + withNoise(math.Abs(d.Value), d.SE)
}

// withNoise writes a value with the size of its noise in brackets, if any.
func withNoise(v, noise float64) string {
	if noise == 0 {
		return fmt.Sprintf("%.2g", v)
	}
	return fmt.Sprintf("%.2g (%.2g)", v, noise)
}

// Diagnostics returns a table of what a solver reports about its own accuracy,
// one row per snapshot. The names choose the columns; none means all that the
// last snapshot has.
func Diagnostics(s Style, a Answer, names ...string) (Table, error) {
	if _, err := check([]Answer{a}, nil); err != nil {
		return Table{}, err
	}
	if len(names) == 0 {
		for _, d := range a.Snapshots[len(a.Snapshots)-1].Diagnostics {
			names = append(names, d.Name)
		}
	}
	t := Table{Caption: a.Label + ": what the solver reports about itself", Header: append([]string{s.timeLabel()}, names...)}
	for _, snap := range a.Snapshots {
		row := []any{snap.Time}
		for _, name := range names {
			if v, ok := snap.Diagnostics.Get(name); ok {
				row = append(row, fmt.Sprintf("%.2g", v))
			} else {
				row = append(row, "")
			}
		}
		t.Add(row...)
	}
	return t, nil
}
