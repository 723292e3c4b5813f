package kernelext

import (
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legend is a strip above the panels, so that it never covers data.
type legend struct {
	title string
	rows  []legendRow
}

type legendRow struct {
	mark  mark
	text  string
	line  *draw.LineStyle // drawn in place of the mark
	band  bool            // a patch in the colour of the noise band in place of the mark
	plain bool            // text alone
}

const legendLine = vg.Length(14)

// height is what the strip takes.
func (l legend) height() vg.Length {
	h := vg.Length(len(l.rows))*legendLine + 6
	if n := len(l.titleLines()); n > 0 {
		h += vg.Length(n)*legendLine + 4
	}
	return h
}

// titleLines are the title in lines that fit the usual width.
func (l legend) titleLines() []string {
	var lines []string
	style := textStyle(fontSize + 1)
	for _, word := range strings.Fields(l.title) {
		last := len(lines) - 1
		if last < 0 || style.Width(lines[last]+" "+word) > width-2*margin {
			lines = append(lines, word)
		} else {
			lines[last] += " " + word
		}
	}
	return lines
}

// draw writes the strip at the top of c and returns what is left below it.
func (l legend) draw(c draw.Canvas) draw.Canvas {
	letters := textStyle(fontSize)
	y := c.Max.Y - legendLine/2 - 2
	left := c.Min.X + 6
	for i, line := range l.titleLines() {
		if i == 0 {
			y -= 4
		}
		c.FillText(textStyle(fontSize+1), vg.Point{X: left, Y: y + 4}, line)
		y -= legendLine
	}
	for _, row := range l.rows {
		if row.plain {
			c.FillText(letters, vg.Point{X: left, Y: y}, row.text)
			y -= legendLine
			continue
		}
		if row.band {
			c.FillPolygon(noiseShade, []vg.Point{{X: left, Y: y - 4}, {X: left + 18, Y: y - 4}, {X: left + 18, Y: y + 4}, {X: left, Y: y + 4}})
			c.FillText(letters, vg.Point{X: left + 26, Y: y}, row.text)
			y -= legendLine
			continue
		}
		style := row.mark.line()
		if row.line != nil {
			style = *row.line
		}
		c.SetLineStyle(style)
		var path vg.Path
		if row.mark.shape == curve || row.line != nil {
			path.Move(vg.Point{X: left, Y: y})
			path.Line(vg.Point{X: left + 18, Y: y})
		} else {
			row.mark.shape.trace(&path, vg.Point{X: left + 9, Y: y}, vg.Points(3.2))
		}
		c.Stroke(path)
		c.FillText(letters, vg.Point{X: left + 26, Y: y}, row.text)
		y -= legendLine
	}
	return draw.Crop(c, 0, 0, 0, -l.height())
}
