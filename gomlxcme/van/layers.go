package van

import (
	"math/rand/v2"

	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// dense is one affine layer y = x W + b inside the parameter vector: W is stored
// row by row at offset, b behind it.
type dense struct {
	in, out int
	offset  int
}

func (d dense) size() int { return (d.in + 1) * d.out }

// layout lays out layers one after the other in a parameter vector.
type layout struct {
	layers []dense
	size   int
}

func (l *layout) add(in, out int) int {
	l.layers = append(l.layers, dense{in: in, out: out, offset: l.size})
	l.size += (in + 1) * out
	return len(l.layers) - 1
}

// fill draws the weights and biases of layer k from normal laws of the given
// standard deviations.
func (l *layout) fill(theta []float64, k int, weight, bias float64, rng *rand.Rand) {
	d := l.layers[k]
	for q := range d.in * d.out {
		theta[d.offset+q] = weight * rng.NormFloat64()
	}
	for q := range d.out {
		theta[d.offset+d.in*d.out+q] = bias * rng.NormFloat64()
	}
}

// tape applies layers of a layout and remembers what went in and came out, from
// which the gradient of every state's log P follows without a loop over states:
// for y = [x, 1] V, where V is W with b below it, it is ∂V = [x, 1] ⊗ ∂y, summed
// over the sites at which the layer was applied.
//
// The 1 takes the bias into the product: the Go backend adds a row to all rows of
// a matrix slower than it multiplies matrices.
type tape struct {
	layout *layout
	theta  *mlx.Node   // [P]
	uses   [][]use     // of each layer
	matrix []*mlx.Node // of each layer, [in+1, out]
}

// use is one application of a layer at T sites.
type use struct {
	in  *mlx.Node // [n, T, in+1], the last column 1
	out *mlx.Node // [n, T, out]
}

func newTape(l *layout, theta *mlx.Node) *tape {
	k := len(l.layers)
	return &tape{layout: l, theta: theta, uses: make([][]use, k), matrix: make([]*mlx.Node, k)}
}

// apply runs layer k on x [n, in] or [n, T, in] and returns [n, out] or
// [n, T, out]. A layer without inputs is its bias, repeated n times.
func (t *tape) apply(k int, x *mlx.Node, n int) *mlx.Node {
	d := t.layout.layers[k]
	if t.matrix[k] == nil {
		t.matrix[k] = mlx.Reshape(mlx.Slice(t.theta, mlx.AxisRange(d.offset, d.offset+d.size())), d.in+1, d.out)
	}
	sites := 1
	if x != nil && x.Rank() == 3 {
		sites = x.Shape().Dimensions[1]
	}
	in := mlx.Ones(t.theta.Graph(), shapes.Make(t.theta.DType(), n, sites, 1))
	if d.in > 0 {
		in = mlx.Concatenate([]*mlx.Node{mlx.Reshape(x, n, sites, d.in), in}, 2)
	}
	y := mlx.MatMul(mlx.Reshape(in, n*sites, d.in+1), t.matrix[k])
	u := use{in: in, out: mlx.Reshape(y, n, sites, d.out)}
	t.uses[k] = append(t.uses[k], u)
	if x != nil && x.Rank() == 3 {
		return u.out
	}
	return mlx.Reshape(u.out, n, d.out)
}

// flow is what a layer's share of a gradient consists of: over all sites at which
// the layer was applied, its inputs and the gradients at its outputs.
type flow struct {
	dense dense
	in    *mlx.Node // [n, T, in+1]
	grad  *mlx.Node // [n, T, out]
}

// flows returns the flows of all layers for the gradient of value, a number.
func (t *tape) flows(value *mlx.Node) []flow {
	var outs []*mlx.Node
	for _, uses := range t.uses {
		for _, u := range uses {
			outs = append(outs, u.out)
		}
	}
	grads := mlx.Gradient(value, outs...)
	flows := make([]flow, len(t.uses))
	for k, uses := range t.uses {
		var in []*mlx.Node
		for _, u := range uses {
			in = append(in, u.in)
		}
		flows[k] = flow{dense: t.layout.layers[k], in: join(in), grad: join(grads[:len(uses)])}
		grads = grads[len(uses):]
	}
	return flows
}

// join stacks the sites of nodes [n, T_k, …].
func join(nodes []*mlx.Node) *mlx.Node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	return mlx.Concatenate(nodes, 1)
}

// rows returns the gradients state by state, [n, P].
func rows(flows []flow) *mlx.Node {
	var parts []*mlx.Node
	for _, f := range flows {
		// Small products are faster with the first factor transposed before.
		in := mlx.TransposeAllAxes(f.in, 0, 2, 1)
		parts = append(parts, mlx.Reshape(mlx.Einsum("nit,nto->nio", in, f.grad), in.Shape().Dimensions[0], f.dense.size()))
	}
	return mlx.Concatenate(parts, 1)
}
