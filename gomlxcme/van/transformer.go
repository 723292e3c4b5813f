package van

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// Transformer is a causal Transformer over the species (Vaswani et al., NeurIPS
// 2017), with the norm before each sublayer (Xiong et al., ICML 2020), which
// trains without a warm-up: site i sees a token for the count before it, and
//
//	h ← h + W_o attention(norm h),   h ← h + W_2 s(W_1 norm h),   s(u) = u (1 + tanh u),
//
// Layers times, then coefficients_i = s_i + V_i norm h_i. Norms have no gain and
// no offset of their own, because the affine layer behind each can take them:
// redundant parameters only cost in a natural gradient. The body is shared by all
// sites; tokens and heads are not.
type Transformer struct {
	DModel         int   // width of a token, D; 0 means 16
	DFF            int   // hidden units of a feed-forward layer; 0 means 2·DModel
	Layers         int   // 0 means 2
	AttentionHeads int   // a divisor of DModel; 0 means 2
	Features       int   // polynomials of a count; 0 means 6
	Heads          Heads // nil means Spline{}
}

func (a Transformer) defaults() Transformer {
	set(&a.DModel, 16)
	set(&a.DFF, 2*a.DModel)
	set(&a.Layers, 2)
	set(&a.AttentionHeads, 2)
	set(&a.Features, 6)
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a Transformer) String() string {
	a = a.defaults()
	return fmt.Sprintf("transformer(d-model=%d, d-ff=%d, layers=%d, attention-heads=%d, features=%d, heads=%v)", a.DModel, a.DFF, a.Layers, a.AttentionHeads, a.Features, a.Heads)
}

func (a Transformer) build(sites []site) (network, error) {
	a = a.defaults()
	if a.DModel < 1 || a.DFF < 1 || a.Layers < 1 || a.AttentionHeads < 1 || a.Features < 1 || a.DModel%a.AttentionHeads != 0 {
		return nil, fmt.Errorf("%w: %v; all sizes must be positive and attention-heads divide d-model", ErrArchitecture, a)
	}
	e, err := newEnds(sites, a.Features, a.DModel, a.Heads)
	if err != nil {
		return nil, err
	}
	net := &transformer{ends: e, settings: a}
	for range a.Layers {
		net.block = append(net.block, block{
			qkv: e.params.add(a.DModel, 3*a.DModel), out: e.params.add(a.DModel, a.DModel),
			up: e.params.add(a.DModel, a.DFF), down: e.params.add(a.DFF, a.DModel),
		})
	}
	return net, nil
}

type transformer struct {
	*ends
	settings Transformer
	block    []block
}

// block holds the layers of one Transformer layer.
type block struct{ qkv, out, up, down int }

func (net *transformer) init(rng *rand.Rand) []float64 {
	theta := make([]float64, net.params.size)
	net.fill(theta, rng)
	d, f := float64(net.settings.DModel), float64(net.settings.DFF)
	for _, b := range net.block {
		net.params.fill(theta, b.qkv, 1/math.Sqrt(d), 0.1, rng)
		net.params.fill(theta, b.up, 1/math.Sqrt(d), 0.5, rng)
		net.params.fill(theta, b.out, 0.5/math.Sqrt(d), 0, rng)
		net.params.fill(theta, b.down, 0.5/math.Sqrt(f), 0, rng)
	}
	return theta
}

// coefficients evaluates all sites together.
func (net *transformer) coefficients(t *tape, counts []*mlx.Node) []*mlx.Node {
	n, sites, d := counts[0].Shape().Dimensions[0], len(counts), net.settings.DModel
	tokens := make([]*mlx.Node, sites)
	for i := range tokens {
		var before *mlx.Node
		if i > 0 {
			before = counts[i-1]
		}
		tokens[i] = mlx.Reshape(net.enter(t, i, before, n), n, 1, d)
	}
	h := join(tokens)
	later := causal(t.theta.Graph(), n, net.settings.AttentionHeads, sites)
	for _, b := range net.block {
		h = net.layer(t, b, h, n, func(query, key, value *mlx.Node) *mlx.Node {
			// Small products are faster with the second factor transposed before.
			scores := mlx.Einsum("nhqd,nhdk->nhqk", query, mlx.TransposeAllAxes(key, 0, 1, 3, 2))
			return mlx.Einsum("nhqk,nhkd->nhqd", softmax(mlx.Add(scores, later)), value)
		})
	}
	h = norm(h)
	out := make([]*mlx.Node, sites)
	for i := range out {
		hi := mlx.Reshape(mlx.Slice(h, mlx.AxisRange(), mlx.AxisElem(i), mlx.AxisRange()), n, d)
		out[i] = t.apply(net.output[i], hi, n)
	}
	return out
}

