package layout

import (
	"math"
	"slices"
	"testing"
)

func apart(p, q [2]float64) float64 { return math.Hypot(p[0]-q[0], p[1]-q[1]) }

// A chain and a square can be drawn with every distance right.
func TestExactWhereTheGraphFitsThePlane(t *testing.T) {
	chain := Place(4, [][2]int{{0, 1}, {1, 2}, {2, 3}})
	for i := range chain {
		for j := range i {
			if got := apart(chain[i], chain[j]); math.Abs(got-float64(i-j)) > 0.02 {
				t.Errorf("nodes %d and %d of a chain are %.3f apart", j, i, got)
			}
		}
		if math.Abs(chain[i][1]) > 0.05 { // what is left of the spiral
			t.Errorf("node %d of a chain lies at height %.3f", i, chain[i][1])
		}
	}
	if chain[0][0] > 0 {
		t.Error("the first node is not on the left")
	}
}

func TestNodesAreParted(t *testing.T) {
	var star [][2]int
	for i := 1; i < 9; i++ {
		star = append(star, [2]int{0, i})
	}
	// Two parts, and a node by itself.
	parts := [][2]int{{0, 1}, {1, 2}, {3, 4}}
	for _, g := range []struct {
		n     int
		edges [][2]int
	}{{9, star}, {6, parts}, {2, nil}, {1, nil}} {
		p := Place(g.n, g.edges)
		for i := range p {
			for j := range i {
				if apart(p[i], p[j]) < 0.3 {
					t.Errorf("%v: nodes %d and %d are %.3f apart", g.edges, j, i, apart(p[i], p[j]))
				}
			}
		}
		if !slices.Equal(p, Place(g.n, g.edges)) {
			t.Error("another picture of the same graph")
		}
	}
}
