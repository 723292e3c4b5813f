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

// pathColours tell trajectories apart; they have no meaning.
var pathColours = []color.RGBA{blue, vermilion, green, purple, orange, black}

// DrawPaths draws single trajectories with all their events: counts against
// time, one panel per species, one colour per trajectory.
func DrawPaths(s Style, paths ...*ssa.Path) ([]byte, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("%w: give at least one trajectory", ErrNothing)
	}
	species := s.pathSpecies(paths)
	if err := fit(species); err != nil {
		return nil, err
	}
	axis, title := s.timeAxis(len(species))
	f := figure{
		legend: legend{title: title},
		grid:   grid{rows: make([][]panel, 1), heights: []vg.Length{rowHeight}},
		alt:    fmt.Sprintf("%d trajectories: counts of %s against time.", len(paths), strings.Join(species, ", ")),
	}
	for j, name := range species {
		p := newPlot(name, axis, "")
		if j == 0 {
			p.Y.Label.Text = "count (molecules)"
		}
		for i, path := range paths {
			at := slices.Index(path.Species, name)
			if at < 0 {
				return nil, fmt.Errorf("%w: the trajectory has no %q, only %s", ErrSpecies, name, strings.Join(path.Species, ", "))
			}
			p.Add(staircase{path, at, pathColours[i%len(pathColours)]})
		}
		fromZero(p)
		if len(species) > 2 {
			p.X.Tick.Marker = roundTicks{few: true}
		}
		f.grid.rows[0] = append(f.grid.rows[0], p)
	}
	return f.svg()
}

// pathSpecies are those to draw: those named, or all of the first trajectory.
func (s Style) pathSpecies(paths []*ssa.Path) []string {
	if len(s.Species) > 0 {
		return s.Species
	}
	return paths[0].Species
}

// ShowPaths displays DrawPaths in the output of the cell.
func ShowPaths(s Style, paths ...*ssa.Path) error {
	svg, err := DrawPaths(s, paths...)
	return show(svg, err)
}

// staircase draws the count of one species along a trajectory.
type staircase struct {
	path    *ssa.Path
	species int
	color   color.Color
}

// DataRange is the extent of the trajectory.
func (s staircase) DataRange() (xmin, xmax, ymin, ymax float64) {
	for i := range s.path.Len() {
		ymax = max(ymax, float64(s.path.State(i)[s.species]))
	}
	return 0, s.path.End, 0, ymax
}

// Plot draws the line. Of the many events within one half point of the picture
// it keeps the lowest, the highest and the last, which look the same.
func (s staircase) Plot(c draw.Canvas, p *plot.Plot) {
	const half = vg.Length(0.5)
	x, y := p.Transforms(&c)
	var line []vg.Point
	add := func(at vg.Length, n int32) { line = append(line, vg.Point{X: at, Y: y(float64(n))}) }
	last := int32(-1)
	for i := 0; i < s.path.Len(); {
		at := x(s.path.Times[i])
		if last >= 0 {
			add(at, last)
		}
		low, high := s.count(i), s.count(i)
		for ; i < s.path.Len() && x(s.path.Times[i]) < at+half; i++ {
			last = s.count(i)
			low, high = min(low, last), max(high, last)
		}
		for _, n := range []int32{low, high, last} {
			add(at, n)
		}
	}
	add(x(s.path.End), last)
	c.StrokeLines(draw.LineStyle{Color: s.color, Width: vg.Points(0.8)}, slices.Compact(line))
}

// count is the number of molecules after event i.
func (s staircase) count(i int) int32 { return s.path.State(i)[s.species] }
