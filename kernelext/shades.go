package kernelext

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette/brewer"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shades maps numbers to colours from pale yellow to dark blue, which keep
// their order for the colour-blind and in grey.
type shades struct {
	label     string  // of the scale
	low, high float64 // at the ends of the scale
	log       bool    // by the logarithm; white is then zero
	ramp      []color.Color
}

func newShades(label string, low, high float64, log bool) shades {
	c := shades{label: label, low: low, high: high, log: log}
	if high <= low {
		c.high = low + 1
	}
	if p, err := brewer.GetPalette(brewer.TypeSequential, "YlGnBu", 9); err == nil {
		c.ramp = p.Colors()
	} else { // the name is one of brewer's own
		c.ramp = []color.Color{color.White, color.Black}
	}
	return c
}

// at returns the colour for a share of the scale, 0 to 1.
func (c shades) at(share float64) color.RGBA {
	x := math.Min(math.Max(share, 0), 1) * float64(len(c.ramp)-1)
	i := min(int(x), len(c.ramp)-2)
	f := x - float64(i)
	r0, g0, b0, _ := c.ramp[i].RGBA()
	r1, g1, b1, _ := c.ramp[i+1].RGBA()
	mix := func(p, q uint32) uint8 { return uint8(((1-f)*float64(p) + f*float64(q)) / 257) }
	return color.RGBA{mix(r0, r1), mix(g0, g1), mix(b0, b1), 255}
}

// of returns the colour of a value: grey for what is no number.
func (c shades) of(v float64) color.RGBA {
	switch {
	case math.IsNaN(v):
		return color.RGBA{190, 190, 190, 255}
	case c.log && v <= 0:
		return color.RGBA{255, 255, 255, 255}
	case c.log:
		return c.at(math.Log(v/c.low) / math.Log(c.high/c.low))
	}
	return c.at((v - c.low) / (c.high - c.low))
}

// bar is the scale: colour against value.
func (c shades) bar() panel {
	const steps = 128
	img := image.NewRGBA(image.Rect(0, 0, 1, steps))
	for y := range steps {
		img.SetRGBA(0, steps-1-y, c.at(float64(y)/(steps-1)))
	}
	p := newPlot("", "", c.label)
	p.HideX()
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = c.low, c.high, roundTicks{}
	if c.log {
		p.Y.Min, p.Y.Max, p.Y.Tick.Marker = math.Log10(c.low), math.Log10(c.high), decades{}
	}
	p.X.Min, p.X.Max = 0, 1
	p.Add(raster{img, [4]float64{0, 1, p.Y.Min, p.Y.Max}})
	return p
}

// cells paints values[y][x], y upwards. Cells are several pixels wide, so that
// a viewer that smooths pictures does not blur them.
func (c shades) cells(values [][]float64) image.Image {
	const side = 4
	columns := 0
	for _, row := range values {
		columns = max(columns, len(row))
	}
	img := image.NewRGBA(image.Rect(0, 0, side*columns, side*len(values)))
	for y, row := range values {
		for x := range columns {
			fill := c.of(math.NaN())
			if x < len(row) {
				fill = c.of(row[x])
			}
			for k := range side * side {
				img.SetRGBA(side*x+k%side, side*(len(values)-1-y)+k/side, fill)
			}
		}
	}
	return img
}

// raster draws an image over a range of data.
type raster struct {
	image image.Image
	box   [4]float64 // x from, to; y from, to
}

// Plot draws the image.
func (r raster) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	c.DrawImage(vg.Rectangle{
		Min: vg.Point{X: x(r.box[0]), Y: y(r.box[2])},
		Max: vg.Point{X: x(r.box[1]), Y: y(r.box[3])},
	}, r.image)
}
