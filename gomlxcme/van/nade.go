package van

import (
	"fmt"
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// Architecture turns the counts before a species into the coefficients of its
// head. A new network is one file that implements it.
type Architecture interface {
	fmt.Stringer
	// build lays out the parameters for a box.
	build(Box) network
}

// network is an architecture laid out for one box.
type network interface {
	layout() *layout
	heads() []head
	// coefficients returns the head coefficients [n, R_i] of species
	// i = len(before), given the counts before it, each [n].
	coefficients(t *tape, before []*mlx.Node, n int) *mlx.Node
	// init draws a starting point for the parameters.
	init(rng *rand.Rand) []float64
}

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
	if a.Hidden == 0 {
		a.Hidden = 8
	}
	if a.Features == 0 {
		a.Features = 6
	}
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a NADE) String() string {
	a = a.defaults()
	return fmt.Sprintf("nade(hidden=%d, features=%d, heads=%v)", a.Hidden, a.Features, a.Heads)
}

// indicatorsUpTo is the number of counts up to which a count enters as indicators.
const indicatorsUpTo = 12

func (a NADE) build(box Box) network {
	a = a.defaults()
	n := &nade{settings: a}
	inputs := 0
	for i, cap := range box.Caps {
		h := a.Heads.head(i, cap)
		n.head = append(n.head, h)
		if i == 0 {
			n.hidden = append(n.hidden, -1)
			n.output = append(n.output, n.params.add(0, h.r))
		} else {
			n.hidden = append(n.hidden, n.params.add(inputs, a.Hidden))
			n.output = append(n.output, n.params.add(a.Hidden, h.r))
		}
		f := features(cap, a.Features)
		n.feature = append(n.feature, f)
		inputs += len(f[0])
	}
	return n
}

type nade struct {
	settings NADE
	params   layout
	head     []head
	feature  [][][]float64 // per species [M][F]
	hidden   []int         // layer of each species, −1 for the first
	output   []int
}

func (n *nade) layout() *layout { return &n.params }
func (n *nade) heads() []head   { return n.head }

func (n *nade) coefficients(t *tape, before []*mlx.Node, batch int) *mlx.Node {
	i := len(before)
	if i == 0 {
		return t.apply(n.output[0], nil, batch)
	}
	g := t.theta.Graph()
	columns := make([]*mlx.Node, i)
	for j, x := range before {
		columns[j] = mlx.Gather(mlx.Const(g, n.feature[j]), mlx.InsertAxes(x, -1))
	}
	h := mlx.Tanh(fence(t.apply(n.hidden[i], mlx.Concatenate(columns, 1), batch)))
	return t.apply(n.output[i], h, batch)
}

// init draws hidden weights of order one, so that hidden units differ, and small
// output weights, so that the species start nearly independent.
func (n *nade) init(rng *rand.Rand) []float64 {
	theta := make([]float64, n.params.size)
	fill := func(k int, weight, bias float64) {
		d := n.params.layers[k]
		for q := range d.in * d.out {
			theta[d.offset+q] = weight * rng.NormFloat64()
		}
		for q := range d.out {
			theta[d.offset+d.in*d.out+q] = bias * rng.NormFloat64()
		}
	}
	for i := 1; i < len(n.hidden); i++ {
		d := n.params.layers[n.hidden[i]]
		fill(n.hidden[i], 1.5/math.Sqrt(float64(d.in)), 0.5)
		fill(n.output[i], 0.1, 0)
	}
	return theta
}

// features returns the inputs [M][F] that stand for counts 0..cap: indicators of
// 1..cap, or the Legendre polynomials P_1..P_F of 2√(n/cap) − 1. The root spreads
// low counts, where distributions vary fastest.
func features(cap, polynomials int) [][]float64 {
	m := cap + 1
	table := make([][]float64, m)
	if m <= indicatorsUpTo {
		for n := range table {
			table[n] = make([]float64, max(cap, 1))
			if n > 0 {
				table[n][n-1] = 1
			}
		}
		return table
	}
	for n := range table {
		row := make([]float64, polynomials)
		u := 2*math.Sqrt(float64(n)/float64(cap)) - 1
		p0, p1 := 1.0, u
		for q := range row {
			row[q] = 1.5 * p1
			k := float64(q + 1)
			p0, p1 = p1, ((2*k+1)*u*p1-k*p0)/(k+1)
		}
		table[n] = row
	}
	return table
}
