package crn_test

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// ringOf is voxels that exchange molecules along pairs.
func ringOf(t *testing.T, voxels int, pairs [][2]int, change func(n *crn.Network)) *crn.Compiled {
	t.Helper()
	n := crn.New("voxels")
	n.Param("hop", 2)
	n.Param("in", 1.5)
	names := []string{"A", "B", "C", "D", "E"}[:voxels]
	for _, x := range names {
		n.AddSpecies(x, crn.Delta(3), 9)
	}
	for _, x := range names {
		n.React("0 -> "+x, "in")
		n.React("2 "+x+" -> "+x, "in")
	}
	for _, p := range pairs {
		n.React(names[p[0]]+" -> "+names[p[1]], "hop")
		n.React(names[p[1]]+" -> "+names[p[0]], "hop")
	}
	if change != nil {
		change(n)
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The groups of a chain, a square and a star are known; what breaks a symmetry is seen. Propensities of permuted states are those of
// the states, in sum.
func TestSymmetries(t *testing.T) {
	square := [][2]int{{0, 1}, {1, 3}, {3, 2}, {2, 0}}
	for name, test := range map[string]struct {
		c    *crn.Compiled
		want int
	}{
		"chain":                  {ringOf(t, 4, [][2]int{{0, 1}, {1, 2}, {2, 3}}, nil), 2},
		"square":                 {ringOf(t, 4, square, nil), 8},
		"star":                   {ringOf(t, 5, [][2]int{{0, 1}, {0, 2}, {0, 3}, {0, 4}}, nil), 24},
		"alone":                  {ringOf(t, 3, nil, nil), 6},
		"square, another start":  {ringOf(t, 4, square, func(n *crn.Network) { n.Species[0].Initial = crn.Delta(4) }), 2},
		"square, another cap":    {ringOf(t, 4, square, func(n *crn.Network) { n.Species[1].Cap = 8 }), 2},
		"square, one way faster": {ringOf(t, 4, square, func(n *crn.Network) { n.Param("more", 1); n.React("A -> B", "more") }), 1},
		"square, a formula": {ringOf(t, 4, square, func(n *crn.Network) {
			n.Param("none", 0)
			n.ReactWith("0 -> A", crn.Hill{Species: "B", Base: "none", Gain: "in", Half: "hop", Exponent: "hop"})
		}), 1},
	} {
		list := test.c.Symmetries(100)
		if len(list) != test.want {
			t.Errorf("%s: %d symmetries, want %d: %v", name, len(list), test.want, list)
		}
		if got := test.c.Symmetries(2); len(got) != min(2, test.want) {
			t.Errorf("%s: %d symmetries of at most 2", name, len(got))
		}
		rng := rand.New(rand.NewPCG(1, 2))
		a := make([]float64, test.c.NumReactions())
		for _, p := range list {
			x, y := make([]int32, len(p)), make([]int32, len(p))
			for i := range x {
				x[i] = rng.Int32N(8)
				y[p[i]] = x[i]
			}
			if u, v := test.c.Propensities(a, x, 0), test.c.Propensities(a, y, 0); u != v && (u-v > 1e-12*u || v-u > 1e-12*u) {
				t.Errorf("%s: %v has propensities of sum %v, %v of %v", name, x, u, y, v)
			}
		}
	}
}
