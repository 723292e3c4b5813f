package device

import (
	mlx "github.com/gomlx/gomlx/core/graph"
)

// never is the logarithm of what does not happen: its exponential is 0, and sums with
// it stay finite.
const never = -1e300

// columns cuts states [n, L] into the counts [n] of each species.
func columns(states *mlx.Node) []*mlx.Node {
	n, l := states.Shape().Dimensions[0], states.Shape().Dimensions[1]
	out := make([]*mlx.Node, l)
	for i := range out {
		out[i] = mlx.Reshape(mlx.Slice(states, mlx.AxisRange(), mlx.AxisElem(i)), n)
	}
	return out
}

// termsGraph returns, for states [n, L] and a step of length dt, the logarithms [K+1, n]
// of the factors by which the target
//
//	(1 − dt R(x)) P(x) + dt Σ_k a_k(x−s_k) P(x−s_k)
//
// takes P at x and where each reaction comes from, and R [n]. Where R dt ≥ 1 the first
// makes no sense, and the caller refuses the step.
func (k *Kernel) termsGraph(states, values, dt *mlx.Node) (logs, outflow *mlx.Node) {
	counts := columns(states)
	outflow = k.rates.outflow(counts, values)
	terms := []*mlx.Node{mlx.MaxScalar(mlx.OneMinus(mlx.Mul(dt, outflow)), 0)}
	for i := range k.rates.reactions {
		terms = append(terms, mlx.Mul(dt, k.rates.inflow(i, counts, values)))
	}
	for i, a := range terms {
		here := mlx.GreaterThan(a, mlx.ZerosLike(a))
		log := mlx.Log(mlx.Where(here, a, mlx.OnesLike(a)))
		terms[i] = mlx.InsertAxes(mlx.Where(here, log, mlx.AddScalar(mlx.ZerosLike(a), never)), 0)
	}
	return mlx.Concatenate(terms, 0), outflow
}

// shiftedGraph adds term j of the target, with the parameters of the network at the
// beginning of the step, to a sum that is kept as exp(top)·sum, both [n]. One term after
// the other goes through the network, so that memory does not depend on their number.
func (k *Kernel) shiftedGraph(old, states, logs, j, top, sum *mlx.Node) (higher, more *mlx.Node) {
	g, n, l := states.Graph(), states.Shape().Dimensions[0], len(k.rates.box.Caps)
	shifts, caps := [][]int32{make([]int32, l)}, make([]int32, l)
	for _, q := range k.rates.reactions {
		shifts = append(shifts, q.change)
	}
	for i, c := range k.rates.box.Caps {
		caps[i] = int32(c)
	}
	j = mlx.Reshape(j, 1)
	// Where a state lies outside of the box its term is 0, and any state will do.
	y := mlx.Sub(states, mlx.Reshape(mlx.Gather(mlx.Const(g, shifts), j), 1, l))
	y = mlx.MaxScalar(mlx.Min(y, mlx.InsertAxes(mlx.Const(g, caps), 0)), 0)
	term := mlx.Add(mlx.Reshape(mlx.Gather(logs, j), n), k.model.LogProbNode(old, y))
	higher = mlx.Max(top, term)
	return higher, mlx.Add(mlx.Mul(sum, mlx.Exp(mlx.Sub(top, higher))), mlx.Exp(mlx.Sub(term, higher)))
}

// misfitGraph returns the misfits r = log P − log target [n] of a chunk with weights
// w, and adds its share to sums: Σ w r, Σ w r², Σ w², and the largest R where w > 0.
func misfitGraph(logp, top, sum, outflow, w, sums *mlx.Node) (r, more *mlx.Node) {
	counted := mlx.GreaterThan(w, mlx.ZerosLike(w))
	r = only(counted, mlx.Sub(logp, mlx.Add(top, mlx.Log(sum))))
	first := mlx.Mul(w, r)
	part := mlx.Stack([]*mlx.Node{mlx.ReduceAllSum(first), mlx.ReduceAllSum(mlx.Mul(first, r)), mlx.ReduceAllSum(mlx.Square(w))}, 0)
	most := mlx.Max(mlx.Slice(sums, mlx.AxisRange(3, 4)), mlx.Reshape(mlx.ReduceAllMax(only(counted, outflow)), 1))
	return r, mlx.Concatenate([]*mlx.Node{mlx.Add(mlx.Slice(sums, mlx.AxisRange(0, 3)), part), most}, 0)
}

// centredGraph returns √w (r − ⟨r⟩) and w (r − ⟨r⟩) [n].
func centredGraph(r, w, sums *mlx.Node) (half, full *mlx.Node) {
	r = mlx.Sub(r, mlx.Slice(sums, mlx.AxisRange(0, 1)))
	return mlx.Mul(mlx.Sqrt(w), r), mlx.Mul(w, r)
}
