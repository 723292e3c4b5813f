package evolve

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Equations like those of a step, of which most of each row goes to other states,
// against a dense solution.
func TestSparseAgainstDense(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 30, 300} {
		for _, gain := range []float64{0.5, 0.99, 0.9999} {
			a := &sparse{start: make([]int32, n+1), diagonal: make([]float64, n)}
			dense := mat.NewDense(n, n, nil)
			right := make([]float64, n)
			for i := range n {
				a.diagonal[i] = 1
				for range 4 {
					j := rng.IntN(n)
					if j == i {
						continue
					}
					a.column, a.value = append(a.column, int32(j)), append(a.value, -gain/4)
					dense.Set(i, j, dense.At(i, j)-gain/4)
				}
				a.start[i+1] = int32(len(a.column))
				dense.Set(i, i, 1)
				right[i] = rng.NormFloat64()
			}
			var want mat.VecDense
			if err := want.SolveVec(dense, mat.NewVecDense(n, right)); err != nil {
				t.Fatal(err)
			}
			for _, begin := range []float64{0, 1, 1e9} { // a guess may be useless
				got := make([]float64, n)
				for i := range got {
					got[i] = begin
				}
				left := a.solve(got, right, 1000, 1e-12)
				var off mat.VecDense
				off.SubVec(mat.NewVecDense(n, got), &want)
				if left > 1e-12 || mat.Norm(&off, 2) > 1e-7*mat.Norm(&want, 2) {
					t.Errorf("n = %d, gain %g: off by %.2g of %.2g, residual %.2g", n, gain, mat.Norm(&off, 2), mat.Norm(&want, 2), left)
				}
			}
		}
	}
}

// Nothing on the right side has nothing for its solution, whatever the guess.
func TestSparseWithoutRightSide(t *testing.T) {
	a := &sparse{start: []int32{0, 0}, diagonal: []float64{1}}
	x := []float64{math.Pi}
	if left := a.solve(x, []float64{0}, 10, 1e-3); left != 0 || x[0] != 0 {
		t.Errorf("x = %v, residual %v", x, left)
	}
}
