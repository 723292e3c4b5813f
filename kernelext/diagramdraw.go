package kernelext

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws edges, then nodes over them.
func (g *graph) draw(c draw.Canvas) {
	base := vg.Point{X: c.Min.X, Y: c.Min.Y}
	var taken []vg.Rectangle // by boxes and names
	for _, v := range g.nodes {
		taken = append(taken, vg.Rectangle{Min: v.at.Sub(v.half), Max: v.at.Add(v.half)})
	}
	for _, e := range g.edges {
		g.drawEdge(c, base, e)
		if e.order > 1 {
			at, half := g.orderAt(e), vg.Point{X: 4, Y: 5}
			taken = append(taken, vg.Rectangle{Min: at.Sub(half), Max: at.Add(half)})
		}
	}
	for _, v := range g.nodes {
		at := v.at.Add(base)
		letters := textStyle(fontSize)
		letters.XAlign = draw.XCenter
		switch v.kind {
		case species:
			box := rounded(at, v.half, 5)
			c.SetColor(pale(blue))
			c.Fill(box)
			c.SetLineStyle(draw.LineStyle{Color: blue, Width: vg.Points(1)})
			c.Stroke(box)
			c.FillText(letters, at, v.name)
		case nothing:
			c.FillText(letters, at, v.name)
		case reaction:
			c.SetColor(ink)
			c.Fill(rounded(at, v.half, 0.5))
			if v.name != "" {
				small := textStyle(smallSize - 1.5)
				small.Color = ink
				place := g.nameOf(v, small, taken)
				taken = append(taken, place)
				c.FillText(small, vg.Point{X: place.Min.X, Y: (place.Min.Y + place.Max.Y) / 2}.Add(base), v.name)
			}
		}
	}
}

// rounded is a box with round corners.
func rounded(at, half vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	left, right, low, high := at.X-half.X, at.X+half.X, at.Y-half.Y, at.Y+half.Y
	p.Move(vg.Point{X: left + r, Y: low})
	p.Line(vg.Point{X: right - r, Y: low})
	p.Arc(vg.Point{X: right - r, Y: low + r}, r, -math.Pi/2, math.Pi/2)
	p.Line(vg.Point{X: right, Y: high - r})
	p.Arc(vg.Point{X: right - r, Y: high - r}, r, 0, math.Pi/2)
	p.Line(vg.Point{X: left + r, Y: high})
	p.Arc(vg.Point{X: left + r, Y: high - r}, r, math.Pi/2, math.Pi/2)
	p.Line(vg.Point{X: left, Y: low + r})
	p.Arc(vg.Point{X: left + r, Y: low + r}, r, math.Pi, math.Pi/2)
	p.Close()
	return p
}

// drawEdge draws a line between the borders of two nodes, and what its end
// says.
func (g *graph) drawEdge(c draw.Canvas, base vg.Point, e edge) {
	start, end := g.line(e)
	start, end = start.Add(base), end.Add(base)
	along := end.Sub(start)
	length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
	if length < 1 {
		return
	}
	unit := along.Scale(1 / length)
	style := draw.LineStyle{Color: ink, Width: vg.Points(0.9)}
	switch e.kind {
	case modifies:
		style.Color, style.Dashes = purple, []vg.Length{2, 2}
		stop := end.Sub(unit.Scale(4))
		c.StrokeLine2(style, start.X, start.Y, stop.X, stop.Y)
		var dot vg.Path
		ring.trace(&dot, end.Sub(unit.Scale(2)), 2)
		c.SetLineStyle(draw.LineStyle{Color: purple, Width: vg.Points(0.9)})
		c.Stroke(dot)
		return
	case makes:
		stop := end.Sub(unit.Scale(arrowLength - 1))
		c.StrokeLine2(style, start.X, start.Y, stop.X, stop.Y)
		back, side := end.Sub(unit.Scale(arrowLength)), vg.Point{X: -unit.Y, Y: unit.X}.Scale(arrowWidth)
		c.FillPolygon(ink, []vg.Point{end, back.Add(side), back.Sub(side)})
	default:
		c.StrokeLine2(style, start.X, start.Y, end.X, end.Y)
	}
	if e.order > 1 {
		letters := textStyle(smallSize)
		letters.XAlign = draw.XCenter
		c.FillText(letters, g.orderAt(e).Add(base), fmt.Sprint(e.order))
	}
}

