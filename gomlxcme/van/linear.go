package van

import (
	"github.com/gomlx/compute/dtypes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// linear is a head whose logits are linear in its coefficients, base + Ψ a. It is
// an exponential family, so log P is concave in a.
type linear struct {
	base []float64 // [M] fixed part of the logits
	psi  []float64 // [M, R] basis
	m, r int
}

func (h linear) size() int { return h.r }

// logits returns [n, M] from coefficients [n, R].
func (h linear) logits(a *mlx.Node) *mlx.Node {
	g := a.Graph()
	psi := mlx.Const(g, transpose(h.psi, h.m, h.r))
	return mlx.Add(mlx.MatMul(a, psi), mlx.InsertAxes(mlx.Const(g, h.base), 0))
}

// at returns the logits at counts x [n] alone, as [n]: the row of Ψ that belongs
// to a count is looked up instead of selecting one of M logits.
func (h linear) at(a, x *mlx.Node) *mlx.Node {
	g := a.Graph()
	index := mlx.InsertAxes(x, -1)
	row := mlx.Gather(mlx.Const(g, matrix(h.psi, h.m, h.r)), index)
	return mlx.Add(mlx.ReduceSum(mlx.Mul(a, row), -1), mlx.Gather(mlx.Const(g, h.base), index))
}

func (h linear) logp(a, x, mask *mlx.Node) *mlx.Node {
	at, logits := h.at(a, x), h.logits(a)
	if mask != nil {
		logits = mlx.Add(logits, mask)
		at = mlx.Add(at, pick(mask, x))
	}
	return mlx.Sub(at, logSumExp(logits))
}

func (h linear) draw(a, u, power, mask *mlx.Node) *mlx.Node {
	return drawLogits(h.logits(a), u, power, mask)
}

// pick returns the entry [n] of each row of a table [n, M] that belongs to x [n].
func pick(table, x *mlx.Node) *mlx.Node {
	return mlx.ReduceSum(mlx.Mul(table, mlx.OneHot(x, table.Shape().Dimensions[1], table.DType())), -1)
}

// logSumExp reduces [n, M] to [n]. The maximum is a constant for the gradient.
func logSumExp(logits *mlx.Node) *mlx.Node {
	top := fence(mlx.StopGradient(mlx.ReduceAndKeep(logits, mlx.ReduceMax, -1)))
	return mlx.Add(mlx.Log(mlx.ReduceSum(mlx.Exp(mlx.Sub(logits, top)), -1)), mlx.Reshape(top, top.Shape().Dimensions[0]))
}

// drawLogits draws from logits [n, M]: the count is the number of values whose
// cumulative probability lies below u.
func drawLogits(logits, u, power, mask *mlx.Node) *mlx.Node {
	logits = mlx.Mul(logits, mlx.InsertAxes(power, -1))
	if mask != nil {
		logits = mlx.Add(logits, mask)
	}
	return drawWeights(mlx.Exp(mlx.Sub(logits, fence(mlx.ReduceAndKeep(logits, mlx.ReduceMax, -1)))), u)
}

// drawWeights draws from weights [n, M], which need not be normalised.
func drawWeights(weights, u *mlx.Node) *mlx.Node {
	m := weights.Shape().Dimensions[1]
	// A product with a triangular matrix is the running sum: the Go backend's
	// own running sum is slow.
	sums := mlx.MatMul(weights, mlx.Const(weights.Graph(), upperTriangle(m)))
	total := mlx.Slice(sums, mlx.AxisRange(), mlx.AxisElem(m-1))
	below := mlx.ConvertDType(mlx.LessOrEqual(sums, fence(mlx.Mul(mlx.InsertAxes(u, -1), total))), dtypes.Int32)
	// u·total never exceeds total, but may equal it after rounding.
	return mlx.MinScalar(mlx.ReduceSum(below, -1), float64(m-1))
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

// matrix returns rows of a as GoMLX takes constants.
func matrix(a []float64, n, m int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = a[i*m : (i+1)*m]
	}
	return rows
}

func transpose(a []float64, n, m int) [][]float64 {
	t := make([][]float64, m)
	for j := range t {
		t[j] = make([]float64, n)
		for i := range n {
			t[j][i] = a[i*m+j]
		}
	}
	return t
}
