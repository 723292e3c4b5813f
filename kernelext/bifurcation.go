package kernelext

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot/vg"
)

// Point is an answer for one value of a parameter.
type Point struct {
	Value  float64
	Answer Answer
}

// DrawBifurcation draws how the marginal distribution of a species at time t
// depends on a parameter: one column a value, the colour the logarithm of the
// probability, and a ring on every mode, which is a count more probable than
// the smooth law around it. Where one ring becomes two the system is bistable.
// Columns have one width however far apart the values are.
func DrawBifurcation(s Style, parameter, species string, t float64, points ...Point) ([]byte, error) {
	if len(points) == 0 {
		return nil, fmt.Errorf("%w: give answers for at least one value of %s", ErrNothing, parameter)
	}
	points = slices.Clone(points)
	slices.SortStableFunc(points, func(a, b Point) int {
		switch {
		case a.Value < b.Value:
			return -1
		case a.Value > b.Value:
			return 1
		}
		return 0
	})
	laws, values, top := make([]dist.Marginal, len(points)), make([]float64, len(points)), 1e-300
	for i, p := range points {
		all, err := marginals([]Answer{p.Answer}, t, []string{species})
		if err != nil {
			return nil, fmt.Errorf("%s = %s: %w", parameter, number(p.Value), err)
		}
		laws[i], values[i] = all[0][0], p.Value
		top = max(top, slices.Max(laws[i].P))
	}
	scale := newShades("probability", top*math.Pow(10, -colourDecades), top, true)
	high := 0
	for _, l := range laws {
		for n, p := range l.P {
			if p >= scale.low {
				high = max(high, n)
			}
		}
	}
	cells := make([][]float64, high+1)
	var modes []point
	for n := range cells {
		for i, l := range laws {
			cells[n] = append(cells[n], at(l, n))
			if n == 0 {
				for _, m := range modesOf(l) {
					modes = append(modes, point{x: float64(i), y: float64(m)})
				}
			}
		}
	}
	p := newPlot("", parameter, "count of "+species+" (molecules)")
	p.X.Tick.Marker, p.Y.Tick.Marker = indexTicks{values, 8}, roundTicks{whole: true}
	box := [4]float64{-0.5, float64(len(points)) - 0.5, -0.5, float64(high) + 0.5}
	p.Add(raster{scale.cells(cells), box}, series{mark{vermilion, ring}, modes, signRadius})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = box[0], box[1], box[2], box[3]
	counts := make([]string, len(laws))
	for i, l := range laws {
		counts[i] = fmt.Sprintf("%s: %d", number(values[i]), len(modesOf(l)))
	}
	f := figure{
		legend: legend{title: s.Title, rows: []legendRow{{mark: mark{vermilion, ring}, text: "mode of the law of " + species + " at " + s.moment(t)}}},
		grid: grid{
			rows: [][]panel{{p, scale.bar()}}, heights: []vg.Length{8 * vg.Centimeter},
			widths: []vg.Length{width - 2*margin - barWidth, barWidth},
		},
		alt: fmt.Sprintf("Marginal distribution of %s at %s against %s. Number of modes by value: %s.", species, s.moment(t), parameter, strings.Join(counts, ", ")),
	}
	return f.svg()
}

// modesOf returns the counts at which the law, smoothed over its noise, has a
// peak that stands out: at least 1 % of the highest, and parted from any higher
// one by a valley of less than 0.8 of its height.
func modesOf(m dist.Marginal) []int {
	law := smooth(m)
	if len(law) == 0 {
		return nil
	}
	top := slices.Max(law)
	var modes []int
	for n, p := range law {
		if p < 0.01*top || n > 0 && law[n-1] >= p || n+1 < len(law) && law[n+1] > p {
			continue
		}
		if stands(law, n, -1) && stands(law, n, 1) {
			modes = append(modes, n)
		}
	}
	return modes
}

// stands says whether on the way from a peak to one side a valley comes before
// anything higher.
func stands(law []float64, peak, step int) bool {
	least := law[peak]
	for n := peak + step; n >= 0 && n < len(law); n += step {
		if law[n] > law[peak] {
			return least < 0.8*law[peak]
		}
		least = min(least, law[n])
	}
	return true
}

// smooth averages a law that rests on samples over a window of about a third
// of its standard deviation; an exact law is left as it is.
func smooth(m dist.Marginal) []float64 {
	half := 0
	if m.N > 0 {
		half = int(m.Moment().SD / 6)
	}
	out := make([]float64, len(m.P))
	for n := range out {
		for k := n - half; k <= n+half; k++ {
			out[n] += at(m, k) / float64(2*half+1)
		}
	}
	return out
}
