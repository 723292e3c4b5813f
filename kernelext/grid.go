package kernelext

import (
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is a plot with a title that stands over the data, not over the axis.
type panel struct {
	*plot.Plot
	title string
}

const titleLine = vg.Length(12.5)

// grid is panels in rows and columns with their data areas aligned.
type grid struct {
	rows    [][]panel
	heights []vg.Length // of the rows
	widths  []vg.Length // of the columns; empty for equal ones
	columns int         // if the last row may be short; 0 for the length of each row
}

const (
	margin = vg.Length(6) // around the grid
	gap    = vg.Length(8) // between panels
)

func (g grid) height() vg.Length {
	h := margin
	for _, r := range g.heights {
		h += r
	}
	return h
}

// draw places the panels and draws them.
func (g grid) draw(c draw.Canvas) {
	tiles := g.tiles(draw.Crop(c, margin, -margin, margin, 0))
	heads := make([]vg.Length, len(g.rows))
	for i, row := range g.rows {
		for _, p := range row {
			if p.title != "" {
				heads[i] = max(heads[i], titleLine*vg.Length(1+strings.Count(p.title, "\n")))
			}
		}
		for j := range row {
			tiles[i][j] = draw.Crop(tiles[i][j], 0, 0, 0, -heads[i])
		}
	}
	g.align(tiles)
	style := textStyle(fontSize)
	style.XAlign = draw.XCenter
	for i, row := range g.rows {
		for j, p := range row {
			p.Draw(tiles[i][j])
			data := p.DataCanvas(tiles[i][j])
			lines := strings.Split(p.title, "\n")
			for k, line := range lines {
				if line != "" {
					// From the data up, which begin at one height in a row; the tiles do not.
					y := data.Max.Y + 4 + titleLine*(vg.Length(len(lines)-1-k)+0.5)
					c.FillText(style, vg.Point{X: data.Center().X, Y: y}, line)
				}
			}
		}
	}
}

// tiles divides the canvas.
func (g grid) tiles(c draw.Canvas) [][]draw.Canvas {
	tiles := make([][]draw.Canvas, len(g.rows))
	top := c.Max.Y
	for i, row := range g.rows {
		left := c.Min.X
		for j := range row {
			width := (c.Max.X - c.Min.X) / vg.Length(max(len(row), g.columns))
			if len(g.widths) > 0 {
				width = g.widths[j]
			}
			tile := c
			tile.Min = vg.Point{X: left, Y: top - g.heights[i] + gap/2}
			tile.Max = vg.Point{X: left + width - gap, Y: top}
			tiles[i] = append(tiles[i], tile)
			left += width
		}
		top -= g.heights[i]
	}
	return tiles
}

// align narrows tiles until the data areas of a column begin and end at the
// same x, and those of a row at the same y.
func (g grid) align(tiles [][]draw.Canvas) {
	type key struct {
		column bool
		at     int
	}
	low, high := map[key]vg.Length{}, map[key]vg.Length{}
	each := func(do func(tile *draw.Canvas, data draw.Canvas, column, row key)) {
		for i, row := range g.rows {
			for j, p := range row {
				do(&tiles[i][j], p.DataCanvas(tiles[i][j]), key{true, j}, key{false, i})
			}
		}
	}
	each(func(tile *draw.Canvas, data draw.Canvas, column, row key) {
		low[column] = max(low[column], data.Min.X-tile.Min.X)
		high[column] = max(high[column], tile.Max.X-data.Max.X)
		low[row] = max(low[row], data.Min.Y-tile.Min.Y)
		high[row] = max(high[row], tile.Max.Y-data.Max.Y)
	})
	each(func(tile *draw.Canvas, data draw.Canvas, column, row key) {
		*tile = draw.Crop(*tile,
			low[column]-(data.Min.X-tile.Min.X), -(high[column] - (tile.Max.X - data.Max.X)),
			low[row]-(data.Min.Y-tile.Min.Y), -(high[row] - (tile.Max.Y - data.Max.Y)))
	})
}
