package learn

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// shape of a network: K inputs as P coefficients each, F harmonics, H hidden units, O outputs.
type shape struct {
	inputs, powers, harmonics, hidden, outputs int
}

// The parts of the parameters, one after the other: four series of F coefficients (sines and cosines of the mean, then of the variance),
// W₁ [K, H], c₁ [H], W₂ [H, O], c₂ [O].
func (s shape) fourier() int { return 4 * s.harmonics }
func (s shape) first() int   { return s.fourier() + s.inputs*s.hidden }
func (s shape) bias() int    { return s.first() + s.hidden }
func (s shape) second() int  { return s.bias() + s.hidden*s.outputs }
func (s shape) size() int    { return s.second() + s.outputs }

// init draws weights as He et al. (2015) for rectified units; all else is 0.
func (s shape) init(rng *rand.Rand) []float64 {
	theta := make([]float64, s.size())
	for i := s.fourier(); i < s.first(); i++ {
		theta[i] = rng.NormFloat64() * math.Sqrt(2/float64(s.inputs))
	}
	for i := s.bias(); i < s.second(); i++ {
		theta[i] = rng.NormFloat64() * math.Sqrt(2/float64(s.hidden))
	}
	return theta
}

// isWeight reports whether parameter i is in W₁ or W₂.
func (s shape) isWeight(i int) bool {
	return i >= s.fourier() && i < s.first() || i >= s.bias() && i < s.second()
}

// net is a shape with its graphs.
type net struct {
	shape
	powers [][2]int
	output *mlx.Exec // of parameters, waves [n, 2F] and coefficients [n, K, P]: [n, O]
	loss   *mlx.Exec // the same with dropout [n, H], targets [n, O] and weights [n]: loss and gradient
}

func newNet(b *backend.Backend, s shape, powers [][2]int) (*net, error) {
	n := &net{shape: s, powers: powers}
	var err error
	if n.output, err = mlx.NewExec(b.Backend, func(theta, waves, coefficients *mlx.Node) *mlx.Node {
		return n.forward(theta, waves, coefficients, nil)
	}); err != nil {
		return nil, fmt.Errorf("cannot prepare the network: %w", err)
	}
	if n.loss, err = mlx.NewExec(b.Backend, n.lossGraph); err != nil {
		return nil, fmt.Errorf("cannot prepare the gradient of the network: %w", err)
	}
	return n, nil
}

// part is a matrix of the parameters.
func part(theta *mlx.Node, from, to int, dims ...int) *mlx.Node {
	return mlx.Reshape(mlx.Slice(theta, mlx.AxisRange(from, to)), dims...)
}

// series is waves · coefficients / max(1, Σ |coefficients| + 1e-8), [n, 1].
func series(waves, coefficients *mlx.Node) *mlx.Node {
	size := mlx.MaxScalar(mlx.AddScalar(mlx.ReduceAllSum(mlx.Abs(coefficients)), 1e-8), 1.0)
	return mlx.Div(mlx.MatMul(waves, coefficients), size)
}

// forward builds the outputs [n, O].
func (n *net) forward(theta, waves, coefficients, dropout *mlx.Node) *mlx.Node {
	f := n.harmonics
	mean := series(waves, part(theta, 0, 2*f, 2*f, 1))
	spread := mlx.Sqrt(mlx.AddScalar(series(waves, part(theta, 2*f, 4*f, 2*f, 1)), varianceOffset))
	z := mlx.ReduceSum(mlx.Mul(coefficients, mlx.InsertAxes(n.monomials(mean, spread), 1)), -1)
	z = mlx.Where(mlx.LessThan(mlx.Abs(z), mlx.Scalar(z.Graph(), z.DType(), negligible)), mlx.ZerosLike(z), z)
	h := mlx.MatMul(z, part(theta, n.fourier(), n.first(), n.inputs, n.hidden))
	h = mlx.MaxScalar(mlx.Add(h, part(theta, n.first(), n.bias(), 1, n.hidden)), 0.0)
	if dropout != nil {
		h = mlx.Mul(h, dropout)
	}
	y := mlx.MatMul(h, part(theta, n.bias(), n.second(), n.hidden, n.outputs))
	return mlx.Add(y, part(theta, n.second(), n.size(), 1, n.outputs))
}

// monomials are μ^a √Σ^b [n, P].
func (n *net) monomials(mean, spread *mlx.Node) *mlx.Node {
	inverse := mlx.Div(mlx.OnesLike(spread), spread)
	columns := make([]*mlx.Node, len(n.powers))
	for i, p := range n.powers {
		m := mlx.OnesLike(mean)
		for range p[0] {
			m = mlx.Mul(m, mean)
		}
		for range p[1] {
			m = mlx.Mul(m, spread)
		}
		for range -p[1] {
			m = mlx.Mul(m, inverse)
		}
		columns[i] = m
	}
	return mlx.Concatenate(columns, 1)
}

// lossGraph is the mean over weighted points and outputs of squared errors, and its gradient.
func (n *net) lossGraph(theta, waves, coefficients, dropout, targets, weights *mlx.Node) (loss, gradient *mlx.Node) {
	d := mlx.Sub(n.forward(theta, waves, coefficients, dropout), targets)
	each := mlx.ReduceSum(mlx.Mul(d, d), -1)
	loss = mlx.Div(mlx.ReduceAllSum(mlx.Mul(each, weights)), mlx.MulScalar(mlx.ReduceAllSum(weights), n.outputs))
	return loss, mlx.Gradient(loss, theta)[0]
}

// batch is what a graph takes for n points.
type batch struct {
	waves, coefficients, dropout, targets, weights []float64
}

func (n *net) tensors(theta []float64, b *batch, rows int) []any {
	f := tensors.FromFlatDataAndDimensions[float64]
	return []any{f(theta, len(theta)), f(b.waves, rows, 2*n.harmonics), f(b.coefficients, rows, n.inputs, len(n.powers))}
}

// gradient returns the loss of a batch and writes its gradient into dst.
func (n *net) gradient(dst, theta []float64, b *batch) (loss float64, err error) {
	rows := len(b.weights)
	f := tensors.FromFlatDataAndDimensions[float64]
	in := append(n.tensors(theta, b, rows), f(b.dropout, rows, n.hidden), f(b.targets, rows, n.outputs), f(b.weights, rows))
	value, grad, err := n.loss.Call2(in...)
	if err != nil {
		return 0, fmt.Errorf("gradient of the network: %w", err)
	}
	loss = tensors.ToScalar[float64](value)
	return loss, grad.ConstFlatData(func(flat any) { copy(dst, flat.([]float64)) })
}

// outputsOf returns the outputs [rows·O].
func (n *net) outputsOf(theta []float64, b *batch, rows int) ([]float64, error) {
	out, err := n.output.Call1(n.tensors(theta, b, rows)...)
	if err != nil {
		return nil, fmt.Errorf("output of the network: %w", err)
	}
	y := make([]float64, rows*n.outputs)
	return y, out.ConstFlatData(func(flat any) { copy(y, flat.([]float64)) })
}
