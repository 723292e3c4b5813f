package van

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// NADE is the neural autoregressive distribution estimator with one hidden
// layer for each conditional,
//
//	h_i = tanh(c_i + Σ_{j<i} W_ij φ_j(x_j)),   coefficients_i = s_i + V_i h_i,
//
// where φ are features of a count: indicators for species with few counts, and
// Legendre polynomials otherwise, so that neighbouring counts share what is
// learned. Unlike the original (Larochelle and Murray 2011), W is not shared
// between conditionals: with few species that costs little and fits better.
type NADE struct {
	Hidden   int   // hidden units per conditional, H; 0 means 8
	Features int   // polynomials of a count; 0 means 6
	Heads    Heads // nil means Spline{}
}

func (a NADE) defaults() NADE {
	set(&a.Hidden, 8)
	set(&a.Features, 6)
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a NADE) String() string {
	a = a.defaults()
	return fmt.Sprintf("nade(hidden=%d, features=%d, heads=%v)", a.Hidden, a.Features, a.Heads)
}

func (a NADE) build(sites []site) (network, error) {
	a = a.defaults()
	if a.Hidden < 1 || a.Features < 1 {
		return nil, fmt.Errorf("%w: %v; use at least one hidden unit and one feature", ErrArchitecture, a)
	}
	n := &nade{}
	inputs := 0
	for i, s := range sites {
		h, err := a.Heads.head(s.species, s.cap)
		if err != nil {
			return nil, err
		}
		n.head = append(n.head, h)
		if i == 0 {
			n.hidden = append(n.hidden, -1)
			n.output = append(n.output, n.params.add(0, h.size()))
		} else {
			n.hidden = append(n.hidden, n.params.add(inputs, a.Hidden))
			n.output = append(n.output, n.params.add(a.Hidden, h.size()))
		}
		f := features(s.cap, a.Features)
		n.feature = append(n.feature, f)
		inputs += len(f[0])
	}
	return n, nil
}

type nade struct {
	params  layout
	head    []head
	feature [][][]float64 // per site [M][F]
	hidden  []int         // layer of each site, −1 for the first
	output  []int
}

func (n *nade) layout() *layout { return &n.params }
func (n *nade) heads() []head   { return n.head }

// walk carries the features of the earlier counts. Each conditional has weights
// of its own, so that there is no hidden state to carry.
func (n *nade) walk(t *tape, batch int) walk {
	var columns []*mlx.Node
	i := -1
	return func(before *mlx.Node) *mlx.Node {
		if i++; i == 0 {
			return t.apply(n.output[0], nil, batch)
		}
		columns = append(columns, lookup(n.feature[i-1], before))
		h := mlx.Tanh(fence(t.apply(n.hidden[i], mlx.Concatenate(columns, 1), batch)))
		return t.apply(n.output[i], h, batch)
	}
}

// init draws hidden weights of order one, so that hidden units differ, and small
// output weights, so that the species start nearly independent.
func (n *nade) init(rng *rand.Rand) []float64 {
	theta := make([]float64, n.params.size)
	for i := 1; i < len(n.hidden); i++ {
		d := n.params.layers[n.hidden[i]]
		n.params.fill(theta, n.hidden[i], 1.5/math.Sqrt(float64(d.in)), 0.5, rng)
		n.params.fill(theta, n.output[i], 0.1, 0, rng)
	}
	return theta
}
