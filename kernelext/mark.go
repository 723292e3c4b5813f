package kernelext

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shape is the form of a mark.
type shape int

const (
	curve shape = iota // points joined by a line
	ring
	cross
	triangle
	square
	plus
)

// mark is how one answer is drawn: the first as a line, the others as signs.
// Form and colour both differ.
type mark struct {
	color color.Color
	shape shape
}

// markOf returns the mark of the i-th answer.
func markOf(i int) mark {
	if i == 0 {
		return mark{black, curve}
	}
	signs := []mark{{blue, ring}, {vermilion, cross}, {green, triangle}, {purple, square}, {orange, plus}}
	return signs[(i-1)%len(signs)]
}

// line is the style of lines and outlines of the mark.
func (m mark) line() draw.LineStyle {
	if m.shape == curve {
		return draw.LineStyle{Color: m.color, Width: vg.Points(1.2)}
	}
	return draw.LineStyle{Color: m.color, Width: vg.Points(0.9)}
}

// trace adds the outline of a sign of radius r to a path.
func (s shape) trace(path *vg.Path, at vg.Point, r vg.Length) {
	polyline := func(closed bool, corners ...[2]float64) {
		for i, c := range corners {
			p := vg.Point{X: at.X + r*vg.Length(c[0]), Y: at.Y + r*vg.Length(c[1])}
			if i == 0 {
				path.Move(p)
			} else {
				path.Line(p)
			}
		}
		if closed {
			path.Close()
		}
	}
	switch s {
	case ring:
		path.Move(vg.Point{X: at.X + r, Y: at.Y})
		path.Arc(at, r, 0, 2*math.Pi)
		path.Close()
	case cross:
		polyline(false, [2]float64{-0.85, -0.85}, [2]float64{0.85, 0.85})
		polyline(false, [2]float64{-0.85, 0.85}, [2]float64{0.85, -0.85})
	case triangle:
		polyline(true, [2]float64{0, 1.2}, [2]float64{-1, -0.7}, [2]float64{1, -0.7})
	case square:
		polyline(true, [2]float64{-0.85, -0.85}, [2]float64{0.85, -0.85}, [2]float64{0.85, 0.85}, [2]float64{-0.85, 0.85})
	case plus:
		polyline(false, [2]float64{-1.1, 0}, [2]float64{1.1, 0})
		polyline(false, [2]float64{0, -1.1}, [2]float64{0, 1.1})
	}
}

// point is a value with the half length of its error bar, 0 for none.
type point struct{ x, y, bar float64 }

// newPoint leaves the bar out where it is not finite: one sample has no error.
func newPoint(x, y, bar float64) point {
	if math.IsInf(bar, 0) || math.IsNaN(bar) {
		bar = 0
	}
	return point{x, y, bar}
}

// series draws points as their mark says.
type series struct {
	mark   mark
	points []point
	radius vg.Length
}

// DataRange is the extent of the points with their bars.
func (s series) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, ymin = math.Inf(1), math.Inf(1)
	xmax, ymax = math.Inf(-1), math.Inf(-1)
	for _, p := range s.points {
		xmin, xmax = min(xmin, p.x), max(xmax, p.x)
		ymin, ymax = min(ymin, p.y-p.bar), max(ymax, p.y+p.bar)
	}
	return xmin, xmax, ymin, ymax
}

// Plot draws all signs as one path, and all bars as another.
func (s series) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var signs, bars vg.Path
	var polyline []vg.Point
	for _, pt := range s.points {
		at := vg.Point{X: x(pt.x), Y: y(pt.y)}
		polyline = append(polyline, at)
		if s.mark.shape == curve || !c.Contains(at) {
			continue
		}
		s.mark.shape.trace(&signs, at, s.radius)
		if pt.bar > 0 {
			bars.Move(vg.Point{X: at.X, Y: max(c.Min.Y, y(pt.y-pt.bar))})
			bars.Line(vg.Point{X: at.X, Y: min(c.Max.Y, y(pt.y+pt.bar))})
		}
	}
	c.SetLineStyle(s.mark.line())
	if s.mark.shape == curve {
		c.StrokeLines(s.mark.line(), c.ClipLinesXY(polyline)...)
		return
	}
	for _, path := range []vg.Path{bars, signs} {
		if len(path) > 0 {
			c.Stroke(path)
		}
	}
}
