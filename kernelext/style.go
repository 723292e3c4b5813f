package kernelext

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Style is what figures have in common. The zero value works.
type Style struct {
	Title    string   // above the figure
	TimeUnit string   // of the model, for the axis: "s", "1/decay"; empty for none
	Species  []string // those to draw, in this order; empty for all
}

// Okabe–Ito colours.
var (
	black      = color.RGBA{0, 0, 0, 255}
	orange     = color.RGBA{230, 159, 0, 255}
	blue       = color.RGBA{0, 114, 178, 255}
	vermilion  = color.RGBA{213, 94, 0, 255}
	green      = color.RGBA{0, 158, 115, 255}
	purple     = color.RGBA{204, 121, 167, 255}
	ink        = color.RGBA{60, 60, 60, 255}
	shade      = color.RGBA{225, 225, 225, 255}
	noiseShade = color.RGBA{215, 230, 240, 255}
)

// Measures of all figures.
const (
	width     = 16 * vg.Centimeter
	rowHeight = 5.4 * vg.Centimeter
	fontSize  = font.Length(10)
	smallSize = font.Length(9)
)

// sans is the font of all text.
func sans(size font.Length) font.Font {
	return font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
}

// textStyle is black text of a size, centred in height.
func textStyle(size font.Length) text.Style {
	return text.Style{Color: black, Font: sans(size), YAlign: draw.YCenter, Handler: plot.DefaultTextHandler}
}

// newPlot returns an empty plot in our fonts and measures.
func newPlot(title, x, y string) panel {
	p := plot.New()
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = sans(smallSize)
		axis.Label.Padding = vg.Points(3)
		axis.Tick.Label.Font = sans(smallSize)
		axis.Tick.Length = vg.Points(4)
		axis.Color, axis.Tick.Color = ink, ink
		axis.Padding = 0
		axis.Tick.Marker = roundTicks{}
	}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return panel{p, title}
}

// timeAxis is the text of the time axis of each of n panels side by side, and
// the title: where panels are narrow the unit goes there.
func (s Style) timeAxis(n int) (axis, title string) {
	switch {
	case s.TimeUnit == "" || n <= 2:
		return s.timeLabel(), s.Title
	case s.Title == "":
		return "time", "time in " + s.TimeUnit
	}
	return "time", s.Title + ", time in " + s.TimeUnit
}

// timeLabel names the time and its unit.
func (s Style) timeLabel() string {
	if s.TimeUnit == "" {
		return "time"
	}
	return "time (" + s.TimeUnit + ")"
}

// moment writes a time with its unit.
func (s Style) moment(t float64) string {
	if s.TimeUnit == "" {
		return "t = " + number(t)
	}
	return "t = " + number(t) + " " + s.TimeUnit
}
