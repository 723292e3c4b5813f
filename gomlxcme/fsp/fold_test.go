package fsp

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// voxels are four of them on a square or a chain, with births, deaths in pairs and hops.
func voxels(t *testing.T, pairs [][2]int) *crn.Compiled {
	t.Helper()
	n := crn.New("voxels")
	n.Param("in", 2)
	n.Param("out", 0.3)
	n.Param("hop", 1)
	names := []string{"A", "B", "C", "D"}
	for _, x := range names {
		n.AddSpecies(x, crn.Delta(4), 8)
	}
	for _, x := range names {
		n.React("0 -> "+x, "in")
		n.React("2 "+x+" -> 0", "out")
	}
	for _, p := range pairs {
		n.React(names[p[0]]+" -> "+names[p[1]], "hop")
		n.React(names[p[1]]+" -> "+names[p[0]], "hop")
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Folded and unfolded projections say the same of symmetric sets, with absorption and without, and every state has the probability of all
// that are alike. The tolerance is that of the two series.
func TestFoldedProjection(t *testing.T) {
	low := func(x []int32) bool { return slices.Max(x) <= 2 }
	for _, test := range []struct {
		pairs [][2]int
		order int
	}{{[][2]int{{0, 1}, {1, 3}, {3, 2}, {2, 0}}, 8}, {[][2]int{{0, 1}, {1, 2}, {2, 3}}, 2}} {
		c := voxels(t, test.pairs)
		group := folding(c.Symmetries(100)[1:])
		if len(group)+1 != test.order {
			t.Fatalf("%d symmetries, want %d", len(group)+1, test.order)
		}
		for _, absorb := range []func(x []int32) bool{nil, low} {
			set := Settings{Times: []float64{0.3, 1}, Absorb: absorb, Set: ReachableSet}
			whole, err := Solve(context.Background(), c, set)
			if err != nil {
				t.Fatal(err)
			}
			set.Fold = true
			folded, err := Solve(context.Background(), c, set)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range whole.Snapshots {
				sum := map[[4]int32]float64{}
				full, part := s.Dist.(*dist.Table), folded.Snapshots[i].Dist.(*dist.Table)
				for k := range full.Len() {
					x := slices.Clone(full.State(k))
					group.fold(x)
					sum[[4]int32(x)] += full.P(k)
				}
				if part.Len() != len(sum) || part.Len() > full.Len()*2/test.order {
					t.Errorf("%d states of %d, want %d", part.Len(), full.Len(), len(sum))
				}
				for k := range part.Len() {
					if want := sum[[4]int32(part.State(k))]; math.Abs(part.P(k)-want) > 1e-9 {
						t.Errorf("state %v: %v, want %v", part.State(k), part.P(k), want)
					}
				}
				if absorb != nil && math.Abs(whole.Survival()[i].Low-folded.Survival()[i].Low) > 1e-8 {
					t.Errorf("survival %v, want %v", folded.Survival()[i], whole.Survival()[i])
				}
			}
		}
	}
	c := voxels(t, [][2]int{{0, 1}})
	for _, set := range []Settings{
		{Times: []float64{1}, Fold: true, Absorb: func(x []int32) bool { return x[0] == 0 }},
		{Times: []float64{1}, Fold: true, Set: AdaptiveSet},
	} {
		if _, err := Solve(context.Background(), c, set); !errors.Is(err, ErrSettings) {
			t.Errorf("error %v", err)
		}
	}
}
