package kernelext

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/kernelext/internal/layout"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Measures of a diagram.
const (
	edgeLength  = 44       // points between neighbours
	boxHeight   = 18       // of a species
	squareSize  = 5        // of a reaction
	manyNames   = 24       // reactions, from which on their names are left out
	diagramEdge = 26       // around the picture
	arrowLength = 6.5      // points
	arrowWidth  = 2.4      // half
	emptySet    = "\u2205" // what a source makes its product of
)

// DrawNetwork draws a reaction network: boxes are species, small squares are
// reactions with their names. Arrows lead from reactants to the reaction and on
// to its products, with the number of molecules where it is not 1. A dashed line
// with a round end joins a reaction to a species that only sets its rate: a
// catalyst, the state of a gene, what a Hill function reads.
func DrawNetwork(s Style, n *crn.Network) ([]byte, error) {
	c, err := n.Compile()
	if err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	g := graphOf(n, c)
	edges := make([][2]int, len(g.edges))
	for i, e := range g.edges {
		edges[i] = [2]int{e.from, e.to}
	}
	g.place(layout.Place(len(g.nodes), edges))
	title := s.Title
	if title == "" {
		title = n.Name
	}
	head := legend{title: title, rows: []legendRow{{plain: true, text: "box: species, square: reaction; dashed: sets the rate and is not used up"}}}
	if !slices.ContainsFunc(g.edges, func(e edge) bool { return e.kind == modifies }) {
		head.rows[0].text = "box: species, square: reaction"
	}
	lines := make([]string, len(n.Reactions))
	for i, r := range n.Reactions {
		lines[i] = r.Format(n)
	}
	alt := fmt.Sprintf("Reaction network %s with the species %s and the reactions %s.", n.Name, strings.Join(c.SpeciesNames(), ", "), strings.Join(lines, "; "))
	return paint(max(width, g.size.X), head.height()+g.size.Y, alt, func(c draw.Canvas) {
		g.draw(head.draw(draw.Crop(c, 0, 0, 0, -4)))
	})
}

// kind is what a node or an edge of the diagram stands for.
type kind int

const (
	species kind = iota
	reaction
	nothing
	uses
	makes
	modifies
)

type node struct {
	kind kind
	name string
	at   vg.Point
	half vg.Point // of its box
}

type edge struct {
	kind     kind
	from, to int
	order    int // molecules
}

// graph is a network as nodes and edges.
type graph struct {
	nodes []node
	edges []edge
	size  vg.Point
}

func graphOf(n *crn.Network, c *crn.Compiled) *graph {
	g := &graph{}
	for _, s := range n.Species {
		w := textStyle(fontSize).Width(s.Name)
		g.nodes = append(g.nodes, node{kind: species, name: s.Name, half: vg.Point{X: max(w/2+6, 11), Y: boxHeight / 2}})
	}
	for k, r := range n.Reactions {
		name := r.Name
		if len(n.Reactions) > manyNames {
			name = ""
		}
		at := len(g.nodes)
		g.nodes = append(g.nodes, node{kind: reaction, name: name, half: vg.Point{X: squareSize / 2, Y: squareSize / 2}})
		g.addReaction(at, r, c.Reads(k))
	}
	return g
}

// addReaction adds the edges of the reaction at a node.
func (g *graph) addReaction(at int, r crn.Reaction, reads []int) {
	orders := func(terms []crn.Term) map[int]int {
		m := map[int]int{}
		for _, t := range terms {
			m[t.Species] += t.Order
		}
		return m
	}
	in, out := orders(r.Reactants), orders(r.Products)
	touched := map[int]bool{}
	origins, sinks := 0, 0 // a reaction without either gets the empty set there
	for i := range g.nodes[:at] {
		if g.nodes[i].kind != species {
			break
		}
		used, made := in[i], out[i]
		if used > 0 && used == made { // a catalyst
			continue
		}
		if used > 0 {
			g.edges = append(g.edges, edge{uses, i, at, used})
			touched[i], origins = true, origins+1
		}
		if made > 0 {
			g.edges = append(g.edges, edge{makes, at, i, made})
			touched[i], sinks = true, sinks+1
		}
	}
	for _, i := range slices.Compact(slices.Sorted(slices.Values(reads))) {
		if !touched[i] {
			g.edges = append(g.edges, edge{modifies, i, at, 1})
			origins++
		}
	}
	if origins == 0 {
		g.nodes = append(g.nodes, node{kind: nothing, name: emptySet, half: vg.Point{X: 6, Y: 6}})
		g.edges = append(g.edges, edge{uses, len(g.nodes) - 1, at, 1})
	}
	if sinks == 0 {
		g.nodes = append(g.nodes, node{kind: nothing, name: emptySet, half: vg.Point{X: 6, Y: 6}})
		g.edges = append(g.edges, edge{makes, at, len(g.nodes) - 1, 1})
	}
}

// place scales positions to points, parts boxes that overlap, and finds the
// size of the picture.
func (g *graph) place(at [][2]float64) {
	scale := vg.Length(edgeLength)
	span := 0.0
	for _, p := range at {
		span = max(span, 2*math.Abs(p[0]))
	}
	if wide := vg.Length(span)*scale + 2*diagramEdge; wide > width {
		scale *= max((width-2*diagramEdge)/(wide-2*diagramEdge), 0.7)
	}
	for i, p := range at {
		g.nodes[i].at = vg.Point{X: vg.Length(p[0]) * scale, Y: vg.Length(p[1]) * scale}
	}
	for range 60 {
		g.part()
	}
	low, high := g.nodes[0].at, g.nodes[0].at
	for _, v := range g.nodes {
		low = vg.Point{X: min(low.X, v.at.X-v.half.X), Y: min(low.Y, v.at.Y-v.half.Y)}
		high = vg.Point{X: max(high.X, v.at.X+v.half.X), Y: max(high.Y, v.at.Y+v.half.Y)}
	}
	g.size = vg.Point{X: high.X - low.X + 2*diagramEdge, Y: high.Y - low.Y + 2*diagramEdge}
	aside := max(0, (width-g.size.X)/2)
	for i := range g.nodes {
		g.nodes[i].at.X += diagramEdge - low.X + aside
		g.nodes[i].at.Y += diagramEdge - low.Y
	}
}

// part moves nodes whose boxes come too near away from each other, along the
// axis on which less is missing.
func (g *graph) part() {
	const room = 9
	for i := range g.nodes {
		for j := range i {
			a, b := &g.nodes[i], &g.nodes[j]
			dx, dy := a.at.X-b.at.X, a.at.Y-b.at.Y
			missX := a.half.X + b.half.X + room - vg.Length(math.Abs(float64(dx)))
			missY := a.half.Y + b.half.Y + room - vg.Length(math.Abs(float64(dy)))
			switch {
			case missX <= 0 || missY <= 0:
			case missX < missY:
				move := vg.Length(math.Copysign(float64(missX)/2, float64(dx)))
				a.at.X, b.at.X = a.at.X+move, b.at.X-move
			default:
				move := vg.Length(math.Copysign(float64(missY)/2, float64(dy)))
				a.at.Y, b.at.Y = a.at.Y+move, b.at.Y-move
			}
		}
	}
}