// border is where the line from a node's middle to a place leaves its box, with
// some room.
func border(v node, towards vg.Point, room vg.Length) vg.Point {
	dx, dy := towards.X-v.at.X, towards.Y-v.at.Y
	if dx == 0 && dy == 0 {
		return v.at
	}
	share := math.Inf(1)
	if dx != 0 {
		share = min(share, float64(v.half.X+room)/math.Abs(float64(dx)))
	}
	if dy != 0 {
		share = min(share, float64(v.half.Y+room)/math.Abs(float64(dy)))
	}
	return vg.Point{X: v.at.X + dx*vg.Length(share), Y: v.at.Y + dy*vg.Length(share)}
}

// orderAt is the middle of the number beside an edge.
func (g *graph) orderAt(e edge) vg.Point {
	start, end := g.line(e)
	along := end.Sub(start)
	length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
	return start.Add(along.Scale(0.5)).Add(vg.Point{X: along.Y, Y: -along.X}.Scale(6.5 / max(length, 1)))
}

// line is where an edge begins and ends. Of two edges between the same nodes
// each stands a little to its right.
func (g *graph) line(e edge) (start, end vg.Point) {
	from, to := g.nodes[e.from], g.nodes[e.to]
	start, end = border(from, to.at, 1.5), border(to, from.at, 1.5)
	if slices.ContainsFunc(g.edges, func(other edge) bool { return other.from == e.to && other.to == e.from }) {
		along := end.Sub(start)
		length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
		aside := vg.Point{X: along.Y, Y: -along.X}.Scale(2.8 / max(length, 1))
		start, end = start.Add(aside), end.Add(aside)
	}
	return start, end
}

// nameOf is the place for a reaction's name where it covers least: right of,
// left of, above or below its square.
func (g *graph) nameOf(v node, style text.Style, taken []vg.Rectangle) vg.Rectangle {
	const height = 9
	w := style.Width(v.name)
	best, least := vg.Rectangle{}, math.MaxInt
	for _, low := range []vg.Point{
		{X: 5, Y: 2}, {X: -5 - w, Y: 2}, {X: 5, Y: -2 - height}, {X: -5 - w, Y: -2 - height},
		{X: 6, Y: -height / 2}, {X: -6 - w, Y: -height / 2}, {X: -w / 2, Y: 5}, {X: -w / 2, Y: -5 - height},
	} {
		box := vg.Rectangle{Min: v.at.Add(low), Max: v.at.Add(low).Add(vg.Point{X: w, Y: height})}
		if covered := g.covers(box, taken); covered < least {
			best, least = box, covered
		}
	}
	return best
}

// covers counts what lies below a box: points of edges, and other boxes, which
// count more.
func (g *graph) covers(box vg.Rectangle, taken []vg.Rectangle) int {
	count := 0
	for _, b := range taken {
		if box.Min.X < b.Max.X && b.Min.X < box.Max.X && box.Min.Y < b.Max.Y && b.Min.Y < box.Max.Y {
			count += 10
		}
	}
	for _, e := range g.edges {
		const points = 24
		start, end := g.line(e)
		for i := range points + 1 {
			at := start.Add(end.Sub(start).Scale(vg.Length(i) / points))
			if at.X > box.Min.X && at.X < box.Max.X && at.Y > box.Min.Y && at.Y < box.Max.Y {
				count++
			}
		}
	}
	return count
}
