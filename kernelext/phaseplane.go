package kernelext

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// DrawPhasePlane draws trajectories in the plane of two species, with a ring
// where each starts and a square where it ends.
func DrawPhasePlane(s Style, a, b string, paths ...*ssa.Path) ([]byte, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("%w: give at least one trajectory", ErrNothing)
	}
	p := newPlot("", "count of "+a+" (molecules)", "count of "+b+" (molecules)")
	for i, path := range paths {
		x, y := slices.Index(path.Species, a), slices.Index(path.Species, b)
		for _, missing := range []struct {
			name string
			at   int
		}{{a, x}, {b, y}} {
			if missing.at < 0 {
				return nil, fmt.Errorf("%w: the trajectory has no %q, only %s", ErrSpecies, missing.name, strings.Join(path.Species, ", "))
			}
		}
		p.Add(orbit{path, x, y, pathColours[i%len(pathColours)]})
	}
	p.X.Min, p.Y.Min = 0, 0
	p.X.Max, p.Y.Max = max(1, 1.03*p.X.Max), max(1, 1.03*p.Y.Max)
	f := figure{
		legend: legend{title: s.Title, rows: []legendRow{{mark: mark{black, ring}, text: "start"}, {mark: mark{black, square}, text: "end"}}},
		grid:   grid{rows: [][]panel{{p}}, heights: []vg.Length{9 * vg.Centimeter}},
		width:  11 * vg.Centimeter,
		alt:    fmt.Sprintf("%d trajectories in the plane of %s and %s.", len(paths), a, b),
	}
	return f.svg()
}

// orbit draws a trajectory in the plane of two species.
type orbit struct {
	path  *ssa.Path
	x, y  int
	color color.Color
}

// DataRange is the extent of the trajectory.
func (o orbit) DataRange() (xmin, xmax, ymin, ymax float64) {
	for i := range o.path.Len() {
		state := o.path.State(i)
		xmax, ymax = max(xmax, float64(state[o.x])), max(ymax, float64(state[o.y]))
	}
	return 0, xmax, 0, ymax
}

// Plot draws each step from one pair of counts to another once, however often
// it was made: more cannot be seen.
func (o orbit) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := func(i int) [2]int32 {
		state := o.path.State(i)
		return [2]int32{state[o.x], state[o.y]}
	}
	place := func(s [2]int32) vg.Point { return vg.Point{X: x(float64(s[0])), Y: y(float64(s[1]))} }
	seen := map[[2][2]int32]bool{}
	var path vg.Path
	pen := [2]int32{-1, -1}
	for i := 1; i < o.path.Len(); i++ {
		from, to := at(i-1), at(i)
		if from == to || seen[[2][2]int32{from, to}] || seen[[2][2]int32{to, from}] {
			continue
		}
		seen[[2][2]int32{from, to}] = true
		if pen != from {
			path.Move(place(from))
		}
		path.Line(place(to))
		pen = to
	}
	c.SetLineStyle(draw.LineStyle{Color: o.color, Width: vg.Points(0.6)})
	if len(path) > 0 {
		c.Stroke(path)
	}
	var signs vg.Path
	ring.trace(&signs, place(at(0)), 4)
	square.trace(&signs, place(at(o.path.Len()-1)), 4)
	c.SetLineStyle(draw.LineStyle{Color: o.color, Width: vg.Points(1.6)})
	c.Stroke(signs)
}
