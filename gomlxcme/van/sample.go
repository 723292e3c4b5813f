package van

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Sample draws n states by inverting the conditional distributions at the
// uniform numbers u [n·L] in [0, 1), and writes them into dst [n·L].
//
// The conditionals of sample k are raised to the power exponents[k] and
// normalised again: 1 draws from P, smaller powers flatten every conditional so
// that rare states are seen (tempering). A nil slice means 1 everywhere.
func (m *Model) Sample(dst []int32, theta Params, u, exponents []float64) error {
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	l := m.Box.Species()
	n := len(u) / l
	if exponents != nil && len(exponents) != n {
		return fmt.Errorf("van: %d exponents for %d samples", len(exponents), n)
	}
	return m.parallel(n, func(lo, hi int) error {
		block, power := make([]float64, Chunk*l), make([]float64, Chunk)
		copy(block, u[lo*l:hi*l])
		for k := range power {
			power[k] = 1
		}
		if exponents != nil {
			copy(power, exponents[lo:hi])
		}
		ut := tensors.FromFlatDataAndDimensions(block, Chunk, l)
		et := tensors.FromFlatDataAndDimensions(power, Chunk)
		defer ut.FinalizeAll()
		defer et.FinalizeAll()
		out, err := m.sample.Call1(th, ut, et)
		if err != nil {
			return fmt.Errorf("van: sampling: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo*l:hi*l], flat.([]int32)[:(hi-lo)*l]) })
	})
}

// sampleGraph draws species after species: the count is the number of values
// whose cumulative probability lies below u.
func (m *Model) sampleGraph(theta, u, power *mlx.Node) *mlx.Node {
	g := theta.Graph()
	n, l := u.Shape().Dimensions[0], m.Box.Species()
	t := newTape(m.net.layout(), theta)
	var columns, out []*mlx.Node
	for i, h := range m.net.heads() {
		logits := mlx.Mul(h.logits(m.net.coefficients(t, columns, n)), mlx.InsertAxes(power, -1))
		if mask := m.Box.mask(g, columns, n); mask != nil {
			logits = mlx.Add(logits, mask)
		}
		weights := mlx.Exp(mlx.Sub(logits, fence(mlx.ReduceAndKeep(logits, mlx.ReduceMax, -1))))
		// A product with a triangular matrix is the running sum: the Go backend's
		// own running sum is slow.
		sums := mlx.MatMul(weights, mlx.Const(g, upperTriangle(h.m)))
		ui := mlx.Slice(u, mlx.AxisRange(), mlx.AxisElem(i))
		total := mlx.Slice(sums, mlx.AxisRange(), mlx.AxisElem(h.m-1))
		below := mlx.ConvertDType(mlx.LessOrEqual(sums, fence(mlx.Mul(ui, total))), dtypes.Int32)
		// u·total never exceeds total, but may equal it after rounding.
		x := mlx.MinScalar(mlx.ReduceSum(below, -1), float64(h.m-1))
		columns = append(columns, x)
		out = append(out, mlx.Reshape(x, n, 1))
	}
	if l == 1 {
		return out[0]
	}
	return mlx.Concatenate(out, 1)
}

// upperTriangle is the matrix U with (w U)_k = Σ_{q ≤ k} w_q.
func upperTriangle(m int) [][]float64 {
	u := make([][]float64, m)
	for i := range u {
		u[i] = make([]float64, m)
		for j := i; j < m; j++ {
			u[i][j] = 1
		}
	}
	return u
}
