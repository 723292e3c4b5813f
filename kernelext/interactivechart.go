package kernelext

import (
	"fmt"
	"html"
	"image/color"
	"math"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext/internal/plotly"
	"gonum.org/v1/plot/vg/draw"
)

// InteractiveChart is DrawChart.
func InteractiveChart(s Style, charts ...Chart) (Interactive, error) {
	svg, err := DrawChart(s, charts...)
	if err != nil {
		return Interactive{}, err
	}
	return newInteractive(svg, interactiveCharts(s.Title, charts))
}

// InteractiveMarginals is DrawMarginals.
func InteractiveMarginals(s Style, t float64, answers ...Answer) (Interactive, error) {
	svg, err := DrawMarginals(s, t, answers...)
	if err != nil {
		return Interactive{}, err
	}
	species, err := check(answers, s.Species)
	if err != nil {
		return Interactive{}, err
	}
	laws, err := marginals(answers, t, species)
	if err != nil {
		return Interactive{}, err
	}
	upper, lower := make([]Chart, len(species)), make([]Chart, len(species))
	for j, name := range species {
		upper[j], lower[j] = marginalCharts(name, answers, laws, j)
	}
	upper[0].Y, lower[0].Y = "probability", "difference"
	rows := [][]Chart{upper}
	if len(answers) > 1 {
		rows = append(rows, lower)
	} else {
		for j := range upper {
			upper[j].X = lower[j].X
		}
	}
	return newInteractive(svg, interactiveCharts(strings.TrimPrefix(s.Title+", "+s.moment(t), ", "), rows...))
}

// marginalCharts are the laws of species j, and their differences to the first.
func marginalCharts(name string, answers []Answer, laws [][]dist.Marginal, j int) (upper, lower Chart) {
	upper.Title, lower.X = name, "count of "+name
	column := make([]dist.Marginal, len(laws))
	for i := range laws {
		column[i] = laws[i][j]
	}
	low, high := support(column)
	first := Series{Label: answers[0].samples(), Steps: true}
	band, b := Series{Label: bandText(laws)}, noise{laws: column}
	first.X, first.Y = []float64{float64(low) - 0.5}, []float64{0}
	for n := low; n <= high; n++ {
		x := float64(n)
		first.X, first.Y = append(first.X, x-0.5), append(first.Y, at(column[0], n))
		band.X, band.Y = append(band.X, x), append(band.Y, 0)
		band.Low, band.High = append(band.Low, -b.half(n)), append(band.High, b.half(n))
	}
	first.X, first.Y = append(first.X, float64(high)+0.5), append(first.Y, 0)
	upper.Series = append(upper.Series, first)
	for i, law := range column[1:] {
		values := Series{Label: answers[i+1].samples(), Points: true}
		differences := values
		for n := low; n <= high; n++ {
			values.X, values.Y = append(values.X, float64(n)), append(values.Y, at(law, n))
			differences.Y = append(differences.Y, at(law, n)-at(column[0], n))
		}
		differences.X = values.X
		upper.Series, lower.Series = append(upper.Series, values), append(lower.Series, differences)
	}
	if band.Label != "" {
		lower.Series = append(lower.Series, band)
	}
	return upper, lower
}

// InteractivePaths is DrawPaths.
func InteractivePaths(s Style, paths ...*ssa.Path) (Interactive, error) {
	svg, err := DrawPaths(s, paths...)
	if err != nil {
		return Interactive{}, err
	}
	species := s.pathSpecies(paths)
	charts := make([]Chart, len(species))
	for j, name := range species {
		charts[j] = Chart{Title: name, X: s.timeLabel()}
		for _, path := range paths {
			stairs := staircase{path: path, species: slices.Index(path.Species, name)}
			r := Series{Steps: true}
			for i := range path.Len() {
				r.X, r.Y = append(r.X, path.Times[i]), append(r.Y, float64(stairs.count(i)))
			}
			last := len(r.Y) - 1
			r.X, r.Y = append(r.X, path.End), append(r.Y, r.Y[last])
			charts[j].Series = append(charts[j].Series, r)
		}
	}
	charts[0].Y = "count (molecules)"
	figure := interactiveCharts(s.Title, charts)
	for i := range figure.Data {
		line := figure.Data[i].Line
		line.Colour, line.Dash = css(pathColours[i%len(paths)%len(pathColours)]), ""
	}
	return newInteractive(svg, figure)
}

// maxInteractiveBytes bounds the numbers of a figure: they are in the notebook's
// file.
const maxInteractiveBytes = maxFrameBytes

// newInteractive joins both forms.
func newInteractive(svg []byte, figure plotly.Figure) (Interactive, error) {
	f := Interactive{svg, figure}
	text, err := f.JSON()
	if err == nil && len(text) > maxInteractiveBytes {
		err = fmt.Errorf("%w: the numbers of the figure take %d MB, more than %d: give fewer, or draw it with the Draw function", ErrShape, len(text)>>20, maxInteractiveBytes>>20)
	}
	return f, err
}

