package kernelext

import (
	"strings"

	"gonum.org/v1/plot/text"
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

// besideMark is how far the text of a row stands from the left end of its mark.
const besideMark = vg.Length(26)

// height is what the strip takes.
func (l legend) height() vg.Length {
	h := vg.Length(6)
	for _, row := range l.rows {
		h += vg.Length(len(row.lines())) * legendLine
	}
	if n := len(l.titleLines()); n > 0 {
		h += vg.Length(n)*legendLine + 4
	}
	return h
}

// titleLines are the title in lines that fit the usual width.
func (l legend) titleLines() []string {
	return wrap(strings.SplitAfter(l.title, " "), textStyle(fontSize+1), width-2*margin)
}

// lines are the text of a row in lines that fit the usual width, broken behind commas where that is enough; at least one.
func (r legendRow) lines() []string {
	style, room := textStyle(fontSize), width-2*margin
	if !r.plain {
		room -= besideMark
	}
	lines := wrap(strings.SplitAfter(r.text, ", "), style, room)
	if len(lines) == 0 {
		return []string{""}
	}
	for _, line := range lines {
		if style.Width(line) > room {
			return wrap(strings.SplitAfter(r.text, " "), style, room)
		}
	}
	return lines
}

// wrap joins pieces to lines of at most a width, without the spaces at their ends; a piece that is wider has a line of its own.
func wrap(pieces []string, style text.Style, room vg.Length) []string {
	var lines []string
	line := ""
	for _, piece := range pieces {
		if line != "" && style.Width(strings.TrimSpace(line+piece)) > room {
			lines, line = append(lines, strings.TrimSpace(line)), ""
		}
		line += piece
	}
	if line = strings.TrimSpace(line); line != "" {
		lines = append(lines, line)
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
		x := left
		if !row.plain {
			row.drawMark(c, vg.Point{X: left, Y: y})
			x += besideMark
		}
		for _, line := range row.lines() {
			c.FillText(letters, vg.Point{X: x, Y: y}, line)
			y -= legendLine
		}
	}
	return draw.Crop(c, 0, 0, 0, -l.height())
}

// drawMark draws what the row explains, with the middle of its left end at a point.
func (r legendRow) drawMark(c draw.Canvas, at vg.Point) {
	const length, half = vg.Length(18), vg.Length(4)
	right := at.X + length
	if r.band {
		c.FillPolygon(noiseShade, []vg.Point{{X: at.X, Y: at.Y - half}, {X: right, Y: at.Y - half}, {X: right, Y: at.Y + half}, {X: at.X, Y: at.Y + half}})
		return
	}
	style := r.mark.line()
	if r.line != nil {
		style = *r.line
	}
	c.SetLineStyle(style)
	var path vg.Path
	if r.mark.shape == curve || r.line != nil {
		path.Move(at)
		path.Line(vg.Point{X: right, Y: at.Y})
	} else {
		r.mark.shape.trace(&path, vg.Point{X: at.X + length/2, Y: at.Y}, vg.Points(3.2))
	}
	c.Stroke(path)
}
