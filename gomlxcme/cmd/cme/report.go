package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// table prints right-aligned columns.
func table(w io.Writer, header []string, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{header}, rows...) {
		if _, err := fmt.Fprintln(t, strings.Join(row, "\t")+"\t"); err != nil {
			return err
		}
	}
	return t.Flush()
}

// leftTable prints left-aligned columns, for words.
func leftTable(w io.Writer, header []string, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		if _, err := fmt.Fprintln(t, strings.TrimRight(strings.Join(row, "\t"), "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}

// short prints a number for people.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// rough prints an error or a noise floor, of which two digits matter.
func rough(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// title is one line that says what was computed.
func title(r run.Record) string {
	text := r.Command + " of " + r.Model.Name
	if runs, ok := r.Settings["runs"]; ok {
		text += fmt.Sprintf(", %v runs", runs)
	}
	if r.Seed != nil {
		text += fmt.Sprintf(", seed %d", *r.Seed)
	}
	return text
}

// printResult prints moments and diagnostics of every output time.
func printResult(w io.Writer, r run.Record, snapshots []dist.Snapshot) error {
	if _, err := fmt.Fprintln(w, title(r)); err != nil {
		return err
	}
	var rows [][]string
	for _, s := range snapshots {
		for i, name := range s.Dist.Species() {
			m := s.Dist.Moment(i)
			rows = append(rows, []string{short(s.Time), name, short(m.Mean), rough(m.MeanSE), short(m.SD), rough(m.SDSE)})
		}
		for _, o := range s.Observables {
			m := o.Moment
			rows = append(rows, []string{short(s.Time), o.Name, short(m.Mean), rough(m.MeanSE), short(m.SD), rough(m.SDSE)})
		}
	}
	if err := table(w, []string{"time", "species", "mean", "mean_se", "sd", "sd_se"}, rows); err != nil {
		return err
	}
	return printDiagnostics(w, snapshots)
}

// printDiagnostics prints one line an output time, with a column for every name in the order of appearance.
func printDiagnostics(w io.Writer, snapshots []dist.Snapshot) error {
	var names []string
	known := map[string]bool{}
	for _, s := range snapshots {
		for _, d := range s.Diagnostics {
			if !known[d.Name] {
				known[d.Name] = true
				names = append(names, d.Name)
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	var rows [][]string
	for _, s := range snapshots {
		row := []string{short(s.Time)}
		for _, name := range names {
			cell := ""
			if v, ok := s.Diagnostics.Get(name); ok {
				cell = short(v)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return table(w, append([]string{"time"}, names...), rows)
}

// printSummary says in a few lines what lies in a result directory, with the diagnostics of the last output time.
func printSummary(w io.Writer, r run.Record, dir string) error {
	last := r.Times[len(r.Times)-1]
	text := fmt.Sprintf("%s: %d output times to t = %s in %s s\n", title(r), len(r.Times), short(last.Time), rough(r.WallSeconds))
	var parts []string
	for _, d := range last.Diagnostics {
		parts = append(parts, d.Name+" "+short(d.Value))
	}
	if len(parts) > 0 {
		text += "at the end: " + strings.Join(parts, ", ") + "\n"
	}
	_, err := fmt.Fprintf(w, "%swritten to %s\n", text, dir)
	return err
}
