package kernelext

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/kernelext/internal/plotly"
)

// InteractiveMap is DrawMap; what is not known is left white.
func InteractiveMap(s Style, m Map) (Interactive, error) {
	svg, err := DrawMap(s, m)
	if err != nil {
		return Interactive{}, err
	}
	scale, err := scaleOf(m.Label, m.Log, m.Values)
	if err != nil {
		return Interactive{}, err
	}
	f := interactiveCells(scale, m.X.texts(), m.Y.texts(), m.Values)
	f.Layout.Title.Text = html.EscapeString(s.Title)
	f.Layout.X[0].Title.Text, f.Layout.Y[0].Title.Text = html.EscapeString(m.X.Name), html.EscapeString(m.Y.Name)
	return newInteractive(svg, f)
}

// InteractiveMatrix is DrawMatrix; what is not known is left white.
func InteractiveMatrix(s Style, m Matrix) (Interactive, error) {
	svg, err := DrawMatrix(s, m)
	if err != nil {
		return Interactive{}, err
	}
	scale, err := scaleOf(m.Label, m.Log, m.Values)
	if err != nil {
		return Interactive{}, err
	}
	up := slices.Clone(m.Rows)
	slices.Reverse(up)
	f := interactiveCells(scale, m.Columns, up, flipped(m.Values))
	f.Layout.Title.Text = html.EscapeString(s.Title)
	f.Layout.RowHeight = max(interactiveRow, 16*len(m.Rows))
	return newInteractive(svg, f)
}

// texts are the values of the axis with all their digits.
func (a Axis) texts() []string {
	out := make([]string, len(a.Values))
	for i, v := range a.Values {
		out[i] = strconv.FormatFloat(v, 'g', -1, 64)
	}
	return out
}

// distinct are names of which no two are equal, as equal ones would be one place.
func distinct(names []string) plotly.Names {
	count := map[string]int{}
	out := make(plotly.Names, len(names))
	for i, name := range names {
		if count[name]++; count[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, count[name])
		}
		out[i] = html.EscapeString(name)
	}
	return out
}

// interactiveCells are coloured cells with the scale of the static figure;
// values[y][x], y upwards.
func interactiveCells(scale shades, x, y []string, values [][]float64) plotly.Figure {
	low, high := plotly.Number(scale.low), plotly.Number(scale.high)
	t := plotly.Trace{
		Type: "heatmap", XAxis: "x", YAxis: "y", X: distinct(x), Y: distinct(y), Scale: stops(scale),
		Bar: &plotly.ColourBar{Title: plotly.Title{Text: html.EscapeString(scale.label), Side: "right"}}, Hover: "%{x}, %{y}: %{z}<extra></extra>", ZMin: &low, ZMax: &high,
	}
	for _, row := range values {
		t.Z = append(t.Z, plotly.Of(row))
	}
	if scale.log {
		t.Custom, t.Z, t.Hover = t.Z, nil, "%{x}, %{y}: %{customdata}<extra></extra>"
		low, high = plotly.Number(math.Log10(scale.low)), plotly.Number(math.Log10(scale.high))
		for _, row := range values {
			logs := make([]float64, len(row))
			for i, v := range row {
				logs[i] = math.Log10(v) // of 0 and below no number, drawn white
			}
			t.Z = append(t.Z, plotly.Of(logs))
		}
		for _, tick := range (decades{}).Ticks(float64(low), float64(high)) {
			if tick.Label != "" {
				t.Bar.At, t.Bar.Texts = append(t.Bar.At, plotly.Number(tick.Value)), append(t.Bar.Texts, tick.Label)
			}
		}
	}
	axis := plotly.Axis{Type: "category", Domain: [2]float64{0, 1}, Ticks: "outside", Room: true}
	across, up := axis, axis
	across.Anchor, up.Anchor = "y", "x"
	return plotly.Figure{Data: []plotly.Trace{t}, Layout: plotly.Layout{X: []plotly.Axis{across}, Y: []plotly.Axis{up}, Rows: 1, RowHeight: interactiveRow}}
}

// stops is the colour scale.
func stops(scale shades) []plotly.Stop {
	out := make([]plotly.Stop, len(scale.ramp))
	for i, c := range scale.ramp {
		out[i] = plotly.Stop{At: float64(i) / float64(len(scale.ramp)-1), Colour: css(c)}
	}
	return out
}
