package device

import (
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// base is the order up to which a matrix is inverted row by row.
const base = 32

// inverse returns the inverse W of the Cholesky factor of a symmetric matrix a [n, n],
// so that W a Wᵀ = 1, and the least pivot, which is not above 0, or no number, where
// the matrix is not positive definite. Halves are inverted one after the other:
//
//	W = | W₁              0  |
//	    | −W₂ L W₁        W₂ |,   L = A₂₁ W₁ᵀ,   W₂ of A₂₂ − L Lᵀ.
func inverse(a *mlx.Node) (w, least *mlx.Node) {
	n := a.Shape().Dimensions[0]
	if n <= base {
		return inverseByRows(a)
	}
	h := n / 2
	low, high := mlx.AxisRange(0, h), mlx.AxisRange(h, n)
	w1, least1 := inverse(mlx.Slice(a, low, low))
	l := times(mlx.Slice(a, high, low), w1)
	w2, least2 := inverse(mlx.Sub(mlx.Slice(a, high, high), times(l, l)))
	below := mlx.Neg(mlx.MatMul(mlx.MatMul(w2, l), w1))
	w = mlx.Concatenate([]*mlx.Node{
		mlx.Concatenate([]*mlx.Node{w1, mlx.Zeros(a.Graph(), shapes.Make(a.DType(), h, n-h))}, 1),
		mlx.Concatenate([]*mlx.Node{below, w2}, 1),
	}, 0)
	return w, mlx.Min(least1, least2)
}

// times returns a bᵀ.
func times(a, b *mlx.Node) *mlx.Node { return mlx.Einsum("ik,jk->ij", a, b) }

// inverseByRows takes multiples of each row from those below it, in [a | 1]. What is
// left on the diagonal are the pivots d, and what has become of 1, over √d, is W.
func inverseByRows(a *mlx.Node) (w, least *mlx.Node) {
	g, n := a.Graph(), a.Shape().Dimensions[0]
	both := shapes.Make(dtypes.Float64, n, 2*n)
	one := unit(g, n)
	state := func(g *mlx.Graph) (k, m *mlx.Node) {
		return mlx.Parameter(g, "k", shapes.Make(dtypes.Int32)), mlx.Parameter(g, "m", both)
	}
	cond := mlx.NewClosure(g, func(g *mlx.Graph) []*mlx.Node {
		k, _ := state(g)
		return []*mlx.Node{mlx.LessThan(k, mlx.Const(g, int32(n-1)))}
	})
	body := mlx.NewClosure(g, func(g *mlx.Graph) []*mlx.Node {
		k, m := state(g)
		// Rows and columns are picked by products: go-xla (v0.4.1) refuses sums over axes in
		// a closure.
		rows := mlx.Iota(g, shapes.Make(dtypes.Int32, n, 1), 0)
		pick := func(axes ...int) *mlx.Node {
			at := mlx.Iota(g, shapes.Make(dtypes.Int32, axes...), slices.Index(axes, max(axes[0], axes[1])))
			return mlx.ConvertDType(mlx.Equal(at, k), dtypes.Float64)
		}
		row, column := mlx.MatMul(pick(1, n), m), mlx.MatMul(m, pick(2*n, 1))
		pivot := mlx.MatMul(row, pick(2*n, 1))
		factor := mlx.Div(mlx.Mul(column, mlx.ConvertDType(mlx.GreaterThan(rows, k), dtypes.Float64)), pivot)
		// Not AddScalar: GoMLX (v0.28.3) would use its 1 again in the next closure, where it
		// is not known.
		return []*mlx.Node{mlx.Add(k, mlx.Const(g, int32(1))), mlx.Sub(m, mlx.Mul(factor, row))}
	})
	m := mlx.While(cond, body, mlx.Const(g, int32(0)), mlx.Concatenate([]*mlx.Node{a, one}, 1))[1]
	pivots := mlx.ReduceAndKeep(mlx.Mul(mlx.Slice(m, mlx.AxisRange(), mlx.AxisRange(0, n)), one), mlx.ReduceSum, 1)
	return mlx.Div(mlx.Slice(m, mlx.AxisRange(), mlx.AxisRange(n, 2*n)), mlx.Sqrt(pivots)), mlx.ReduceAllMin(pivots)
}

// unit is the matrix 1 [n, n].
func unit(g *mlx.Graph, n int) *mlx.Node {
	return mlx.ConvertDType(mlx.Diagonal(g, n), dtypes.Float64)
}
