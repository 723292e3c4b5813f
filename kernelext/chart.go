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

// Series is one set of numbers in a Chart: a line, or signs if Points is set.
// Values that are not finite, and those of 0 and below on a logarithmic axis,
// are left out.
type Series struct {
	Label     string // for the legend; empty for none
	X, Y      []float64
	Bars      []float64 // half lengths of error bars; nil for none
	Low, High []float64 // ends of a shaded band; nil for none
	Points    bool      // signs instead of a line
	Steps     bool      // a line that keeps each value until the next, as counts do
}

// Chart is series on common axes, one panel of a figure.
type Chart struct {
	Title      string
	X, Y       string // what the axes show, with units
	LogX, LogY bool
	Series     []Series
	// least is the smallest difference of Y that means anything: an axis spans no
	// less, and a logarithmic one draws what is below at its place. 0 for any.
	least float64
}

// DrawChart draws charts side by side, at most four. Series of one label look
// the same in all of them and stand once in the legend.
func DrawChart(s Style, charts ...Chart) ([]byte, error) {
	if err := checkCharts(charts); err != nil {
		return nil, err
	}
	f := figure{
		legend: legend{title: s.Title},
		grid:   grid{rows: make([][]panel, 1), heights: []vg.Length{chartHeight}},
	}
	var labels []string
	for _, c := range charts {
		for _, r := range c.Series {
			if r.Label != "" && !slices.Contains(labels, r.Label) {
				labels = append(labels, r.Label)
				f.legend.rows = append(f.legend.rows, r.row(len(labels)-1))
			}
		}
	}
	described := make([]string, len(charts))
	for j, c := range charts {
		p, err := c.panel(labels, columnWidth(width, len(charts)))
		if err != nil {
			return nil, err
		}
		f.grid.rows[0] = append(f.grid.rows[0], p)
		described[j] = c.describe()
	}
	f.alt = strings.TrimPrefix(s.Title+". "+strings.Join(described, ". ")+".", ". ")
	return f.svg()
}

// chartHeight is that of a row of charts.
const chartHeight = 6.4 * vg.Centimeter

func checkCharts(charts []Chart) error {
	if len(charts) == 0 {
		return fmt.Errorf("%w: give at least one chart", ErrNothing)
	}
	if len(charts) > maxColumns {
		return fmt.Errorf("%w: %d charts do not fit side by side: give at most %d", ErrNothing, len(charts), maxColumns)
	}
	for _, c := range charts {
		for _, r := range c.Series {
			n := len(r.X)
			for _, part := range []struct {
				name string
				got  int
				need bool
			}{{"Y", len(r.Y), true}, {"Bars", len(r.Bars), r.Bars != nil}, {"Low", len(r.Low), r.Low != nil || r.High != nil}, {"High", len(r.High), r.Low != nil || r.High != nil}} {
				if part.need && part.got != n {
					return fmt.Errorf("%w: series %q has %d values of X and %d of %s", ErrShape, r.Label, n, part.got, part.name)
				}
			}
		}
	}
	return nil
}

// describe is the chart in words.
func (c Chart) describe() string {
	text := c.Y + " against " + c.X
	if c.Title != "" {
		text = c.Title + ": " + text
	}
	var labels []string
	for _, r := range c.Series {
		if r.Label != "" {
			labels = append(labels, r.Label)
		}
	}
	if len(labels) > 0 {
		text += " for " + strings.Join(labels, ", ")
	}
	return text
}

// panel draws the chart; labels give the series their marks.
func (c Chart) panel(labels []string, column vg.Length) (panel, error) {
	p := newPlot(c.Title, c.X, c.Y)
	few := column < wideColumn
	p.X.Tick.Marker, p.Y.Tick.Marker = roundTicks{few: few}, roundTicks{}
	if c.LogX {
		p.X.Tick.Marker = logTicks{few: few}
	}
	if c.LogY {
		p.Y.Tick.Marker = logTicks{}
	}
	drawn := 0
	// Bands first, so that they cover no line.
	for _, bands := range []bool{true, false} {
		for i, r := range c.Series {
			at := i
			if r.Label != "" {
				at = slices.Index(labels, r.Label)
			}
			if bands {
				if r.Low != nil {
					p.Add(c.band(r, lineOf(at)))
				}
				continue
			}
			points := c.points(r)
			drawn += len(points)
			if len(points) > 0 {
				p.Add(r.plotter(at, points))
			}
		}
	}
	if drawn == 0 {
		return p, fmt.Errorf("%w: %q has no value that can be drawn", ErrNothing, c.describe())
	}
	c.pad(p)
	return p, nil
}

