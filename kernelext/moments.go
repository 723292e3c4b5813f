package kernelext

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// DrawMoments draws mean (upper row) and standard deviation (lower row) of
// every species against time. The first answer is a line, the others are signs
// with bars of ±2 standard errors where they rest on samples. Species stand
// side by side, so no more than four fit.
func DrawMoments(s Style, answers ...Answer) ([]byte, error) {
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	axis, title := s.timeAxis(len(species))
	rows, err := momentRows(species, axis, columnWidth(width, len(species)), answers)
	if err != nil {
		return nil, err
	}
	f := figure{
		legend: legend{title: title, rows: sourceRows(answers)},
		grid:   grid{rows: rows, heights: []vg.Length{rowHeight, rowHeight}},
		alt:    "Mean and standard deviation against time of " + strings.Join(species, ", ") + ": " + labels(answers) + ".",
	}
	return f.svg()
}

// momentRows are the panels of the means and, below them, of the standard
// deviations, one column per species.
func momentRows(species []string, axis string, column vg.Length, answers []Answer) ([][]panel, error) {
	rows := make([][]panel, 2)
	for j, name := range species {
		mean := newPlot(name, "", "")
		sd := newPlot("", axis, "")
		if j == 0 {
			mean.Y.Label.Text, sd.Y.Label.Text = "mean count (molecules)", "standard deviation"
		}
		for i, a := range answers {
			means, sds, err := a.moments(name)
			if err != nil {
				return nil, err
			}
			mean.Add(series{markOf(i), means, signRadius})
			sd.Add(series{markOf(i), sds, signRadius})
		}
		if column < wideColumn {
			mean.X.Tick.Marker, sd.X.Tick.Marker = roundTicks{few: true}, roundTicks{few: true}
		}
		fromZero(mean)
		fromZero(sd)
		rows[0], rows[1] = append(rows[0], mean), append(rows[1], sd)
	}
	return rows, nil
}

const (
	// maxColumns is how many panels fit side by side.
	maxColumns = 4
	// signRadius is the usual size of signs.
	signRadius = vg.Length(2.6)
)

// moments returns mean and standard deviation of a species over time.
func (a Answer) moments(species string) (means, sds []point, err error) {
	for _, snap := range a.Snapshots {
		i, err := a.index(snap.Dist, species)
		if err != nil {
			return nil, nil, err
		}
		m := snap.Dist.Moment(i)
		means = append(means, newPoint(snap.Time, m.Mean, 2*m.MeanSE))
		sds = append(sds, newPoint(snap.Time, m.SD, 2*m.SDSE))
	}
	return means, sds, nil
}

// fromZero lets the axis of a quantity that is never negative begin at 0.
func fromZero(p panel) {
	p.Y.Min = 0
	p.Y.Max *= 1.05
	if p.Y.Max <= 0 {
		p.Y.Max = 1
	}
}

// sourceRows are legend rows that name the answers.
func sourceRows(answers []Answer) []legendRow {
	rows := make([]legendRow, len(answers))
	for i, a := range answers {
		rows[i] = legendRow{mark: markOf(i), text: a.samples()}
		if i > 0 && a.Snapshots[0].Dist.Samples() > 0 {
			rows[i].text += ", bars ±2 standard errors"
		}
	}
	return rows
}

func labels(answers []Answer) string {
	names := make([]string, len(answers))
	for i, a := range answers {
		names[i] = a.samples()
	}
	return strings.Join(names, "; ")
}
