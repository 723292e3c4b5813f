package kernelext

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// DrawParity draws means, and beside them standard deviations, of the other
// answers against those of the first: one sign for every species and time that
// both have, with bars of ±2 standard errors. On the diagonal they agree. The
// legend tells the root mean square of the differences. Axes are logarithmic
// where the values span more than two powers of ten.
func DrawParity(s Style, answers ...Answer) ([]byte, error) {
	species, err := check(answers, s.Species)
	if err != nil {
		return nil, err
	}
	if len(answers) < 2 {
		return nil, fmt.Errorf("%w: give an answer beside the reference", ErrNothing)
	}
	kinds := []string{"mean", "standard deviation"}
	charts := make([]Chart, len(kinds))
	for i, kind := range kinds {
		charts[i] = Chart{X: kind + ", " + answers[0].Label, Y: kind}
	}
	var rows []legendRow
	for i, a := range answers[1:] {
		pairs, err := parityPairs(answers[0], a, species)
		if err != nil {
			return nil, err
		}
		misses := make([]string, len(kinds))
		for k := range kinds {
			charts[k].Series = append(charts[k].Series, pairs[k])
			misses[k] = fmt.Sprintf("%.2g (%s)", rootMeanSquare(pairs[k]), kinds[k])
		}
		rows = append(rows, legendRow{mark: markOf(i + 1), text: a.samples() + ": rms difference " + strings.Join(misses, ", ")})
	}
	f := figure{legend: legend{title: s.Title, rows: rows}, grid: grid{rows: make([][]panel, 1), heights: []vg.Length{width / 2}}}
	for _, c := range charts {
		p := parityPanel(c)
		f.grid.rows[0] = append(f.grid.rows[0], p)
	}
	f.alt = fmt.Sprintf("Means and standard deviations of %s against those of %s. %s.", strings.Join(species, ", "), answers[0].samples(), rowsText(rows))
	return f.svg()
}

// parityPairs are means and standard deviations of two answers at the times
// that they have in common.
func parityPairs(first, other Answer, species []string) ([2]Series, error) {
	pairs := [2]Series{{Points: true}, {Points: true}}
	for _, snap := range first.Snapshots {
		there, err := other.At(snap.Time)
		if err != nil {
			continue
		}
		for _, name := range species {
			i, err := first.index(snap.Dist, name)
			if err != nil {
				return pairs, err
			}
			j, err := other.index(there.Dist, name)
			if err != nil {
				return pairs, err
			}
			p, q := snap.Dist.Moment(i), there.Dist.Moment(j)
			for k, v := range [2][3]float64{{p.Mean, q.Mean, q.MeanSE}, {p.SD, q.SD, q.SDSE}} {
				pairs[k].X, pairs[k].Y, pairs[k].Bars = append(pairs[k].X, v[0]), append(pairs[k].Y, v[1]), append(pairs[k].Bars, 2*v[2])
			}
		}
	}
	if len(pairs[0].X) == 0 {
		return pairs, fmt.Errorf("%w: %s and %s have no time in common", ErrTime, first.Label, other.Label)
	}
	return pairs, nil
}

func rootMeanSquare(pairs Series) float64 {
	sum := 0.0
	for i, x := range pairs.X {
		sum += (pairs.Y[i] - x) * (pairs.Y[i] - x)
	}
	return math.Sqrt(sum / float64(len(pairs.X)))
}

// parityPanel has the same range on both axes, and the diagonal.
func parityPanel(c Chart) panel {
	low, high := math.Inf(1), 0.0
	for _, r := range c.Series {
		for i := range r.X {
			for _, v := range []float64{r.X[i], r.Y[i]} {
				if high = max(high, v); v > 0 {
					low = min(low, v)
				}
			}
		}
	}
	c.LogX = low*100 < high
	c.LogY = c.LogX
	p := newPlot("", c.X, c.Y)
	from, to := -0.02*high, 1.05*high
	if c.LogX {
		from, to = math.Log10(low)-0.1, math.Log10(high)+0.1
		p.X.Tick.Marker, p.Y.Tick.Marker = logTicks{few: true}, logTicks{few: true}
	}
	if high == 0 { // all moments are 0
		from, to = -0.1, 1
	}
	p.Add(trail{style: lineOf(0), points: []point{{x: from, y: from}, {x: to, y: to}}})
	for i, r := range c.Series {
		p.Add(series{markOf(i + 1), c.points(r), signRadius})
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = from, to, from, to
	return p
}
