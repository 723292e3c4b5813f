package van

import (
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

// tape applies layers of a layout and remembers what went in and came out, from
// which the gradient of every sample's log P follows without a loop over
// samples: for y = x W + b it is ∂W = x ⊗ ∂y, ∂b = ∂y.
type tape struct {
	layout *layout
	theta  *mlx.Node // [P]
	in     []*mlx.Node
	out    []*mlx.Node
}

func newTape(l *layout, theta *mlx.Node) *tape {
	return &tape{layout: l, theta: theta, in: make([]*mlx.Node, len(l.layers)), out: make([]*mlx.Node, len(l.layers))}
}

// apply runs layer k on x [n, in] and returns [n, out]. A layer without inputs
// is its bias, repeated n times.
func (t *tape) apply(k int, x *mlx.Node, n int) *mlx.Node {
	d := t.layout.layers[k]
	bias := mlx.Slice(t.theta, mlx.AxisRange(d.offset+d.in*d.out, d.offset+d.size()))
	y := mlx.BroadcastToDims(mlx.Reshape(bias, 1, d.out), n, d.out)
	if d.in > 0 {
		w := mlx.Reshape(mlx.Slice(t.theta, mlx.AxisRange(d.offset, d.offset+d.in*d.out)), d.in, d.out)
		y = mlx.Add(mlx.MatMul(x, w), y)
		t.in[k] = x
	}
	t.out[k] = y
	return y
}

// scores returns the gradient of logp [n] with respect to theta, sample by
// sample, as [n, P]. Each layer must have been applied exactly once.
func (t *tape) scores(logp *mlx.Node) *mlx.Node {
	n := logp.Shape().Dimensions[0]
	grads := mlx.Gradient(mlx.ReduceAllSum(logp), t.out...)
	var parts []*mlx.Node
	for k, d := range t.layout.layers {
		if d.in > 0 {
			outer := mlx.Mul(mlx.InsertAxes(t.in[k], 2), mlx.InsertAxes(grads[k], 1))
			parts = append(parts, mlx.Reshape(outer, n, d.in*d.out))
		}
		parts = append(parts, grads[k])
	}
	return mlx.Concatenate(parts, 1)
}
