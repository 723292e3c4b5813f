package kernelext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot/vg"
)

// usualDiagnostics are those worth a panel if nobody chose: of networks, of
// projections, and of trajectories.
var usualDiagnostics = []string{"loss", "ess", "leak", "kl_bound", "local_error", "truncation_bound", "kl", "states", "runs"}

// masses are the diagnostics that are probability: what is less than the last
// digit of 1 is none.
var masses = []string{"leak", "lost", "truncation_bound"}

const lastDigit = 1e-16

// DrawDiagnostics draws what solvers report about their own accuracy against
// time: one panel a name, three in a row, on a logarithmic axis where values
// differ much. No names means the usual ones that any answer has.
func DrawDiagnostics(s Style, names []string, answers ...Answer) ([]byte, error) {
	if _, err := check(answers, nil); err != nil {
		return nil, err
	}
	histories := make([]history, len(answers))
	for i, a := range answers {
		histories[i].label = a.samples()
		for _, snap := range a.Snapshots {
			histories[i].add(snap.Time, snap.Diagnostics)
		}
	}
	return drawHistories(s, s.timeLabel(), names, histories)
}

// history is how numbers with names changed.
type history struct {
	label string
	at    []float64
	lists []dist.Diagnostics
}

func (h *history) add(at float64, d dist.Diagnostics) {
	h.at, h.lists = append(h.at, at), append(h.lists, d)
}

// series is the history of one name. Distances and moments of species are
// measured at output times and repeated in the steps after them: each is taken
// once.
func (h history) series(name string) Series {
	r := Series{Label: h.label}
	for i, d := range h.lists {
		v, ok := d.Get(name)
		if again := len(r.Y) > 0 && r.Y[len(r.Y)-1] == v && ofSpecies(name); ok && !again {
			r.X, r.Y = append(r.X, h.at[i]), append(r.Y, v)
		}
	}
	return r
}

// What begins the names of distances to an exact answer and of means, as in
// "D(X)" and "mean(X)".
const (
	distancePrefix = "D("
	meanPrefix     = "mean("
)

// ofSpecies says whether a measurement is of one species.
func ofSpecies(name string) bool {
	return strings.HasPrefix(name, distancePrefix) || strings.HasPrefix(name, meanPrefix)
}

// drawHistories draws one panel a name.
func drawHistories(s Style, axis string, names []string, histories []history) ([]byte, error) {
	known := map[string]bool{}
	var listed []string
	for _, h := range histories {
		for _, d := range h.lists {
			for _, v := range d {
				if finite(v.Value) && !known[v.Name] {
					known[v.Name] = true
					listed = append(listed, v.Name)
				}
			}
		}
	}
	if len(names) == 0 {
		for _, name := range usualDiagnostics {
			if known[name] {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			names = listed[:min(len(listed), 6)]
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%w: no diagnostics", ErrNothing)
	}
	charts := make([]Chart, len(names))
	for i, name := range names {
		if !known[name] {
			slices.Sort(listed)
			return nil, fmt.Errorf("%w: there is no diagnostic %q, only %s", ErrNothing, name, strings.Join(listed, ", "))
		}
		charts[i] = Chart{Title: name, X: axis}
		if slices.Contains(masses, name) {
			charts[i].least = lastDigit
		}
		for _, h := range histories {
			charts[i].Series = append(charts[i].Series, h.series(name))
		}
		charts[i].LogY = wide(charts[i])
	}
	return chartGrid(s, charts)
}

// panelHeight is that of a small panel among many.
const panelHeight = 4.4 * vg.Centimeter

// chartGrid draws charts with the same series in rows of two or three.
func chartGrid(s Style, charts []Chart) ([]byte, error) {
	columns, height := min(3, len(charts)), panelHeight
	switch len(charts) {
	case 1, 2:
		height = chartHeight
	case 4:
		columns = 2
	}
	f := figure{legend: legend{title: s.Title}}
	var labels []string
	for i, r := range charts[0].Series {
		labels = append(labels, r.Label)
		if r.Label != "" {
			f.legend.rows = append(f.legend.rows, r.row(i))
		}
	}
	described := make([]string, len(charts))
	for i, c := range charts {
		if i%columns == 0 {
			f.grid.rows = append(f.grid.rows, nil)
			f.grid.heights = append(f.grid.heights, height)
		}
		if i+columns < len(charts) {
			c.X = "" // the axis below says it
		}
		p, err := c.panel(labels, columnWidth(width, columns))
		if err != nil {
			return nil, err
		}
		last := len(f.grid.rows) - 1
		f.grid.rows[last] = append(f.grid.rows[last], p)
		described[i] = c.Title
	}
	f.grid.columns = columns
	f.alt = strings.TrimPrefix(fmt.Sprintf("%s. %s against %s: %s.", s.Title, strings.Join(described, ", "), charts[len(charts)-1].X, strings.Join(labels, "; ")), ". ")
	return f.svg()
}
