package kernelext

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ParallelAxis is one of several axes side by side, with a value for every line.
type ParallelAxis struct {
	Name   string // with its unit
	Values []float64
	Log    bool
}

// DrawParallel draws parallel coordinates: a line for every set of values, from
// axis to axis, in the colour of its value on the last one. Lines with a value
// that is no number are left out. Those with large values on the last axis are
// drawn last.
func DrawParallel(s Style, axes ...ParallelAxis) ([]byte, error) {
	if len(axes) < 2 {
		return nil, fmt.Errorf("%w: %d axes: give at least two", ErrNothing, len(axes))
	}
	n := len(axes[0].Values)
	for _, a := range axes {
		if len(a.Values) != n {
			return nil, fmt.Errorf("%w: %d values of %s and %d of %s", ErrShape, n, axes[0].Name, len(a.Values), a.Name)
		}
	}
	spans := make([]shades, len(axes))
	for i, a := range axes {
		var err error
		if spans[i], err = scaleOf(a.Name, a.Log, [][]float64{a.Values}); err != nil {
			return nil, err
		}
	}
	last := len(axes) - 1
	lines := &parallelLines{colours: spans[last]}
	for k := range n {
		line := make([]float64, len(axes))
		drawn := true
		for i, a := range axes {
			line[i] = spans[i].share(a.Values[k])
			drawn = drawn && finite(line[i])
		}
		if drawn {
			lines.add(line, axes[last].Values[k])
		}
	}
	if len(lines.heights) == 0 {
		return nil, fmt.Errorf("%w: no line has a number on every axis", ErrNothing)
	}
	p := newPlot("", "", "")
	names := make([]string, len(axes))
	for i, a := range axes {
		names[i] = a.Name
	}
	shown := slices.Clone(names)
	shown[last] = "" // the scale of colours beside it says it, and has room for it
	p.X.Tick.Marker = nameTicks(shown)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.3, float64(last)+0.3, -0.02, 1.02
	p.HideY()
	p.Add(lines, parallelScales(spans))
	f := figure{
		legend: legend{title: s.Title},
		grid: grid{
			rows:    [][]panel{{p, spans[last].bar()}},
			heights: []vg.Length{8 * vg.Centimeter},
			widths:  []vg.Length{width - 2*margin - barWidth, barWidth},
		},
	}
	f.alt = strings.TrimPrefix(fmt.Sprintf("%s. %d lines over %s, coloured by %s from %s to %s.", s.Title, len(lines.heights), strings.Join(names, ", "), names[last],
		number(spans[last].low), number(spans[last].high)), ". ")
	return f.svg()
}

// share is where a value lies on the scale, 0 to 1; NaN for one that cannot be
// drawn.
func (c shades) share(v float64) float64 {
	if c.log {
		if v <= 0 {
			return math.NaN()
		}
		return math.Log(v/c.low) / math.Log(c.high/c.low)
	}
	return (v - c.low) / (c.high - c.low)
}

// parallelLines are the lines, by rising value.
type parallelLines struct {
	heights [][]float64
	values  []float64
	colours shades
}

func (l *parallelLines) add(heights []float64, value float64) {
	at := len(l.values)
	for at > 0 && l.values[at-1] > value {
		at--
	}
	l.values = append(l.values[:at], append([]float64{value}, l.values[at:]...)...)
	l.heights = append(l.heights[:at], append([][]float64{heights}, l.heights[at:]...)...)
}

// Plot draws them.
func (l *parallelLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	thick := vg.Points(min(1.6, max(0.4, 40/float64(len(l.values)))))
	for k, heights := range l.heights {
		c.SetLineStyle(draw.LineStyle{Color: l.colours.of(l.values[k]), Width: thick})
		var path vg.Path
		for i, h := range heights {
			at := vg.Point{X: x(float64(i)), Y: y(h)}
			if i == 0 {
				path.Move(at)
			} else {
				path.Line(at)
			}
		}
		c.Stroke(path)
	}
}

// parallelScales are the upright axes with their numbers.
type parallelScales []shades

// Plot draws an axis at each place, with its ends and the middle.
func (s parallelScales) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	letters := textStyle(smallSize)
	for i, span := range s {
		c.SetLineStyle(draw.LineStyle{Color: ink, Width: vg.Points(1)})
		var path vg.Path
		path.Move(vg.Point{X: x(float64(i)), Y: y(0)})
		path.Line(vg.Point{X: x(float64(i)), Y: y(1)})
		c.Stroke(path)
		for _, share := range []float64{0, 0.5, 1} {
			v := span.low + share*(span.high-span.low)
			if span.log {
				v = span.low * math.Pow(span.high/span.low, share)
			}
			text := number(v)
			at := vg.Point{X: x(float64(i)) + 4, Y: y(share)}
			w, h := letters.Width(text), letters.Height(text)
			c.FillPolygon(color.White, []vg.Point{{X: at.X - 1, Y: at.Y - h/2 - 1}, {X: at.X + w + 1, Y: at.Y - h/2 - 1}, {X: at.X + w + 1, Y: at.Y + h/2 + 1}, {X: at.X - 1, Y: at.Y + h/2 + 1}})
			c.FillText(letters, at, text)
		}
	}
}
