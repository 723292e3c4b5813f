package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/spf13/cobra"
)

// Files that --absorb adds to a result directory.
const (
	survivalName = "survival.csv"
	passageName  = "first_passage.csv"
)

// absorption is --absorb: the basin whose states are never left, and what was found out about it.
type absorption struct {
	text     string
	basin    rare.Basin
	survival []rare.Survival
	passages *ssa.Passages // for ssa
}

func (a *absorption) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.text, "absorb", "", "hold what enters the `BASIN`, as in 'X1<=15,X2<=15' or the name of a --basin, and report survival, rates and first passages")
}

func (a *absorption) given() bool { return a.text != "" }

// read understands the basin of a task, and says so in the record's settings.
func (a *absorption) read(cmd *cobra.Command, t *task, named *basins, settings map[string]any) error {
	if !cmd.Flags().Changed("absorb") {
		return nil
	}
	known := false
	if a.basin, known = named.find(a.text); !known {
		var err error
		if a.basin, err = readBasin("--absorb", a.text, t.compiled.SpeciesNames(), t.compiled.Caps()); err != nil {
			return err
		}
	}
	if a.basin.Everything(t.compiled.Caps()) {
		return usagef("--absorb: the basin %s holds all states; bound a species", a.basin)
	}
	settings["absorb"] = a.basin.String()
	return nil
}

// draw finds the first passages of the trajectories that the ensemble consists of, and adds what was absorbed to its snapshots.
func (a *absorption) draw(ctx context.Context, t *task, s ssa.Settings, snapshots []dist.Snapshot, rows *basins) (err error) {
	s.Hook, s.Resume, s.Checkpoint = nil, nil, nil
	if a.passages, err = ssa.FirstPassages(ctx, t.compiled, s, a.basin.Contains); err != nil {
		return err
	}
	a.survival = rare.SampledSurvival(a.passages, t.times)
	for i := range snapshots {
		snapshots[i].Diagnostics.Set("absorbed", 1-a.survival[i].Value)
	}
	a.note(snapshots, rows, rare.Trajectories)
	return nil
}

// project takes the survival from a projection, and the rate of entering from the flux into the basin.
func (a *absorption) project(t *task, r *fsp.Result, rows *basins) {
	a.survival = rare.ProjectedSurvival(r)
	a.note(r.Snapshots, rows, rare.Projection)
	for i := range r.Snapshots {
		s := &r.Snapshots[i]
		if law, ok := s.Dist.(*dist.Table); ok && a.survival[i].Value > 0 {
			v := rare.Flux(law, t.compiled, a.basin, s.Time) / a.survival[i].Value
			rows.note(s, "flux-rate", rare.Estimate{Value: v, Low: v, High: v, Method: rare.Projection})
		}
	}
}

// ask takes survival and rate from what the solver of a network found.
func (a *absorption) ask(snapshots []dist.Snapshot, rows *basins) {
	for _, s := range snapshots {
		v, ok := s.Diagnostics.Get("survival")
		if !ok { // time 0
			v = 1
		}
		a.survival = append(a.survival, rare.Survival{Time: s.Time, Value: v})
	}
	a.note(snapshots, rows, rare.Hazard)
	for i := range snapshots {
		if v, ok := snapshots[i].Diagnostics.Get("entry_rate"); ok {
			rows.note(&snapshots[i], "flux-rate", rare.Estimate{Value: v, Low: v, High: v, Method: rare.FullSum})
		}
	}
}