// walk carries the keys and values of the earlier sites, so that each site costs
// one evaluation of the body and one look back at what is carried.
func (net *transformer) walk(t *tape, n int) walk {
	keys, values := make([][]*mlx.Node, len(net.block)), make([][]*mlx.Node, len(net.block))
	heads, size := net.settings.AttentionHeads, net.settings.DModel/net.settings.AttentionHeads
	i := -1
	return func(before *mlx.Node) *mlx.Node {
		i++
		h := mlx.Reshape(net.enter(t, i, before, n), n, 1, net.settings.DModel)
		for l, b := range net.block {
			h = net.layer(t, b, h, n, func(query, key, value *mlx.Node) *mlx.Node {
				keys[l], values[l] = append(keys[l], key), append(values[l], value)
				// For one query, exchanging the last axes moves no number.
				scores := mlx.Einsum("nhkd,nhdq->nhkq", mlx.Concatenate(keys[l], 2), mlx.Reshape(query, n, heads, size, 1))
				return mlx.Einsum("nhqk,nhkd->nhqd", softmax(mlx.Reshape(scores, n, heads, 1, i+1)), mlx.Concatenate(values[l], 2))
			})
		}
		return t.apply(net.output[i], mlx.Reshape(norm(h), n, net.settings.DModel), n)
	}
}

// layer runs one Transformer layer on h [n, T, D]. What the attention heads find,
// [n, H, T, D/H], is a function of queries, keys and values of that shape.
func (net *transformer) layer(t *tape, b block, h *mlx.Node, n int, attend func(query, key, value *mlx.Node) *mlx.Node) *mlx.Node {
	sites, d, heads := h.Shape().Dimensions[1], net.settings.DModel, net.settings.AttentionHeads
	all := mlx.TransposeAllAxes(mlx.Reshape(t.apply(b.qkv, norm(h), n), n, sites, 3*heads, d/heads), 0, 2, 1, 3)
	part := func(k int) *mlx.Node { return mlx.Slice(all, mlx.AxisRange(), mlx.AxisRange(k*heads, (k+1)*heads)) }
	query := mlx.MulScalar(part(0), 1/math.Sqrt(float64(d/heads)))
	found := mlx.TransposeAllAxes(attend(query, part(1), part(2)), 0, 2, 1, 3)
	h = mlx.Add(h, t.apply(b.out, mlx.Reshape(found, n, sites, d), n))
	up := fence(t.apply(b.up, norm(h), n))
	return mlx.Add(h, t.apply(b.down, mlx.Add(up, mlx.Mul(up, mlx.Tanh(up))), n))
}

// unseen is added to the scores of later sites; its exponential is 0.
const unseen = -1e5

// causal is 0 where site q may see site k, k ≤ q, and unseen otherwise,
// [n, H, T, T].
func causal(g *mlx.Graph, n, heads, sites int) *mlx.Node {
	mask := make([][]float64, sites)
	for q := range mask {
		mask[q] = make([]float64, sites)
		for k := q + 1; k < sites; k++ {
			mask[q][k] = unseen
		}
	}
	return mlx.BroadcastToDims(mlx.InsertAxes(mlx.Const(g, mask), 0, 0), n, heads, sites, sites)
}

// softmax normalises exp(scores) over the last axis.
func softmax(scores *mlx.Node) *mlx.Node {
	top := fence(mlx.StopGradient(mlx.ReduceAndKeep(scores, mlx.ReduceMax, -1)))
	weights := mlx.Exp(mlx.Sub(scores, top))
	return mlx.Div(weights, mlx.ReduceAndKeep(weights, mlx.ReduceSum, -1))
}

// normFloor keeps the norm of a constant token finite.
const normFloor = 1e-6

// norm shifts and scales h [n, T, D] to mean 0 and variance 1 over the last axis.
// Both means are products with a constant matrix, which are faster than sums that
// are spread over the axis again.
func norm(h *mlx.Node) *mlx.Node {
	g, dims := h.Graph(), h.Shape().Dimensions
	d := dims[2]
	centre, mean := make([][]float64, d), make([][]float64, d)
	for i := range d {
		centre[i], mean[i] = make([]float64, d), make([]float64, d)
		for j := range d {
			mean[i][j] = 1 / float64(d)
			centre[i][j] = -mean[i][j]
		}
		centre[i][i]++
	}
	c := mlx.MatMul(mlx.Reshape(h, dims[0]*dims[1], d), mlx.Const(g, centre))
	variance := fence(mlx.MatMul(mlx.Square(c), mlx.Const(g, mean)))
	return mlx.Reshape(mlx.Div(c, mlx.Sqrt(mlx.AddScalar(variance, normFloor))), dims...)
}
