package van

import (
	"math"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// indicatorsUpTo is the number of counts up to which a count enters as indicators.
const indicatorsUpTo = 12

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

// lookup returns the features [n, F] of counts [n].
func lookup(table [][]float64, counts *mlx.Node) *mlx.Node {
	return mlx.Gather(mlx.Const(counts.Graph(), table), mlx.InsertAxes(counts, -1))
}

// ends are the layers that networks with a common body for all sites have for
// each site: a token [n, width] that stands for the count before it, whose bias
// tells the body which site this is, and the coefficients of its head.
type ends struct {
	params  layout
	head    []head
	feature [][][]float64 // per site [M][F]
	token   []int         // layer of each site
	output  []int
}

func newEnds(sites []site, polynomials, width int, heads Heads) (*ends, error) {
	e := &ends{}
	for i, s := range sites {
		h, err := heads.head(s.species, s.cap)
		if err != nil {
			return nil, err
		}
		e.head = append(e.head, h)
		inputs := 0
		if i > 0 {
			inputs = len(e.feature[i-1][0])
		}
		e.token = append(e.token, e.params.add(inputs, width))
		e.output = append(e.output, e.params.add(width, h.size()))
		e.feature = append(e.feature, features(s.cap, polynomials))
	}
	return e, nil
}

func (e *ends) layout() *layout { return &e.params }
func (e *ends) heads() []head   { return e.head }

// enter returns the token [n, width] of site i, given the counts before it.
func (e *ends) enter(t *tape, i int, before *mlx.Node, n int) *mlx.Node {
	if i == 0 {
		return t.apply(e.token[0], nil, n)
	}
	return t.apply(e.token[i], lookup(e.feature[i-1], before), n)
}

// fill draws tokens of order one, so that sites and counts differ, and small
// output weights, so that the species start nearly independent.
func (e *ends) fill(theta []float64, rng *rand.Rand) {
	for i, k := range e.token {
		in := max(1, e.params.layers[k].in)
		e.params.fill(theta, k, 1/math.Sqrt(float64(in)), 0.5, rng)
		d := e.params.layers[e.output[i]]
		e.params.fill(theta, e.output[i], 0.3/math.Sqrt(float64(d.in)), 0, rng)
	}
}
