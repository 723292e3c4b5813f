package systems_test

import (
	"context"
	"math"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// TestBasinsOfSchlogl holds the probabilities of the basins A, all voxels in 25 … 84, and B, all in 0 … 15, against those of an
// independent program, which gave seven digits.
func TestBasinsOfSchlogl(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes projections slow")
	}
	type row struct{ time, a, b float64 }
	for _, test := range []struct {
		name string
		law  crn.Law
		long bool
		rows []row
	}{
		{"schlogl:sites=1", crn.FallingFactorial, false, []row{{1, 6.15483e-1, 3.39728e-1}}},
		{"schlogl:sites=1,constants=rounded", crn.FallingFactorial, false, []row{{1, 6.35944e-1, 3.20917e-1}}},
		{"schlogl:sites=1,constants=rounded", crn.Power, false, []row{{1, 5.54484e-1, 3.85348e-1}}},
		{"schlogl", crn.FallingFactorial, false, []row{{0.1, 9.249317e-1, 5.844436e-4}, {0.5, 8.730228e-1, 2.259508e-2}, {1, 8.457812e-1, 5.116388e-2}}},
		{"schlogl:constants=rounded", crn.FallingFactorial, false, []row{{1, 8.610055e-1, 4.415236e-2}}},
		{"schlogl:constants=rounded", crn.Power, false, []row{{1, 7.711974e-1, 7.509217e-2}}},
		{"schlogl:sites=3", crn.FallingFactorial, true, []row{{0.1, 9.052118e-1, 1.455127e-5}, {0.5, 8.650095e-1, 2.881864e-3}, {1, 8.594699e-1, 7.885469e-3}}},
		{"schlogl:sites=3,constants=rounded", crn.Power, true, []row{{1, 7.806158e-1, 1.452792e-2}}},
	} {
		if test.long && os.Getenv("CME_LONG") == "" {
			continue
		}
		n := build(t, test.name)
		n.Law = test.law
		var times []float64
		for _, r := range test.rows {
			times = append(times, r.time)
		}
		result, err := fsp.Solve(context.Background(), compile(t, n), fsp.Settings{Times: times})
		if err != nil {
			t.Fatal(err)
		}
		digits := 1e-6 // of the answers for one voxel
		if len(n.Species) > 1 {
			digits = 1e-7
		}
		for i, want := range test.rows {
			law := result.Snapshots[i].Dist.(*dist.Table)
			a, b := 0.0, 0.0
			for s := range law.Len() {
				low, high := int32(math.MaxInt32), int32(0)
				for _, x := range law.State(s) {
					low, high = min(low, x), max(high, x)
				}
				if low >= 25 {
					a += law.P(s)
				}
				if high <= 15 {
					b += law.P(s)
				}
			}
			// Half a unit of the last digit, and what the projection may lose.
			if math.Abs(a-want.a) > 0.51*digits+1e-8 || math.Abs(b/want.b-1) > 5.1*digits+1e-8/want.b {
				t.Errorf("%s with %s at t = %g: P(A) = %.7g, P(B) = %.7g, want %.7g and %.7g", test.name, test.law, want.time, a, b, want.a, want.b)
			}
		}
	}
}
