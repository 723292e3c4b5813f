// Package plotly writes figures as plotly.js reads them: the few parts of its
// format that this project uses, after https://plotly.com/javascript/reference.
package plotly

import (
	"encoding/json"
	"fmt"
	"math"
)

// Figure is what plotly.js draws.
type Figure struct {
	Data   []Trace `json:"data"`
	Layout Layout  `json:"layout"`
}

// Number is a value; one that is not finite is written as null, a gap.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

// Values are what stands along an axis: Numbers, or Names of equal cells.
type Values interface{ values() }

// Numbers are values of an axis.
type Numbers []Number

// Names are texts of an axis, no two of them equal.
type Names []string

func (Numbers) values() {}
func (Names) values()   {}

// Of makes numbers of values.
func Of(values []float64) Numbers {
	out := make(Numbers, len(values))
	for i, v := range values {
		out[i] = Number(v)
	}
	return out
}

// Trace is one set of numbers: a line or signs (type scatter), or coloured cells
// (type heatmap).
type Trace struct {
	Type        string `json:"type"`
	Name        string `json:"name,omitempty"`
	XAxis       string `json:"xaxis"` // "x", "x2" …
	YAxis       string `json:"yaxis"`
	LegendGroup string `json:"legendgroup,omitempty"`
	ShowLegend  bool   `json:"showlegend"`
	HoverInfo   string `json:"hoverinfo,omitempty"`
	Hover       string `json:"hovertemplate,omitempty"`

	X      Values  `json:"x"`
	Y      Values  `json:"y"`
	Mode   string  `json:"mode,omitempty"` // "lines" or "markers"
	Line   *Line   `json:"line,omitempty"`
	Marker *Marker `json:"marker,omitempty"`
	ErrorY *Bars   `json:"error_y,omitempty"`
	Fill   string  `json:"fill,omitempty"` // "tonexty": down to the trace before
	Colour string  `json:"fillcolor,omitempty"`

	Z      []Numbers  `json:"z,omitempty"`
	Custom []Numbers  `json:"customdata,omitempty"` // what the cells stand for, where z is its logarithm
	Scale  []Stop     `json:"colorscale,omitempty"`
	Bar    *ColourBar `json:"colorbar,omitempty"`
	ZMin   *Number    `json:"zmin,omitempty"`
	ZMax   *Number    `json:"zmax,omitempty"`
}

// Line is how a line looks.
type Line struct {
	Colour string  `json:"color,omitempty"`
	Width  float64 `json:"width"`
	Dash   string  `json:"dash,omitempty"`  // lengths in pixels: "6px,2px"
	Shape  string  `json:"shape,omitempty"` // "hv": each value until the next
}

// Marker is how signs look.
type Marker struct {
	Symbol string  `json:"symbol"`
	Size   float64 `json:"size"`
	Colour string  `json:"color"`
}

// Bars are half lengths of error bars.
type Bars struct {
	Type  string  `json:"type"` // "data"
	Array Numbers `json:"array"`
}

// Stop is a colour at a share of the scale, 0 to 1.
type Stop struct {
	At     float64
	Colour string
}

// MarshalJSON writes a pair.
func (s Stop) MarshalJSON() ([]byte, error) { return json.Marshal([]any{s.At, s.Colour}) }

// ColourBar is the scale of colours.
type ColourBar struct {
	Title Title    `json:"title"`
	At    Numbers  `json:"tickvals,omitempty"`
	Texts []string `json:"ticktext,omitempty"`
}

// Title is a text.
type Title struct {
	Text string `json:"text"`
	Side string `json:"side,omitempty"`
}

// Layout is all but the numbers. Axis number i is the i-th of X and of Y.
type Layout struct {
	Title      Title
	X, Y       []Axis
	Notes      []Note
	Rows       int // of panels
	RowHeight  int // pixels
	LegendRows int // that the legend takes, 0 for none
}

// Pixels above and below the panels.
const (
	titleHeight  = 45
	legendHeight = 22
	noteHeight   = 25
	belowHeight  = 55
)

// Axis is one axis.
type Axis struct {
	Title  Title      `json:"title"`
	Type   string     `json:"type,omitempty"` // "log", "category"
	Anchor string     `json:"anchor"`
	Domain [2]float64 `json:"domain"`
	// Range is from and to; logarithms for a logarithmic axis.
	Range *[2]Number `json:"range,omitempty"`
	At    Numbers    `json:"tickvals,omitempty"`
	Texts []string   `json:"ticktext,omitempty"`
	// Line and ticks as the static figures have them.
	ShowLine bool   `json:"showline"`
	ShowGrid bool   `json:"showgrid"`
	ZeroLine bool   `json:"zeroline"`
	Ticks    string `json:"ticks"`
	// Room makes the margin as wide as the names along the axis.
	Room bool `json:"automargin"`
}

// Note is a text beside the numbers: the title of a panel, at a place that is
// given in shares of the figure.
type Note struct {
	Text      string  `json:"text"`
	X         float64 `json:"x"`
	Y         float64 `json:"y"`
	XRef      string  `json:"xref"`
	YRef      string  `json:"yref"`
	XAnchor   string  `json:"xanchor"`
	YAnchor   string  `json:"yanchor"`
	ShowArrow bool    `json:"showarrow"`
}

// AxisName is the name of axis number i, from 0 on, of a letter: "x", "x2" …
func AxisName(letter string, i int) string {
	if i == 0 {
		return letter
	}
	return fmt.Sprintf("%s%d", letter, i+1)
}

// MarshalJSON writes the layout: plotly.js numbers axes in their names.
func (l Layout) MarshalJSON() ([]byte, error) {
	above, panels := noteHeight+legendHeight*l.LegendRows, l.Rows*l.RowHeight
	if l.Title.Text != "" {
		above += titleHeight
	}
	out := map[string]any{
		"title":  map[string]any{"text": l.Title.Text, "x": 0.01, "xanchor": "left", "y": 1, "yanchor": "top", "yref": "container", "pad": map[string]any{"t": 12}},
		"height": above + panels + belowHeight, "annotations": l.Notes, "showlegend": l.LegendRows > 0,
		"paper_bgcolor": "white", "plot_bgcolor": "white", "hovermode": "closest",
		"font":   map[string]any{"family": "Liberation Sans, Arial, Helvetica, sans-serif", "size": 12, "color": "black"},
		"legend": map[string]any{"orientation": "h", "x": 0, "y": 1 + noteHeight/float64(max(panels, 1)), "yanchor": "bottom"},
		"margin": map[string]any{"l": 60, "r": 20, "t": above, "b": belowHeight},
	}
	if l.Notes == nil {
		out["annotations"] = []Note{}
	}
	for letter, axes := range map[string][]Axis{"x": l.X, "y": l.Y} {
		for i, a := range axes {
			name := "axis"
			if i > 0 {
				name = fmt.Sprintf("axis%d", i+1)
			}
			out[letter+name] = a
		}
	}
	return json.Marshal(out)
}
