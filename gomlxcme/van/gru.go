package van

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// GRU is a recurrent network of gated units (Cho et al., EMNLP 2014), the network
// of Tang, Weng and Zhang (2023): the hidden state h runs along the species,
//
//	r, z = σ(W [x, h] + b),   m = tanh(U [x, r∘h] + c),   h ← (1−z)∘h + z∘m,
//
// where x is the token for the count before, or the state of the layer below, and
// coefficients_i = s_i + V_i h. The body is shared by all sites; tokens and heads
// are not.
type GRU struct {
	Hidden   int   // width of the hidden state, H; 0 means 16
	Layers   int   // on top of each other; 0 means 1
	Features int   // polynomials of a count; 0 means 6
	Heads    Heads // nil means Spline{}
}

func (a GRU) defaults() GRU {
	set(&a.Hidden, 16)
	set(&a.Layers, 1)
	set(&a.Features, 6)
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a GRU) String() string {
	a = a.defaults()
	return fmt.Sprintf("gru(hidden=%d, layers=%d, features=%d, heads=%v)", a.Hidden, a.Layers, a.Features, a.Heads)
}

func (a GRU) build(sites []site) (network, error) {
	a = a.defaults()
	if a.Hidden < 1 || a.Layers < 1 || a.Features < 1 {
		return nil, fmt.Errorf("%w: %v; all sizes must be positive", ErrArchitecture, a)
	}
	e, err := newEnds(sites, a.Features, a.Hidden, a.Heads)
	if err != nil {
		return nil, err
	}
	net := &gru{ends: e, hidden: a.Hidden}
	for range a.Layers {
		net.gates = append(net.gates, e.params.add(2*a.Hidden, 2*a.Hidden))
		net.candidate = append(net.candidate, e.params.add(2*a.Hidden, a.Hidden))
	}
	return net, nil
}

type gru struct {
	*ends
	hidden           int
	gates, candidate []int // per layer
}

func (net *gru) init(rng *rand.Rand) []float64 {
	theta := make([]float64, net.params.size)
	net.fill(theta, rng)
	weight := 1 / math.Sqrt(float64(net.hidden))
	for l := range net.gates {
		net.params.fill(theta, net.gates[l], weight, 0.5, rng)
		net.params.fill(theta, net.candidate[l], weight, 0.5, rng)
	}
	return theta
}

func (net *gru) walk(t *tape, n int) walk {
	state := make([]*mlx.Node, len(net.gates))
	for l := range state {
		state[l] = zeros(t, n, net.hidden)
	}
	i := -1
	return func(before *mlx.Node) *mlx.Node {
		i++
		x := mlx.Tanh(fence(net.enter(t, i, before, n)))
		for l := range state {
			h := state[l]
			gates := logistic(fence(t.apply(net.gates[l], mlx.Concatenate([]*mlx.Node{x, h}, 1), n)))
			r, z := columns(gates, 0, net.hidden), columns(gates, net.hidden, 2*net.hidden)
			m := mlx.Tanh(fence(t.apply(net.candidate[l], mlx.Concatenate([]*mlx.Node{x, mlx.Mul(r, h)}, 1), n)))
			x = mlx.Add(h, mlx.Mul(z, mlx.Sub(m, h)))
			state[l] = x
		}
		return t.apply(net.output[i], x, n)
	}
}

// zeros is the hidden state [n, width] before the first site.
func zeros(t *tape, n, width int) *mlx.Node {
	return mlx.BroadcastToDims(mlx.Reshape(mlx.Const(t.theta.Graph(), 0.0), 1, 1), n, width)
}

// columns returns columns from..to−1 of x [n, …].
func columns(x *mlx.Node, from, to int) *mlx.Node {
	return mlx.Slice(x, mlx.AxisRange(), mlx.AxisRange(from, to))
}

// logistic is 1/(1+e^(−x)) by way of the hyperbolic tangent, which the Go backend
// computes three times faster than an exponential.
func logistic(x *mlx.Node) *mlx.Node {
	return mlx.AddScalar(mlx.MulScalar(mlx.Tanh(mlx.MulScalar(x, 0.5)), 0.5), 0.5)
}
