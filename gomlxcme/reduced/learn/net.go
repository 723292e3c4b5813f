package learn

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// net is a shape with its graphs. Inputs are computed with 64 bits, for they are small differences of large numbers; layers with 32 if single.
type net struct {
	shape
	single bool
	live   [][]int   // [P]: powers of μ_h and √Σ_h
	output *mlx.Exec // of waves [n, 2F], coefficients [n, K, P] and parameters: [n, O]
	loss   *mlx.Exec // the same with targets [n, O], weights [n] and dropout [n, H_l] of each hidden layer: loss and gradients
}

func newNet(b *backend.Backend, s shape, single bool, powers [][]int) (*net, error) {
	n := &net{shape: s, single: single, live: powers}
	var err error
	if n.output, err = mlx.NewExec(b.Backend, func(in []*mlx.Node) *mlx.Node {
		return n.forward(in[0], in[1], in[2:], nil)
	}); err != nil {
		return nil, fmt.Errorf("cannot prepare the network: %w", err)
	}
	if n.loss, err = mlx.NewExec(b.Backend, n.lossGraph); err != nil {
		return nil, fmt.Errorf("cannot prepare the gradient of the network: %w", err)
	}
	return n, nil
}

// series is waves · coefficients / max(1, Σ |coefficients| + 1e-8), [n, 1].
func series(waves, coefficients *mlx.Node) *mlx.Node {
	size := mlx.MaxScalar(mlx.AddScalar(mlx.ReduceAllSum(mlx.Abs(coefficients)), 1e-8), 1.0)
	return mlx.Div(mlx.MatMul(waves, coefficients), size)
}

// latent is the law of the latent variable: μ_h and √Σ_h, [n, 1] each.
func (n *net) latent(waves, theta *mlx.Node) (mean, spread *mlx.Node) {
	f := n.harmonics
	rows := func(from int) *mlx.Node { return mlx.Reshape(mlx.Slice(theta, mlx.AxisRange(from, from+2)), 2*f, 1) }
	return series(waves, rows(0)), mlx.Sqrt(mlx.AddScalar(series(waves, rows(2)), varianceOffset))
}

// forward builds the outputs [n, O], without dropout if there is none.
func (n *net) forward(waves, coefficients *mlx.Node, theta, dropout []*mlx.Node) *mlx.Node {
	mean, spread := n.latent(waves, theta[0])
	z := mlx.Einsum("np,nkp->nk", monomials(n.live, mean, spread), coefficients)
	return n.layers(z, theta[1:], dropout)
}

// layers builds the outputs from standardised inputs [n, K].
func (n *net) layers(z *mlx.Node, theta, dropout []*mlx.Node) *mlx.Node {
	z = mlx.Where(mlx.LessThan(mlx.Abs(z), mlx.Scalar(z.Graph(), z.DType(), negligible)), mlx.ZerosLike(z), z)
	if n.single {
		z = mlx.ConvertDType(z, dtypes.Float32)
	}
	next := func() (p *mlx.Node) {
		p, theta = theta[0], theta[1:]
		return p
	}
	for l := range n.hidden {
		z = mlx.MatMul(z, next())
		z = mlx.Add(z, next())
		positive := mlx.MaxScalar(z, 0.0)
		if n.activation == PReLU {
			positive = mlx.Add(positive, mlx.Mul(mlx.MinScalar(z, 0.0), next()))
		}
		z = positive
		if dropout != nil {
			z = mlx.Mul(z, dropout[l])
		}
	}
	z = mlx.MatMul(z, next())
	return mlx.ConvertDType(mlx.Add(z, next()), dtypes.Float64)
}

// monomials are the products of powers of variables [n, 1], [n, P]; the second variable may have negative powers.
func monomials(powers [][]int, variables ...*mlx.Node) *mlx.Node {
	inverse := make([]*mlx.Node, len(variables))
	columns := make([]*mlx.Node, len(powers))
	for i, p := range powers {
		m := mlx.OnesLike(variables[0])
		for v, k := range p {
			x := variables[v]
			if k < 0 {
				if inverse[v] == nil {
					inverse[v] = mlx.Div(mlx.OnesLike(x), x)
				}
				x, k = inverse[v], -k
			}
			for range k {
				m = mlx.Mul(m, x)
			}
		}
		columns[i] = m
	}
	return mlx.Concatenate(columns, 1)
}

