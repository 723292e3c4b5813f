package kernelext

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Range is the lowest and the highest value of something that oscillates, with
// their standard errors, at one value of a parameter.
type Range struct {
	At            float64
	Low, High     float64
	LowSE, HighSE float64
}

// Ranges is a set of ranges from one source.
type Ranges struct {
	Label  string
	Ranges []Range
}

// DrawRanges draws ranges of oscillation against a parameter: for each value a
// line from the lowest to the highest, with bars of ±2 standard errors at its
// ends. Sets stand a little beside each other, so that none covers another. x
// and y are the labels of the axes, with units.
func DrawRanges(s Style, x, y string, sets ...Ranges) ([]byte, error) {
	p := newPlot("", x, y)
	low, high, n := 0.0, 0.0, 0
	for _, set := range sets {
		for _, r := range set.Ranges {
			if n == 0 {
				low, high = r.At, r.At
			}
			low, high, n = min(low, r.At), max(high, r.At), n+1
		}
	}
	if n == 0 {
		return nil, fmt.Errorf("%w: give at least one range", ErrNothing)
	}
	f := figure{legend: legend{title: s.Title}, grid: grid{heights: []vg.Length{1.25 * chartHeight}}}
	names := make([]string, len(sets))
	for i, set := range sets {
		m := signOf(i)
		aside := vg.Length(5) * (vg.Length(i) - vg.Length(len(sets)-1)/2)
		p.Add(spans{set.Ranges, m, aside})
		f.legend.rows = append(f.legend.rows, legendRow{mark: m, text: set.Label})
		names[i] = set.Label
	}
	pad := 0.04 * (high - low)
	if pad == 0 {
		pad = 1
	}
	p.X.Min, p.X.Max = low-pad, high+pad
	room := 0.04 * (p.Y.Max - p.Y.Min)
	p.Y.Min, p.Y.Max = p.Y.Min-room, p.Y.Max+room
	f.grid.rows = [][]panel{{p}}
	f.alt = strings.TrimPrefix(fmt.Sprintf("%s. Ranges of %s against %s: %s.", s.Title, y, x, strings.Join(names, ", ")), ". ")
	return f.svg()
}

// spans draws ranges, moved sideways by a few points.
type spans struct {
	ranges []Range
	mark   mark
	aside  vg.Length
}

// DataRange is the extent of the ranges with their bars.
func (s spans) DataRange() (xmin, xmax, ymin, ymax float64) {
	return series{points: s.ends()}.DataRange()
}

// ends are the lowest and the highest values with their bars.
func (s spans) ends() []point {
	var list []point
	for _, r := range s.ranges {
		list = append(list, newPoint(r.At, r.Low, 2*r.LowSE), newPoint(r.At, r.High, 2*r.HighSE))
	}
	return list
}

// Plot draws lines, then signs and bars at their ends.
func (s spans) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var lines, signs, bars vg.Path
	for i, e := range s.ends() {
		at := vg.Point{X: x(e.x) + s.aside, Y: y(e.y)}
		if i%2 == 0 {
			lines.Move(at)
		} else {
			lines.Line(at)
		}
		s.mark.shape.trace(&signs, at, signRadius)
		if e.bar > 0 {
			for _, end := range []float64{e.y - e.bar, e.y + e.bar} {
				bars.Move(vg.Point{X: at.X - 2.5, Y: y(end)})
				bars.Line(vg.Point{X: at.X + 2.5, Y: y(end)})
			}
			bars.Move(vg.Point{X: at.X, Y: y(e.y - e.bar)})
			bars.Line(vg.Point{X: at.X, Y: y(e.y + e.bar)})
		}
	}
	style := s.mark.line()
	for i, path := range []vg.Path{lines, signs, bars} {
		style.Width = vg.Points([]float64{0.5, 1, 0.7}[i])
		c.SetLineStyle(style)
		if len(path) > 0 {
			c.Stroke(path)
		}
	}
}