// note adds survival, the rate by its slope, and the mean time of first passage to the rows.
func (a *absorption) note(snapshots []dist.Snapshot, rows *basins, m rare.Method) {
	for i, s := range a.survival {
		e := rare.Estimate{Value: s.Value, Low: max(0, s.Value-s.Bound), High: min(1, s.Value+s.Bound), Method: m}
		if m == rare.Trajectories {
			e = rare.Share(int(math.Round(s.Value*float64(len(a.passages.Times)))), len(a.passages.Times))
		}
		rows.note(&snapshots[i], "survival", e)
		before := rare.Survival{Value: 1}
		if i > 0 {
			before = a.survival[i-1]
		}
		if s.Value > 0 && s.Time > before.Time {
			rows.note(&snapshots[i], "rate", rare.Slope(before, s, m))
		}
	}
	last := len(a.survival) - 1
	switch {
	case last < 1:
	case m != rare.Trajectories:
		if e := rare.MeanPassage(a.survival, m); e.Value > 0 && !math.IsInf(e.Value, 0) {
			rows.note(&snapshots[last], "mean-first-passage-time", e)
		}
	case !slices.ContainsFunc(a.passages.Times, func(t float64) bool { return math.IsInf(t, 1) }):
		rows.note(&snapshots[last], "mean-first-passage-time", rare.Averaged(a.passages.Times, m))
	}
}

// write adds the files to the result directory, if there is one.
func (a *absorption) write(dir *run.Dir) error {
	if dir == nil {
		return nil
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	rows := [][]string{{"time", "survival", "se", "bound"}}
	for _, s := range a.survival {
		rows = append(rows, []string{number(s.Time), number(s.Value), number(s.SE), number(s.Bound)})
	}
	if err := writeCSV(dir, survivalName, rows); err != nil || a.passages == nil {
		return err
	}
	rows = [][]string{{"trajectory", "time"}}
	for i, t := range a.passages.Times {
		text := "inf" // it had not entered by the end
		if !math.IsInf(t, 1) {
			text = number(t)
		}
		rows = append(rows, []string{strconv.Itoa(i), text})
	}
	return writeCSV(dir, passageName, rows)
}

func writeCSV(dir *run.Dir, name string, rows [][]string) error {
	return run.WriteFile(filepath.Join(dir.Path(), name), func(w io.Writer) error { return csv.NewWriter(w).WriteAll(rows) })
}

// report prints the survival curve, if all is wanted, and what follows from it.
func (a *absorption) report(w io.Writer, all bool) error {
	if len(a.survival) == 0 {
		return nil
	}
	if all {
		rows := make([][]string, len(a.survival))
		for i, s := range a.survival {
			rows[i] = []string{short(s.Time), short(s.Value), rough(s.SE), rough(s.Bound)}
		}
		fmt.Fprintf(w, "\nprobability that %s has not been entered\n", a.basin)
		if err := table(w, []string{"time", "survival", "se", "bound"}, rows); err != nil {
			return err
		}
	}
	if a.passages != nil {
		return a.reportPassages(w)
	}
	if n := len(a.survival); n > 1 {
		if rate := rare.EscapeRate(a.survival); rate > 0 {
			_, err := fmt.Fprintf(w, "rate of entering %s between t = %s and %s: %s\n", a.basin, short(a.survival[n-2].Time), short(a.survival[n-1].Time), short(rate))
			return err
		}
	}
	return nil
}

func (a *absorption) reportPassages(w io.Writer) error {
	times := slices.Sorted(slices.Values(a.passages.Times))
	entered := 0
	for _, t := range times {
		if !math.IsInf(t, 1) {
			entered++
		}
	}
	text := fmt.Sprintf("%d of %d trajectories entered %s by t = %s", entered, len(times), a.basin, short(a.passages.End))
	if entered == len(times) {
		mean, square := 0.0, 0.0
		for _, t := range times {
			mean += t / float64(len(times))
		}
		for _, t := range times {
			square += (t - mean) * (t - mean)
		}
		text += ", after " + short(mean) + " in the mean"
		if n := float64(len(times)); n > 1 {
			text += " (se " + rough(math.Sqrt(square/(n-1)/n)) + ")"
		}
	}
	if median := times[(len(times)-1)/2]; !math.IsInf(median, 1) {
		text += ", half of them by " + short(median)
	}
	half := a.passages.End / 2
	if rate, se := a.passages.Rate(half); rate > 0 {
		text += fmt.Sprintf("\nrate of entering after t = %s, if it is steady by then: %s (se %s)", short(half), short(rate), rough(se))
	}
	_, err := fmt.Fprintln(w, text)
	return err
}
