package kernelext

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/palette/brewer"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// colourDecades is how many powers of ten of probability have a colour of their
// own; what is rarer gets the palest.
const colourDecades = 5

// Space around the maps.
const (
	axisWidth  = vg.Length(32) // of the ticks of a map, with the gap to the next
	axisHeight = vg.Length(66) // of axis and title
	labelWidth = vg.Length(14) // of the label of the first map
	barWidth   = vg.Length(72) // of the scale
)

// DrawJoint draws the joint distribution of species a and b at time t as one
// heat map per answer, side by side: one bin per pair of integers, the colour
// the logarithm of the probability, on one scale for all; white is zero. Above
// each map stands its Hellinger distance to the first answer.
func DrawJoint(s Style, t float64, a, b string, answers ...Answer) ([]byte, error) {
	if _, err := check(answers, nil); err != nil {
		return nil, err
	}
	joints, err := jointLaws(answers, t, a, b)
	if err != nil {
		return nil, err
	}
	scale := newColours(joints)
	side := min(6*vg.Centimeter, (width-2*margin-barWidth-labelWidth)/vg.Length(len(joints))-axisWidth)
	f := figure{
		legend: legend{title: strings.TrimPrefix(s.Title+", "+s.moment(t), ", ")},
		grid:   grid{rows: make([][]panel, 1)},
	}
	described := make([]string, len(answers))
	top := [2]int{}
	for _, j := range joints {
		high := extent(j, scale.low)
		top[0], top[1] = max(top[0], high[0]), max(top[1], high[1])
	}
	for i, j := range joints {
		p := newPlot(answers[i].samples(), "count of "+a+" (molecules)", "")
		described[i] = answers[i].samples()
		if i == 0 {
			p.Y.Label.Text = "count of " + b + " (molecules)"
		} else {
			d := apart(dist.HellingerJoint(joints[0], j))
			p.title += "\nD = " + d
			described[i] += ": D = " + d
		}
		p.X.Tick.Marker, p.Y.Tick.Marker = roundTicks{whole: true, few: len(joints) > 2}, roundTicks{whole: true}
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(top[0])+0.5, -0.5, float64(top[1])+0.5
		p.Add(raster{scale.image(j, top), [4]float64{p.X.Min, p.X.Max, p.Y.Min, p.Y.Max}})
		f.grid.rows[0] = append(f.grid.rows[0], p)
		f.grid.widths = append(f.grid.widths, side+axisWidth)
	}
	f.grid.widths[0] += labelWidth
	f.grid.rows[0] = append(f.grid.rows[0], scale.bar())
	f.grid.widths = append(f.grid.widths, barWidth)
	f.grid.heights = []vg.Length{side + axisHeight}
	f.alt = fmt.Sprintf("Joint distribution of %s and %s at %s as heat maps. %s.", a, b, s.moment(t), strings.Join(described, "; "))
	return f.svg()
}

// jointLaws returns the joint law of two species from every answer.
func jointLaws(answers []Answer, t float64, a, b string) ([]dist.Joint, error) {
	joints := make([]dist.Joint, len(answers))
	for i, answer := range answers {
		snap, err := answer.At(t)
		if err != nil {
			return nil, err
		}
		first, err := answer.index(snap.Dist, a)
		if err != nil {
			return nil, err
		}
		second, err := answer.index(snap.Dist, b)
		if err != nil {
			return nil, err
		}
		if joints[i], err = snap.Dist.Joint(first, second); err != nil {
			return nil, fmt.Errorf("kernelext: %s: %w", answer.Label, err)
		}
	}
	return joints, nil
}

// extent returns the largest counts with probability of at least least.
func extent(j dist.Joint, least float64) (high [2]int) {
	for x, row := range j.P {
		for y, p := range row {
			if p >= least {
				high[0], high[1] = max(high[0], x), max(high[1], y)
			}
		}
	}
	return high
}

// colours maps probabilities to colours by their logarithm.
type colours struct {
	low, high float64 // probabilities at the ends of the scale
	ramp      []color.Color
}

func newColours(joints []dist.Joint) colours {
	c := colours{high: 1e-300}
	for _, j := range joints {
		for _, row := range j.P {
			for _, p := range row {
				c.high = math.Max(c.high, p)
			}
		}
	}
	c.low = c.high * math.Pow(10, -colourDecades)
	if p, err := brewer.GetPalette(brewer.TypeSequential, "YlGnBu", 9); err == nil {
		c.ramp = p.Colors()
	} else { // the name is one of brewer's own
		c.ramp = []color.Color{color.White, color.Black}
	}
	return c
}

// at returns the colour for a share of the scale, 0 to 1.
func (c colours) at(share float64) color.RGBA {
	x := math.Min(math.Max(share, 0), 1) * float64(len(c.ramp)-1)
	i := min(int(x), len(c.ramp)-2)
	f := x - float64(i)
	r0, g0, b0, _ := c.ramp[i].RGBA()
	r1, g1, b1, _ := c.ramp[i+1].RGBA()
	mix := func(p, q uint32) uint8 { return uint8(((1-f)*float64(p) + f*float64(q)) / 257) }
	return color.RGBA{mix(r0, r1), mix(g0, g1), mix(b0, b1), 255}
}

func (c colours) of(p float64) color.RGBA {
	if p <= 0 {
		return color.RGBA{255, 255, 255, 255}
	}
	return c.at(math.Log(p/c.low) / math.Log(c.high/c.low))
}

// image paints counts 0 … top, a to the right and b upwards. Bins are several
// pixels wide, so that a viewer that smooths pictures does not blur them.
func (c colours) image(j dist.Joint, top [2]int) image.Image {
	const bin = 4
	img := image.NewRGBA(image.Rect(0, 0, bin*(top[0]+1), bin*(top[1]+1)))
	for x := range top[0] + 1 {
		for y := range top[1] + 1 {
			p := 0.0
			if x < len(j.P) && y < len(j.P[x]) {
				p = j.P[x][y]
			}
			fill := c.of(p)
			for k := range bin * bin {
				img.SetRGBA(bin*x+k%bin, bin*(top[1]-y)+k/bin, fill)
			}
		}
	}
	return img
}

// bar is the scale: colour against probability.
func (c colours) bar() panel {
	const steps = 128
	img := image.NewRGBA(image.Rect(0, 0, 1, steps))
	for y := range steps {
		img.SetRGBA(0, steps-1-y, c.at(float64(y)/(steps-1)))
	}
	p := newPlot("", "", "probability")
	p.HideX()
	p.Y.Min, p.Y.Max = math.Log10(c.low), math.Log10(c.high)
	p.Y.Tick.Marker = decades{}
	p.X.Min, p.X.Max = 0, 1
	p.Add(raster{img, [4]float64{0, 1, p.Y.Min, p.Y.Max}})
	return p
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
