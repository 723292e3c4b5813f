package kernelext

import (
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot/vg"
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
		p.Add(raster{jointImage(scale, j, top), [4]float64{p.X.Min, p.X.Max, p.Y.Min, p.Y.Max}})
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

// newColours is a logarithmic scale up to the highest probability.
func newColours(joints []dist.Joint) shades {
	top := 1e-300
	for _, j := range joints {
		for _, row := range j.P {
			for _, p := range row {
				top = math.Max(top, p)
			}
		}
	}
	return newShades("probability", top*math.Pow(10, -colourDecades), top, true)
}

// jointImage paints counts 0 … top, a to the right and b upwards.
func jointImage(c shades, j dist.Joint, top [2]int) image.Image {
	values := make([][]float64, top[1]+1)
	for y := range values {
		values[y] = make([]float64, top[0]+1)
		for x := range values[y] {
			if x < len(j.P) && y < len(j.P[x]) {
				values[y][x] = j.P[x][y]
			}
		}
	}
	return c.cells(values)
}
