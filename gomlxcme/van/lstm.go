package van

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// LSTM is a recurrent network with a memory cell c beside the hidden state h
// (Hochreiter and Schmidhuber 1997; with forget gates, Gers et al. 2000):
//
//	i, f, o = σ(W [x, h] + b),   m = tanh(U [x, h] + d),   c ← f∘c + i∘m,   h ← o∘tanh c,
//
// where x is the token for the count before, or the state of the layer below, and
// coefficients_i = s_i + V_i h. The cell keeps what was seen many species ago,
// such as the gene of a long cascade. The body is shared by all sites; tokens and
// heads are not.
type LSTM struct {
	Hidden   int   // width of the hidden state, H; 0 means 16
	Layers   int   // on top of each other; 0 means 1
	Features int   // polynomials of a count; 0 means 6
	Heads    Heads // nil means Spline{}
}

func (a LSTM) defaults() LSTM {
	set(&a.Hidden, 16)
	set(&a.Layers, 1)
	set(&a.Features, 6)
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a LSTM) String() string {
	a = a.defaults()
	return fmt.Sprintf("lstm(hidden=%d, layers=%d, features=%d, heads=%v)", a.Hidden, a.Layers, a.Features, a.Heads)
}

func (a LSTM) build(sites []site) (network, error) {
	a = a.defaults()
	if a.Hidden < 1 || a.Layers < 1 || a.Features < 1 {
		return nil, fmt.Errorf("%w: %v; all sizes must be positive", ErrArchitecture, a)
	}
	e, err := newEnds(sites, a.Features, a.Hidden, a.Heads)
	if err != nil {
		return nil, err
	}
	net := &lstm{ends: e, hidden: a.Hidden}
	for range a.Layers {
		net.cell = append(net.cell, e.params.add(2*a.Hidden, 4*a.Hidden))
	}
	return net, nil
}

type lstm struct {
	*ends
	hidden int
	cell   []int // per layer: gates i, f, o and the candidate m
}

// init opens the forget gates, so that the cell remembers until it has learned to
// forget (Jozefowicz et al., ICML 2015).
func (net *lstm) init(rng *rand.Rand) []float64 {
	theta := make([]float64, net.params.size)
	net.fill(theta, rng)
	for _, k := range net.cell {
		net.params.fill(theta, k, 1/math.Sqrt(float64(net.hidden)), 0.5, rng)
		d := net.params.layers[k]
		forget := theta[d.offset+d.in*d.out+net.hidden:]
		for q := range net.hidden {
			forget[q]++
		}
	}
	return theta
}

func (net *lstm) walk(t *tape, n int) walk {
	state, memory := make([]*mlx.Node, len(net.cell)), make([]*mlx.Node, len(net.cell))
	for l := range state {
		state[l] = zeros(t, n, net.hidden)
		memory[l] = state[l]
	}
	i, w := -1, net.hidden
	return func(before *mlx.Node) *mlx.Node {
		i++
		x := mlx.Tanh(fence(net.enter(t, i, before, n)))
		for l, k := range net.cell {
			all := fence(t.apply(k, mlx.Concatenate([]*mlx.Node{x, state[l]}, 1), n))
			gates, m := logistic(columns(all, 0, 3*w)), mlx.Tanh(columns(all, 3*w, 4*w))
			in, forget, out := columns(gates, 0, w), columns(gates, w, 2*w), columns(gates, 2*w, 3*w)
			memory[l] = mlx.Add(mlx.Mul(forget, memory[l]), mlx.Mul(in, m))
			state[l] = mlx.Mul(out, mlx.Tanh(memory[l]))
			x = state[l]
		}
		return t.apply(net.output[i], x, n)
	}
}
