package device

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// blockGraph takes the weights of two chunks a and b and then their factors. It
// returns the block K [C, C] of O Oᵀ, and its shares of the means over the batch,
// K w_b and Kᵀ w_a [C].
func (k *Kernel) blockGraph(in []*mlx.Node) []*mlx.Node {
	wa, wb, factors := in[0], in[1], in[2:]
	half := len(factors) / 2
	block := k.model.GramNode(factors[:half], factors[half:])
	return []*mlx.Node{block, mlx.Einsum("ij,j->i", block, wb), mlx.Einsum("ij,i->j", block, wa)}
}

// centreGraph turns a block of O Oᵀ into one of A Aᵀ with A = √w (O − ⟨O⟩), given the
// means of its rows and columns and that of all. The trace means something for blocks
// on the diagonal.
func centreGraph(block, rows, columns, whole, wa, wb *mlx.Node) (tile, trace *mlx.Node) {
	means := mlx.Add(mlx.InsertAxes(rows, 1), mlx.InsertAxes(columns, 0))
	scale := mlx.Mul(mlx.InsertAxes(mlx.Sqrt(wa), 1), mlx.InsertAxes(mlx.Sqrt(wb), 0))
	tile = mlx.Mul(scale, mlx.Add(mlx.Sub(block, means), whole))
	return tile, traceOf(tile)
}

func traceOf(a *mlx.Node) *mlx.Node {
	return mlx.ReduceAllSum(mlx.Mul(a, unit(a.Graph(), a.Shape().Dimensions[0])))
}

// normalGraph takes parameters, states, weights w and misfits r of a chunk, and adds its
// shares to S = Σ w O Oᵀ [P, P], ⟨O⟩ = Σ w O and Σ w r O [P] (in[4:7]).
func (k *Kernel) normalGraph(in []*mlx.Node) []*mlx.Node {
	w, r := in[2], in[3]
	_, scores := k.model.ScoresNode(in[0], in[1])
	weighed := mlx.Mul(mlx.InsertAxes(w, 1), scores)
	return []*mlx.Node{
		mlx.Add(in[4], mlx.Einsum("np,nq->pq", weighed, scores)),
		mlx.Add(in[5], mlx.Einsum("np,n->p", scores, w)),
		mlx.Add(in[6], mlx.Einsum("np,n->p", weighed, r)),
	}
}

// cutGraph takes what normalGraph has summed up and the sums of the misfits, and
// returns the tiles [T, T] of the lower half of AᵀA = S − ⟨O⟩⟨O⟩ᵀ, row after row, then
// Aᵀr in pieces [T], then the trace. What fills up the last tile is 0, but for a 1 on
// the diagonal, which leaves the 0 of the right side as it is.
func (k *Kernel) cutGraph(s, mean, right, sums *mlx.Node) []*mlx.Node {
	g, p, t := s.Graph(), k.model.Size(), k.tile
	count := k.pieces()
	s = mlx.Sub(s, mlx.Mul(mlx.InsertAxes(mean, 1), mlx.InsertAxes(mean, 0)))
	right = mlx.Sub(right, mlx.Mul(mean, mlx.Slice(sums, mlx.AxisRange(0, 1))))
	trace := traceOf(s)
	if fill := count*t - p; fill > 0 {
		zeros := func(dims ...int) *mlx.Node { return mlx.Zeros(g, shapes.Make(dtypes.Float64, dims...)) }
		s = mlx.Concatenate([]*mlx.Node{
			mlx.Concatenate([]*mlx.Node{s, zeros(p, fill)}, 1),
			mlx.Concatenate([]*mlx.Node{zeros(fill, p), unit(g, fill)}, 1),
		}, 0)
		right = join([]*mlx.Node{right, zeros(fill)})
	}
	var out []*mlx.Node
	for i := range count {
		for j := range i + 1 {
			out = append(out, mlx.Slice(s, mlx.AxisRange(i*t, (i+1)*t), mlx.AxisRange(j*t, (j+1)*t)))
		}
	}
	for i := range count {
		out = append(out, mlx.Slice(right, mlx.AxisRange(i*t, (i+1)*t)))
	}
	return append(out, trace)
}

// pieces is the number of tiles along a side in the space of parameters.
func (k *Kernel) pieces() int { return (k.model.Size() + k.tile - 1) / k.tile }

// adamFloor keeps the step of Adam finite where gradients vanish.
const adamFloor = 1e-8

// descendGraph takes parameters, gradient, two vectors of memory [P] and nine numbers,
// and returns parameters and memory after an update. The gradient is shortened to the
// norm limit, if that is above 0; then, of the numbers,
//
//	first ← a·first + b·g,   second ← c·second + d·g²,
//	θ ← θ − rate · (first/e)/(√(second/f)·h + floor),
//
// with rate, limit, a, b, c, d, e, f in this order, and h = 1 for Adam; for plain
// descent h = 0, and the floor then is 1.
func descendGraph(in []*mlx.Node) []*mlx.Node {
	theta, gradient, first, second, numbers := in[0], in[1], in[2], in[3], in[4]
	number := func(i int) *mlx.Node { return mlx.Slice(numbers, mlx.AxisRange(i, i+1)) }
	rate, limit := number(0), number(1)
	norm := mlx.Reshape(mlx.Sqrt(mlx.ReduceAllSum(mlx.Square(gradient))), 1)
	shorten := mlx.LogicalAnd(mlx.GreaterThan(limit, mlx.ZerosLike(limit)), mlx.GreaterThan(norm, limit))
	gradient = mlx.Mul(gradient, mlx.Where(shorten, mlx.Div(limit, norm), mlx.OnesLike(norm)))
	first = mlx.Add(mlx.Mul(number(2), first), mlx.Mul(number(3), gradient))
	second = mlx.Add(mlx.Mul(number(4), second), mlx.Mul(number(5), mlx.Square(gradient)))
	below := mlx.Add(mlx.Mul(number(8), mlx.Sqrt(mlx.Div(second, number(7)))), mlx.Add(mlx.OneMinus(number(8)), mlx.MulScalar(number(8), adamFloor)))
	theta = mlx.Sub(theta, mlx.Mul(rate, mlx.Div(mlx.Div(first, number(6)), below)))
	return []*mlx.Node{theta, first, second}
}
