package kernelext

import (
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
	if l.title != "" {
		h += legendLine + 4
	}
	return h
}

// draw writes the strip at the top of c and returns what is left below it.
func (l legend) draw(c draw.Canvas) draw.Canvas {
	letters := textStyle(fontSize)
	y := c.Max.Y - legendLine/2 - 2
	left := c.Min.X + 6
	if l.title != "" {
		c.FillText(textStyle(fontSize+1), vg.Point{X: left, Y: y}, l.title)
		y -= legendLine + 4
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