// pad leaves some room around the data, and none for an axis without length.
func (c Chart) pad(p panel) {
	if !c.LogY && c.least > 0 && p.Y.Max-p.Y.Min < c.least && math.Abs(p.Y.Max) < c.least {
		p.Y.Min, p.Y.Max = 0, c.least
	}
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		length := axis.Max - axis.Min
		if length == 0 {
			if length = math.Abs(axis.Max); length == 0 {
				length = 1
			}
		}
		axis.Min, axis.Max = axis.Min-0.03*length, axis.Max+0.03*length
	}
	if !c.LogY && p.Y.Min < 0 && p.Y.Min > -0.05*p.Y.Max { // room only: data begin at 0
		p.Y.Min = 0
	}
	if !c.LogX && p.X.Min < 0 && p.X.Min > -0.05*p.X.Max {
		p.X.Min = 0
	}
}

// scaled is a value as the axis has it.
func scaled(v float64, log bool) float64 {
	if log {
		return math.Log10(v)
	}
	return v
}

// points are those that can be drawn, as the axes have them. On a logarithmic
// axis a bar is that upwards.
func (c Chart) points(r Series) []point {
	var list []point
	for i := range r.X {
		value, bar := r.Y[i], 0.0
		if c.LogY && value >= 0 {
			value = max(value, c.least)
		}
		x, y := scaled(r.X[i], c.LogX), scaled(value, c.LogY)
		if r.Bars != nil {
			if bar = r.Bars[i]; c.LogY {
				bar = math.Log10(1 + bar/value)
			}
		}
		if finite(x) && finite(y) {
			if r.Steps && len(list) > 0 {
				list = append(list, newPoint(x, list[len(list)-1].y, 0))
			}
			list = append(list, newPoint(x, y, bar))
		}
	}
	return list
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// plotter draws the points as signs or as a line.
func (r Series) plotter(i int, points []point) plot.Plotter {
	if r.Points {
		return series{signOf(i), points, signRadius}
	}
	return trail{lineOf(i), points}
}

// row is the series in a legend.
func (r Series) row(i int) legendRow {
	if r.Points {
		return legendRow{mark: signOf(i), text: r.Label}
	}
	style := lineOf(i)
	return legendRow{mark: mark{color: style.Color}, line: &style, text: r.Label}
}

// lineOf is the line of the i-th series: colour and dashes both differ.
func lineOf(i int) draw.LineStyle {
	colours := []color.RGBA{black, blue, vermilion, green, purple, orange}
	dashes := [][]vg.Length{nil, {6, 2}, {2, 2}, {8, 2, 2, 2}, {1, 2}, {4, 1}}
	style := draw.LineStyle{Color: colours[i%len(colours)], Width: vg.Points(1.2), Dashes: dashes[i%len(dashes)]}
	return style
}

// signOf is the sign of the i-th series.
func signOf(i int) mark {
	if i == 0 {
		return mark{black, ring}
	}
	return markOf(i)
}

// trail is points joined by a line in any style, with their bars.
type trail struct {
	style  draw.LineStyle
	points []point
}

// DataRange is the extent of the points with their bars.
func (t trail) DataRange() (xmin, xmax, ymin, ymax float64) {
	return series{points: t.points}.DataRange()
}

// Plot draws the line.
func (t trail) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var line []vg.Point
	var bars vg.Path
	for _, pt := range t.points {
		at := vg.Point{X: x(pt.x), Y: y(pt.y)}
		line = append(line, at)
		if pt.bar > 0 && c.ContainsX(at.X) {
			bars.Move(vg.Point{X: at.X, Y: max(c.Min.Y, y(pt.y-pt.bar))})
			bars.Line(vg.Point{X: at.X, Y: min(c.Max.Y, y(pt.y+pt.bar))})
		}
	}
	if len(line) == 1 { // a line of one point would be invisible
		var path vg.Path
		plus.trace(&path, line[0], signRadius)
		c.SetLineStyle(t.style)
		c.Stroke(path)
	}
	c.StrokeLines(t.style, c.ClipLinesXY(line)...)
	if len(bars) > 0 {
		solid := t.style
		solid.Dashes = nil
		c.SetLineStyle(solid)
		c.Stroke(bars)
	}
}