// lossGraph is the mean over weighted points and outputs of squared errors, and its gradients.
func (n *net) lossGraph(in []*mlx.Node) []*mlx.Node {
	waves, coefficients, targets, weights := in[0], in[1], in[2], in[3]
	dropout, theta := in[4:4+len(n.hidden)], in[4+len(n.hidden):]
	d := mlx.Sub(n.forward(waves, coefficients, theta, dropout), targets)
	each := mlx.ReduceSum(mlx.Mul(d, d), -1)
	loss := mlx.Div(mlx.ReduceAllSum(mlx.Mul(each, weights)), mlx.MulScalar(mlx.ReduceAllSum(weights), n.outputs))
	return append([]*mlx.Node{loss}, mlx.Gradient(loss, theta...)...)
}

// batch is what a graph takes for n points.
type batch struct {
	waves, coefficients, targets, weights []float64
	dropout                               [][]float64 // [layer][n·H_l]
}

// tensor hands numbers to the layers.
func (n *net) tensor(x []float64, dims ...int) *tensors.Tensor {
	if !n.single {
		return tensors.FromFlatDataAndDimensions(x, dims...)
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = float32(v)
	}
	return tensors.FromFlatDataAndDimensions(y, dims...)
}

// tensors of all parameters.
func (n *net) tensors(in []any, theta []float64) []any {
	for _, p := range n.parts() {
		if p.kind == fourier {
			in = append(in, tensors.FromFlatDataAndDimensions(theta[p.from:p.to], p.rows, p.cols))
			continue
		}
		in = append(in, n.tensor(theta[p.from:p.to], p.rows, p.cols))
	}
	return in
}

// gradient returns the loss of a batch and writes its gradient into dst.
func (n *net) gradient(dst, theta []float64, b *batch) (loss float64, err error) {
	rows := len(b.weights)
	f := tensors.FromFlatDataAndDimensions[float64]
	in := []any{f(b.waves, rows, 2*n.harmonics), f(b.coefficients, rows, n.inputs, len(n.live)), f(b.targets, rows, n.outputs), f(b.weights, rows)}
	for l, h := range n.hidden {
		in = append(in, n.tensor(b.dropout[l], rows, h))
	}
	out, err := n.loss.Call(n.tensors(in, theta)...)
	if err != nil {
		return 0, fmt.Errorf("gradient of the network: %w", err)
	}
	loss = tensors.ToScalar[float64](out[0])
	return loss, n.gather(dst, out[1:])
}

// gather writes the gradients of all parts into dst.
func (n *net) gather(dst []float64, gradients []*tensors.Tensor) error {
	for i, p := range n.parts() {
		to := dst[p.from:p.to]
		if err := gradients[i].ConstFlatData(func(flat any) {
			switch x := flat.(type) {
			case []float64:
				copy(to, x)
			case []float32:
				for k, v := range x {
					to[k] = float64(v)
				}
			}
		}); err != nil {
			return fmt.Errorf("gradient of the network: %w", err)
		}
	}
	return nil
}

// outputsOf returns the outputs [rows·O].
func (n *net) outputsOf(theta []float64, b *batch, rows int) ([]float64, error) {
	return n.outputsFor(n.tensors(nil, theta), b, rows)
}

// outputsFor takes the parameters as tensors.
func (n *net) outputsFor(theta []any, b *batch, rows int) ([]float64, error) {
	f := tensors.FromFlatDataAndDimensions[float64]
	in := []any{f(b.waves, rows, 2*n.harmonics), f(b.coefficients, rows, n.inputs, len(n.live))}
	out, err := n.output.Call1(append(in, theta...)...)
	if err != nil {
		return nil, fmt.Errorf("output of the network: %w", err)
	}
	y := make([]float64, rows*n.outputs)
	return y, out.ConstFlatData(func(flat any) { copy(y, flat.([]float64)) })
}
