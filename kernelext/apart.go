package kernelext

import (
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"gonum.org/v1/plot/vg"
)

// DrawDistances draws the Hellinger distance of every other answer to the first
// against time, one panel a species, with the noise floor as a dashed line of
// the same colour: a distance on its floor is what sampling alone gives.
func DrawDistances(s Style, answers ...Answer) ([]byte, error) {
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	if len(answers) < 2 {
		return nil, fmt.Errorf("%w: give an answer beside the reference", ErrNothing)
	}
	axis, title := s.timeAxis(len(species))
	charts := make([]Chart, len(species))
	for j, name := range species {
		charts[j] = Chart{Title: name, X: axis}
	}
	charts[0].Y = "Hellinger distance"
	var rows []legendRow
	for i, a := range answers[1:] {
		compared, err := run.Compare(answers[0].Snapshots, a.Snapshots)
		if err != nil {
			return nil, err
		}
		floor := false
		for j, name := range species {
			value, noise := Series{Points: true}, Series{}
			for _, r := range compared.Rows {
				if r.Species != name {
					continue
				}
				value.X, value.Y = append(value.X, r.Time), append(value.Y, r.Hellinger.Value)
				if r.Hellinger.Floor > 0 {
					noise.X, noise.Y = append(noise.X, r.Time), append(noise.Y, r.Hellinger.Floor)
					floor = true
				}
			}
			charts[j].Series = append(charts[j].Series, value, noise)
		}
		text := a.samples()
		if floor {
			text += ", dashed: noise floor"
		}
		rows = append(rows, legendRow{mark: markOf(i + 1), text: text})
	}
	f := figure{legend: legend{title: title, rows: rows}, grid: grid{rows: make([][]panel, 1), heights: []vg.Length{chartHeight}}}
	for _, c := range charts {
		c.LogY = wide(c)
		f.grid.rows[0] = append(f.grid.rows[0], distancePanel(c, columnWidth(width, len(species))))
	}
	f.alt = "Hellinger distance to " + answers[0].samples() + " against time of " + strings.Join(species, ", ") + ": " + rowsText(rows) + "."
	return f.svg()
}

// wide says whether the values of a chart ask for a logarithmic axis: none is
// negative, and those above 0 span more than a factor of 20.
func wide(c Chart) bool {
	low, high := 0.0, 0.0
	for _, r := range c.Series {
		for _, v := range r.Y {
			switch {
			case !finite(v):
				continue
			case v < 0:
				return false
			case v == 0 && c.least == 0: // left out of a logarithmic axis
				continue
			}
			switch v = max(v, c.least); {
			case low == 0 || v < low:
				low = v
			}
			high = max(high, v)
		}
	}
	return high > 20*low
}

// distancePanel draws series in pairs: signs, and the dashed floor below them.
func distancePanel(c Chart, column vg.Length) panel {
	p := newPlot(c.Title, c.X, c.Y)
	p.X.Tick.Marker = roundTicks{few: column < wideColumn}
	if c.LogY {
		p.Y.Tick.Marker = logTicks{}
	}
	for i, r := range c.Series {
		m := markOf(i/2 + 1)
		points := c.points(r)
		if len(points) == 0 {
			continue
		}
		style := m.line()
		if r.Points {
			p.Add(trail{style, points}, series{m, points, signRadius})
			continue
		}
		style.Dashes = []vg.Length{3, 2}
		p.Add(trail{style, points})
	}
	c.pad(p)
	if !c.LogY {
		fromZero(p)
	}
	return p
}
