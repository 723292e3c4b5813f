package fsp_test

import (
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// below is the probability that all counts are at most top.
func below(d dist.Distribution, top int32) float64 {
	t := d.(*dist.Table)
	sum := 0.0
	for i := range t.Len() {
		if slices.Max(t.State(i)) <= top {
			sum += t.P(i)
		}
	}
	return sum
}

// TestGridEqualsSparseMatrix: the toggle switch is held as a grid by Solve and as a sparse matrix by Projection.
func TestGridEqualsSparseMatrix(t *testing.T) {
	_, n := build(t, "toggle-switch", crn.Power)
	sparse := projection(t, compile(t, n), 30_000)
	if err := sparse.Advance(t.Context(), 0, 0.5); err != nil {
		t.Fatal(err)
	}
	want, err := sparse.Table()
	if err != nil {
		t.Fatal(err)
	}
	for _, stepper := range []fsp.Stepper{fsp.Uniformisation, fsp.Chebyshev} {
		s := solve(t, n, fsp.Settings{Times: []float64{0.5}, Stepper: stepper}).Snapshots[0]
		if d := difference(t, s.Dist, want); d > 1e-12+diagnostic(t, s, "truncation_bound") {
			t.Errorf("%v: difference %.3g, bound %.3g", stepper, d, diagnostic(t, s, "truncation_bound"))
		}
		if leak := diagnostic(t, s, "leak"); math.Abs(leak-sparse.Leak()) > 1e-12 {
			t.Errorf("%v: leak %v, want %v", stepper, leak, sparse.Leak())
		}
	}
}

// TestSchloglVoxels holds the rare side of the chains against an independent program.
func TestSchloglVoxels(t *testing.T) {
	for _, test := range []struct {
		voxels int
		times  []float64
		low    []float64
	}{
		{1, []float64{1}, []float64{3.39728e-1}},
		{2, []float64{0.1, 0.5, 1}, []float64{5.844436e-4, 2.259508e-2, 5.116388e-2}},
		{3, []float64{0.1, 0.5, 1}, []float64{1.455127e-5, 2.881864e-3, 7.885469e-3}},
	} {
		if (test.voxels == 3 && os.Getenv("CME_LONG") == "") || (test.voxels == 2 && testing.Short()) {
			continue
		}
		r := solve(t, schlogl(test.voxels), fsp.Settings{Times: test.times})
		for i, s := range r.Snapshots {
			t.Logf("%d voxels, t = %g: %v", test.voxels, s.Time, s.Diagnostics)
			if p := below(s.Dist, 15); math.Abs(p/test.low[i]-1) > 2e-6 {
				t.Errorf("%d voxels, t = %g: P_B = %.7g, want %v", test.voxels, s.Time, p, test.low[i])
			}
		}
	}
}
