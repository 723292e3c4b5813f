package kernelext

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ribbon is a shaded band.
type ribbon struct {
	fill           color.Color
	x, lower, over []float64
}

// band is the ribbon of a series, in its colour, seen through.
func (c Chart) band(r Series, style draw.LineStyle) ribbon {
	b := ribbon{fill: glass(style.Color)}
	for i := range r.X {
		x, low, high := scaled(r.X[i], c.LogX), scaled(r.Low[i], c.LogY), scaled(r.High[i], c.LogY)
		if finite(x) && finite(low) && finite(high) {
			b.x, b.lower, b.over = append(b.x, x), append(b.lower, low), append(b.over, high)
		}
	}
	return b
}

// DataRange is the extent of the band.
func (b ribbon) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, ymin, xmax, ymax = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i, x := range b.x {
		xmin, xmax, ymin, ymax = min(xmin, x), max(xmax, x), min(ymin, b.lower[i]), max(ymax, b.over[i])
	}
	return xmin, xmax, ymin, ymax
}

// Plot draws the band.
func (b ribbon) Plot(c draw.Canvas, p *plot.Plot) {
	if len(b.x) < 2 {
		return
	}
	x, y := p.Transforms(&c)
	outline := make([]vg.Point, 0, 2*len(b.x))
	for i := range b.x {
		outline = append(outline, vg.Point{X: x(b.x[i]), Y: y(b.over[i])})
	}
	for i := len(b.x) - 1; i >= 0; i-- {
		outline = append(outline, vg.Point{X: x(b.x[i]), Y: y(b.lower[i])})
	}
	c.FillPolygon(b.fill, c.ClipPolygonXY(outline))
}

// glassAlpha is how much a band hides of what lies behind it, of 255: of three in
// one place all can still be told.
const glassAlpha = 56

// glass is a colour for areas that may lie over one another.
func glass(c color.Color) color.NRGBA {
	r, g, b, _ := c.RGBA()
	return color.NRGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), glassAlpha}
}

// pale is a light shade of a colour, for what must hide what is behind it.
func pale(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	mix := func(v uint32) uint8 { return uint8(255 - (255-v/257)*45/255) }
	return color.RGBA{mix(r), mix(g), mix(b), 255}
}
