package kernelext

import (
	"strings"

	"gonum.org/v1/plot/vg"
)

// DrawBands draws the mean of every species against time with a band of one
// standard deviation to both sides, which is how far single counts spread, not
// an error. The other answers are signs with bars of one standard deviation.
func DrawBands(s Style, answers ...Answer) ([]byte, error) {
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	axis, title := s.timeAxis(len(species))
	f := figure{
		legend: legend{title: title},
		grid:   grid{rows: make([][]panel, 1), heights: []vg.Length{chartHeight}},
		alt:    "Mean and standard deviation against time of " + strings.Join(species, ", ") + ": " + labels(answers) + ".",
	}
	for i, a := range answers {
		text := a.samples() + ": mean, bars ±1 standard deviation"
		if i == 0 {
			text = a.samples() + ": mean, band ±1 standard deviation"
		}
		f.legend.rows = append(f.legend.rows, legendRow{mark: markOf(i), text: text})
	}
	for j, name := range species {
		p := newPlot(name, axis, "")
		if j == 0 {
			p.Y.Label.Text = "count (molecules)"
		}
		if columnWidth(width, len(species)) < wideColumn {
			p.X.Tick.Marker = roundTicks{few: true}
		}
		for i, a := range answers {
			means, sds, err := a.moments(name)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				p.Add(spread(means, sds))
			}
			for k := range means {
				means[k].bar = 0
				if i > 0 {
					means[k].bar = sds[k].y
				}
			}
			p.Add(series{markOf(i), means, signRadius})
		}
		low := min(0, p.Y.Min)
		fromZero(p)
		p.Y.Min = 1.05 * low // mean − sd of a lopsided law may lie below 0
		f.grid.rows[0] = append(f.grid.rows[0], p)
	}
	return f.svg()
}

// spread is the band of one standard deviation around means.
func spread(means, sds []point) ribbon {
	b := ribbon{fill: shade}
	for i, m := range means {
		b.x, b.lower, b.over = append(b.x, m.x), append(b.lower, m.y-sds[i].y), append(b.over, m.y+sds[i].y)
	}
	return b
}
