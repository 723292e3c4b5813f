package fsp_test

import (
	"math"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// TestSurvivalOfADecay: of n molecules that die at rate 1 none is left at time t with probability (1 − e^{−t})^n.
func TestSurvivalOfADecay(t *testing.T) {
	n := crn.New("decay")
	n.AddSpecies("X", crn.Delta(6), crn.Unbounded)
	n.ReactWith("X -> 0", crn.Number(1))
	n.ReactWith("0 -> X", crn.Number(0)) // would bring them back, if it ran
	for _, set := range []fsp.Set{fsp.ReachableSet, fsp.AdaptiveSet} {
		r := solve(t, n, fsp.Settings{Times: []float64{0, 1, 4}, Set: set, Absorb: fsp.Within([]int32{0}, []int32{0})})
		for _, s := range r.Survival() {
			want := 1 - math.Pow(1-math.Exp(-s.Time), 6)
			if s.Low > want+1e-12 || s.High < want-1e-12 || s.High-s.Low > 1e-7 {
				t.Errorf("%v, t = %g: survival %v to %v, want %v", set, s.Time, s.Low, s.High, want)
			}
		}
	}
	if r := solve(t, n, fsp.Settings{Times: []float64{1}}); r.Survival() != nil {
		t.Error("a survival curve without absorbing states")
	}
}

// TestSwitchingRateOfSchlogl lets the states with few molecules in all voxels absorb. The slope at late times is the switching rate.
func TestSwitchingRateOfSchlogl(t *testing.T) {
	for _, test := range []struct {
		voxels    int
		times     []float64
		absorbed  []float64 // from an independent program, with this relative tolerance
		tolerance float64
		rate      float64 // 0 where it is not known at these times
	}{
		{1, []float64{3, 4}, nil, 0, 0.836},
		{2, []float64{3, 4}, nil, 0, 0.11056},
		{3, []float64{0.1, 0.2, 0.5, 1}, []float64{3.4360e-5, 6.4987e-4, 5.3536e-3, 1.44101e-2}, 2e-5, 0},
	} {
		if test.voxels > 1 && testing.Short() || test.voxels > 2 && os.Getenv("CME_LONG") == "" {
			continue
		}
		low, high := make([]int32, test.voxels), make([]int32, test.voxels)
		for i := range high {
			high[i] = 15
		}
		r := solve(t, schlogl(test.voxels), fsp.Settings{Times: test.times, Absorb: fsp.Within(low, high)})
		curve := r.Survival()
		for i, want := range test.absorbed {
			if got := 1 - curve[i].High; math.Abs(got/want-1) > test.tolerance {
				t.Errorf("%d voxels, t = %g: absorbed %.6g, want %v", test.voxels, curve[i].Time, got, want)
			}
		}
		if test.rate == 0 {
			continue
		}
		a, b := curve[len(curve)-2], curve[len(curve)-1]
		if rate := math.Log(a.High/b.High) / (b.Time - a.Time); math.Abs(rate/test.rate-1) > 1e-3 {
			t.Errorf("%d voxels: rate %.5g, want %v", test.voxels, rate, test.rate)
		}
	}
}
