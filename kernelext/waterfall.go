package kernelext

import (
	"fmt"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	// maxRidges is how many times a waterfall chooses by itself.
	maxRidges = 12
	// overlap is how many distances between two ridges the highest peak takes.
	overlap     = 1.8
	ridgeHeight = 0.75 * vg.Centimeter
)

// DrawWaterfall draws how marginal distributions change in time: one ridge a
// time, the earliest at the bottom, probability upwards from its line, all on
// one scale within a panel. The first answer is the grey area, the others are
// lines over it. No times means those of the first answer, at most twelve of
// them.
func DrawWaterfall(s Style, times []float64, answers ...Answer) ([]byte, error) {
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	if len(times) == 0 {
		times = thinned(answers[0].times(), maxRidges)
	}
	laws := make([][][]dist.Marginal, len(times)) // by time, answer, species
	for i, t := range times {
		if laws[i], err = marginals(answers, t, species); err != nil {
			return nil, err
		}
	}
	f := figure{
		legend: legend{title: s.Title},
		grid:   grid{rows: make([][]panel, 1), heights: []vg.Length{ridgeHeight*vg.Length(len(times)+1) + 2*vg.Centimeter}},
	}
	for i, a := range answers {
		style := lineOf(i)
		f.legend.rows = append(f.legend.rows, legendRow{mark: mark{color: style.Color}, line: &style, text: a.samples()})
	}
	column := columnWidth(width, len(species))
	for j, name := range species {
		f.grid.rows[0] = append(f.grid.rows[0], waterfallPanel(s, name, column, times, j, laws))
	}
	f.grid.rows[0][0].Y.Label.Text = s.timeLabel()
	f.alt = fmt.Sprintf("Marginal distributions of %s at the times %s, one above the other. %s.", strings.Join(species, ", "), numbers(times), labels(answers))
	return f.svg()
}

// waterfallPanel is the panel of species j.
func waterfallPanel(s Style, name string, column vg.Length, times []float64, j int, laws [][][]dist.Marginal) panel {
	var all []dist.Marginal
	top := 0.0
	for _, answers := range laws {
		for _, l := range answers {
			all = append(all, l[j])
			for _, p := range l[j].P {
				top = max(top, p)
			}
		}
	}
	low, high := support(all)
	p := newPlot(fmt.Sprintf("%s, highest peak %.2g", name, top), countLabel(name, column), "")
	p.X.Tick.Marker = roundTicks{whole: true, few: column < wideColumn}
	p.X.Min, p.X.Max = float64(low)-0.7, float64(high)+0.7
	p.Y.Min, p.Y.Max = -0.3, float64(len(times)-1)+overlap+0.1
	ticks := make([]plot.Tick, len(times))
	for i, t := range times {
		ticks[i] = plot.Tick{Value: float64(i), Label: number(t)}
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	for i := len(times) - 1; i >= 0; i-- { // the nearer ones cover the farther ones
		for k, l := range laws[i] {
			p.Add(ridge{law: l[j], low: low, high: high, base: float64(i), scale: overlap / top, style: lineOf(k), filled: k == 0})
		}
	}
	return p
}

// ridge is one marginal law on a line of its own.
type ridge struct {
	law         dist.Marginal
	low, high   int
	base, scale float64
	style       draw.LineStyle
	filled      bool
}

// Plot draws the ridge: as steps, one a count, if they are wide enough to see,
// and through the middle of the bins otherwise.
func (r ridge) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	steps := x(float64(r.low+1))-x(float64(r.low)) > 2
	var line []vg.Point
	for n := r.low; n <= r.high; n++ {
		height := y(r.base + r.scale*at(r.law, n))
		if steps {
			line = append(line, vg.Point{X: x(float64(n) - 0.5), Y: height}, vg.Point{X: x(float64(n) + 0.5), Y: height})
		} else {
			line = append(line, vg.Point{X: x(float64(n)), Y: height})
		}
	}
	if r.filled {
		base := y(r.base)
		area := append([]vg.Point{{X: line[0].X, Y: base}}, line...)
		c.FillPolygon(shade, c.ClipPolygonXY(append(area, vg.Point{X: line[len(line)-1].X, Y: base})))
	}
	style := r.style
	style.Width = vg.Points(0.9)
	c.StrokeLines(style, c.ClipLinesXY(line)...)
}

// times are those of the snapshots.
func (a Answer) times() []float64 {
	times := make([]float64, len(a.Snapshots))
	for i, s := range a.Snapshots {
		times[i] = s.Time
	}
	return times
}

// thinned keeps at most n values, evenly, with the first and the last.
func thinned(v []float64, n int) []float64 {
	if len(v) <= n {
		return v
	}
	kept := make([]float64, n)
	for i := range kept {
		kept[i] = v[int(math.Round(float64(i)*float64(len(v)-1)/float64(n-1)))]
	}
	return kept
}

// numbers writes values with commas.
func numbers(v []float64) string {
	texts := make([]string, len(v))
	for i, x := range v {
		texts[i] = number(x)
	}
	return strings.Join(texts, ", ")
}
