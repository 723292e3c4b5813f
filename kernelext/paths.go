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
	species := s.Species
	if len(species) == 0 {
		species = paths[0].Species
	}
	if len(species) > maxColumns {
		return nil, fmt.Errorf("%w: %d species do not fit side by side: name at most %d in Style.Species", ErrNothing, len(species), maxColumns)
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

// Plot draws the line; events that leave the count as it is are left out.
func (s staircase) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var line []vg.Point
	last := int32(-1)
	for i := range s.path.Len() {
		n := s.path.State(i)[s.species]
		if n == last {
			continue
		}
		if len(line) > 0 {
			line = append(line, vg.Point{X: x(s.path.Times[i]), Y: line[len(line)-1].Y})
		}
		line = append(line, vg.Point{X: x(s.path.Times[i]), Y: y(float64(n))})
		last = n
	}
	line = append(line, vg.Point{X: x(s.path.End), Y: line[len(line)-1].Y})
	c.StrokeLines(draw.LineStyle{Color: s.color, Width: vg.Points(0.8)}, line)
}