// Measures of interactive figures: pixels, and shares of the width and height.
const (
	interactiveRow = 260
	legendLetters  = 90 // in a row of the legend
	besideShare    = 0.09
	belowShare     = 0.09
)

// interactiveCharts are rows of charts of equal number. Series of one label look
// the same in all of them and stand once in the legend.
func interactiveCharts(title string, rows ...[]Chart) plotly.Figure {
	var labels []string
	for _, row := range rows {
		for _, c := range row {
			for _, r := range c.Series {
				if r.Label != "" && !slices.Contains(labels, r.Label) {
					labels = append(labels, r.Label)
				}
			}
		}
	}
	f := plotly.Figure{Data: []plotly.Trace{}, Layout: plotly.Layout{
		Title: plotly.Title{Text: html.EscapeString(title)}, Rows: len(rows), RowHeight: interactiveRow,
		LegendRows: (len([]rune(strings.Join(labels, "     "))) + legendLetters - 1) / legendLetters,
	}}
	shown := map[string]bool{}
	for i, row := range rows {
		for j, c := range row {
			x, y := panelAxes(c, place(j, len(row), besideShare), place(len(rows)-1-i, len(rows), belowShare))
			k := len(f.Layout.X)
			x.Anchor, y.Anchor = plotly.AxisName("y", k), plotly.AxisName("x", k)
			f.Layout.X, f.Layout.Y = append(f.Layout.X, x), append(f.Layout.Y, y)
			if c.Title != "" {
				f.Layout.Notes = append(f.Layout.Notes, plotly.Note{
					Text: html.EscapeString(c.Title), X: (x.Domain[0] + x.Domain[1]) / 2, Y: y.Domain[1], XRef: "paper", YRef: "paper", XAnchor: "center", YAnchor: "bottom",
				})
			}
			for n, r := range c.Series {
				look := n
				if r.Label != "" {
					look = slices.Index(labels, r.Label)
				}
				for _, t := range r.traces(look) {
					t.XAxis, t.YAxis, t.LegendGroup = y.Anchor, x.Anchor, t.Name
					t.ShowLegend = r.Label != "" && t.Fill == "" && t.HoverInfo == "" && !shown[r.Label]
					f.Data = append(f.Data, t)
				}
				shown[r.Label] = true
			}
		}
	}
	return f
}

// place is the share of the figure that panel i of n has, with a gap between.
func place(i, n int, gap float64) [2]float64 {
	size := (1 - gap*float64(n-1)) / float64(n)
	low := float64(i) * (size + gap)
	return [2]float64{low, low + size}
}

// panelAxes are the axes of a chart.
func panelAxes(c Chart, across, up [2]float64) (x, y plotly.Axis) {
	axis := func(title string, log bool, domain [2]float64) plotly.Axis {
		a := plotly.Axis{Title: plotly.Title{Text: html.EscapeString(title)}, Domain: domain, ShowLine: true, Ticks: "outside"}
		if log {
			a.Type = "log"
		}
		return a
	}
	return axis(c.X, c.LogX, across), axis(c.Y, c.LogY, up)
}

// traces are a series as plotly.js has it: its band, and its line or signs.
func (r Series) traces(i int) []plotly.Trace {
	name := html.EscapeString(r.Label)
	base := plotly.Trace{Type: "scatter", Name: name, X: plotly.Of(r.X)}
	var list []plotly.Trace
	if r.Low != nil {
		edge := base
		edge.Mode, edge.Line, edge.HoverInfo = "lines", &plotly.Line{}, "skip"
		lower, upper := edge, edge
		lower.Y, upper.Y = plotly.Of(r.Low), plotly.Of(r.High)
		upper.Fill, upper.Colour = "tonexty", css(glass(lineOf(i).Color))
		list = append(list, lower, upper)
	}
	base.Y = plotly.Of(r.Y)
	if r.Bars != nil {
		base.ErrorY = &plotly.Bars{Type: "data", Array: plotly.Of(r.Bars)}
	}
	if r.Points {
		sign := signOf(i)
		base.Mode, base.Marker = "markers", &plotly.Marker{Symbol: sign.shape.symbol(), Size: 7, Colour: css(sign.color)}
		return append(list, base)
	}
	style := lineOf(i)
	base.Mode, base.Line = "lines", &plotly.Line{Colour: css(style.Color), Width: 1.6, Dash: dashes(style)}
	if r.Steps {
		base.Line.Shape = "hv"
	}
	return append(list, base)
}

// symbol is the name of a sign.
func (s shape) symbol() string {
	return map[shape]string{ring: "circle-open", cross: "x", triangle: "triangle-up-open", square: "square-open", plus: "cross"}[s]
}

// dashes writes the dashes of a line.
func dashes(style draw.LineStyle) string {
	var parts []string
	for _, d := range style.Dashes {
		parts = append(parts, fmt.Sprintf("%.0fpx", math.Round(1.3*float64(d))))
	}
	return strings.Join(parts, ",")
}

// css writes a colour.
func css(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	if n.A == 255 {
		return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
	}
	return fmt.Sprintf("rgba(%d,%d,%d,%.2f)", n.R, n.G, n.B, float64(n.A)/255)
}
