package kernelext

import (
	"fmt"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shown is the share of the highest probability below which the ends of a
// marginal are cut off the picture.
const shown = 1e-4

// DrawMarginals draws the marginal distribution of every species at time t, one
// bin per integer: the first answer as a grey histogram with a black outline,
// the others as signs over it. The lower row is the difference to the first
// answer, with the band of ±2 standard errors that sampling noise fills. The
// legend names the Hellinger distances to the first answer.
func DrawMarginals(s Style, t float64, answers ...Answer) ([]byte, error) {
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	laws, err := marginals(answers, t, species)
	if err != nil {
		return nil, err
	}
	f := figure{
		legend: legend{title: strings.TrimPrefix(s.Title+", "+s.moment(t), ", ")},
		grid:   grid{rows: make([][]panel, 1), heights: []vg.Length{rowHeight}},
	}
	for i, a := range answers {
		row := legendRow{mark: markOf(i), text: a.samples()}
		if i > 0 {
			row.text += ": " + distances(laws[0], laws[i], species)
		}
		f.legend.rows = append(f.legend.rows, row)
	}
	if text := bandText(laws); text != "" && len(answers) > 1 {
		f.legend.rows = append(f.legend.rows, legendRow{text: text, band: true})
	}
	if len(answers) > 1 {
		f.grid.rows = append(f.grid.rows, nil)
		f.grid.heights = append(f.grid.heights, 0.6*rowHeight)
	}
	for j, name := range species {
		column := make([]dist.Marginal, len(answers))
		for i := range answers {
			column[i] = laws[i][j]
		}
		addMarginalColumn(&f.grid, name, columnWidth(width, len(species)), column)
	}
	f.alt = fmt.Sprintf("Marginal distributions of %s at %s. %s.", strings.Join(species, ", "), s.moment(t), rowsText(f.legend.rows))
	return f.svg()
}

// marginals returns the marginal laws by answer and species.
func marginals(answers []Answer, t float64, species []string) ([][]dist.Marginal, error) {
	laws := make([][]dist.Marginal, len(answers))
	for i, a := range answers {
		snap, err := a.At(t)
		if err != nil {
			return nil, err
		}
		for _, name := range species {
			at, err := a.index(snap.Dist, name)
			if err != nil {
				return nil, err
			}
			laws[i] = append(laws[i], snap.Dist.Marginal(at))
		}
	}
	return laws, nil
}

// distances writes the Hellinger distance of every species.
func distances(p, q []dist.Marginal, species []string) string {
	parts := make([]string, len(species))
	for j, name := range species {
		parts[j] = fmt.Sprintf("D(%s) = %s", name, apart(dist.Hellinger(p[j], q[j])))
	}
	return strings.Join(parts, ", ")
}

// columnWidth is what each of n columns has of a figure.
func columnWidth(figure vg.Length, n int) vg.Length { return (figure - 2*margin) / vg.Length(n) }

// wideColumn is the width from which on axes have room for many ticks.
const wideColumn = 5.5 * vg.Centimeter

// countLabel names the axis of a count in a column: a label that is wider than
// its axis would make the axis even shorter.
func countLabel(name string, column vg.Length) string {
	const beside = vg.Length(45) // the other axis with its label
	for _, text := range []string{"count of " + name + " (molecules)", name + " (molecules)", name} {
		if textStyle(smallSize).Width(text) <= column-gap-beside {
			return text
		}
	}
	return "count"
}

// addMarginalColumn adds the panels of one species.
func addMarginalColumn(g *grid, name string, column vg.Length, laws []dist.Marginal) {
	low, high := support(laws)
	upper, lower := newPlot("", "", ""), newPlot("", countLabel(name, column), "")
	upper.Add(histogram{laws[0], low, high})
	lower.Add(noise{laws, low, high}, zero{})
	if len(laws) == 1 {
		upper.X.Label.Text = lower.X.Label.Text
	}
	if len(g.rows[0]) == 0 {
		upper.Y.Label.Text, lower.Y.Label.Text = "probability", "difference"
	}
	radius := min(signRadius, max(1.2, vg.Length(130)/vg.Length(high-low+1)))
	for i, law := range laws[1:] {
		var values, differences []point
		for n := low; n <= high; n++ {
			p, q := at(laws[0], n), at(law, n)
			values = append(values, point{x: float64(n), y: q})
			differences = append(differences, point{x: float64(n), y: q - p})
		}
		upper.Add(series{markOf(i + 1), values, radius})
		lower.Add(series{markOf(i + 1), differences, radius})
	}
	for _, p := range []panel{upper, lower} {
		p.X.Min, p.X.Max = float64(low)-0.7, float64(high)+0.7
		p.X.Tick.Marker = roundTicks{whole: true, few: column < wideColumn}
	}
	fromZero(upper)
	g.rows[0] = append(g.rows[0], upper)
	if len(laws) == 1 {
		return
	}
	limit := 1.1 * math.Max(math.Abs(lower.Y.Min), math.Abs(lower.Y.Max))
	if limit == 0 || math.IsInf(limit, 0) {
		limit = 1
	}
	lower.Y.Min, lower.Y.Max = -limit, limit
	lower.Y.Tick.Marker = fewTicks{}
	g.rows[1] = append(g.rows[1], lower)
}

// at is the probability of count n.
func at(m dist.Marginal, n int) float64 {
	if n < 0 || n >= len(m.P) {
		return 0
	}
	return m.P[n]
}

// support is the range of counts worth showing.
func support(laws []dist.Marginal) (low, high int) {
	low = math.MaxInt
	for _, m := range laws {
		top := 0.0
		for _, p := range m.P {
			top = math.Max(top, p)
		}
		for n, p := range m.P {
			if p > shown*top {
				low, high = min(low, n), max(high, n)
			}
		}
	}
	return min(low, high), high
}

// histogram draws a law as a grey area with an outline.
type histogram struct {
	law       dist.Marginal
	low, high int
}

// DataRange is the extent of the bins.
func (h histogram) DataRange() (xmin, xmax, ymin, ymax float64) {
	for n := h.low; n <= h.high; n++ {
		ymax = math.Max(ymax, at(h.law, n))
	}
	return float64(h.low) - 0.5, float64(h.high) + 0.5, 0, ymax
}

// Plot draws the bins.
func (h histogram) Plot(c draw.Canvas, p *plot.Plot) {
	outline := plotter.XYs{{X: float64(h.low) - 0.5}}
	for n := h.low; n <= h.high; n++ {
		y := at(h.law, n)
		outline = append(outline, plotter.XY{X: float64(n) - 0.5, Y: y}, plotter.XY{X: float64(n) + 0.5, Y: y})
	}
	outline = append(outline, plotter.XY{X: float64(h.high) + 0.5})
	line := plotter.Line{XYs: outline, LineStyle: markOf(0).line(), FillColor: shade}
	line.Plot(c, p)
}

// noise draws the band of ±2 standard errors of the sampled answers.
type noise struct {
	laws      []dist.Marginal
	low, high int
}

// bandText explains the band of the differences, and is empty if all laws are
// exact.
func bandText(laws [][]dist.Marginal) string {
	least := 0.0
	for _, answer := range laws[1:] {
		if n := answer[0].N; n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	first := laws[0][0].N
	switch {
	case first > 0 && least > 0:
		return "±2 standard errors of the difference of " + thousands(first) + " and " + thousands(least) + " samples"
	case first > 0:
		least = first
	case least == 0:
		return ""
	}
	return "±2 standard errors of " + thousands(least) + " samples"
}

// half is the half width of the band at count n: that of the fewest samples,
// and of those of the first answer, if it has any, as well.
func (b noise) half(n int) float64 {
	inverse := 0.0
	for _, law := range b.laws[1:] {
		if law.N > 0 {
			inverse = math.Max(inverse, 1/law.N)
		}
	}
	if first := b.laws[0].N; first > 0 {
		inverse += 1 / first
	}
	p := at(b.laws[0], n)
	return 2 * math.Sqrt(max(0, p*(1-p))*inverse)
}

// DataRange is the extent of the band.
func (b noise) DataRange() (xmin, xmax, ymin, ymax float64) {
	for n := b.low; n <= b.high; n++ {
		ymax = math.Max(ymax, b.half(n))
	}
	return float64(b.low) - 0.5, float64(b.high) + 0.5, -ymax, ymax
}

// Plot draws the band.
func (b noise) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var upper, lower []vg.Point
	for n := b.low; n <= b.high; n++ {
		h := b.half(n)
		for _, edge := range []float64{-0.5, 0.5} {
			upper = append(upper, vg.Point{X: x(float64(n) + edge), Y: y(h)})
			lower = append(lower, vg.Point{X: x(float64(n) + edge), Y: y(-h)})
		}
	}
	for i := range lower {
		upper = append(upper, lower[len(lower)-1-i])
	}
	c.FillPolygon(noiseShade, c.ClipPolygonXY(upper))
}

// zero draws the line of no difference.
type zero struct{}

// Plot draws the line.
func (zero) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	c.StrokeLine2(markOf(0).line(), c.Min.X, y(0), c.Max.X, y(0))
}

func rowsText(rows []legendRow) string {
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = r.text
	}
	return strings.Join(texts, "; ")
}
