package dist_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Rows may have different lengths; marginals stay, and a product stays what it is.
func TestIndependent(t *testing.T) {
	j := dist.Joint{A: "a", B: "b", P: [][]float64{{0.1, 0.2}, {0.3, 0.1, 0.2}, {0.1}}}
	got := j.Independent()
	want := [][]float64{{0.15, 0.09, 0.06}, {0.3, 0.18, 0.12}, {0.05, 0.03, 0.02}}
	for a := range want {
		for b := range want[a] {
			if math.Abs(got.P[a][b]-want[a][b]) > 1e-15 {
				t.Errorf("P(%d, %d) is %v, want %v", a, b, got.P[a][b], want[a][b])
			}
		}
	}
	if d := dist.HellingerJoint(got, got.Independent()).Value; d > 1e-8 {
		t.Errorf("a product is %v from itself", d)
	}
	if d := dist.HellingerJoint(j, got).Value; d < 0.2 {
		t.Errorf("dependent counts are only %v from independent ones", d)
	}
}
