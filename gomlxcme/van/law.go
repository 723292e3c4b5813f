package van

import (
	"fmt"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// Law is a linear constraint Σ_i Weights[i]·x_i = Total, such as a conservation
// law of a reaction network. States that break it have probability 0: counts
// after which it could no longer be met are masked from every conditional.
type Law struct {
	Weights []int // one per species
	Total   int
}

// forbidden is added to the logits of counts that break a law. Its exponential
// is 0, and yet log P stays finite.
const forbidden = -1e5

// maxCompletions bounds the table of joint sums that several laws can take.
const maxCompletions = 1 << 20

// holds reports whether x meets the law.
func (l Law) holds(x []int32) bool {
	sum := 0
	for i, w := range l.Weights {
		sum += w * int(x[i])
	}
	return sum == l.Total
}

// completions tells which sums Σ_{j>i} w_j x_j of all laws at once the species
// after i can make. Laws are taken together because what each allows alone may
// be impossible for both.
type completions struct {
	table []float64 // 0 for sums that can be made, forbidden for others
	low   []int     // per law, the sum at index 0, which is forbidden like the last
	size  []int     // per law
}

func (b Box) completions(i int) completions {
	c := completions{}
	total := 1
	for _, l := range b.Laws {
		lo, hi := 0, 0
		for j := i + 1; j < len(b.Caps); j++ {
			lo += min(0, l.Weights[j]*b.Caps[j])
			hi += max(0, l.Weights[j]*b.Caps[j])
		}
		c.low, c.size = append(c.low, lo-1), append(c.size, hi-lo+3)
		total *= hi - lo + 3
	}
	c.table = make([]float64, total)
	for k := range c.table {
		c.table[k] = forbidden
	}
	origin := 0
	for q := range b.Laws {
		origin = origin*c.size[q] - c.low[q]
	}
	c.table[origin] = 0
	made := []int{origin}
	for j := i + 1; j < len(b.Caps); j++ {
		step := 0
		for q, l := range b.Laws {
			step = step*c.size[q] + l.Weights[j]
		}
		if step == 0 {
			continue
		}
		for _, s := range made { // grows the list only behind what is read
			for k := 1; k <= b.Caps[j]; k++ {
				if c.table[s+k*step] == forbidden {
					c.table[s+k*step] = 0
					made = append(made, s+k*step)
				}
			}
		}
	}
	return c
}

// concerned reports whether a law, or the hole, forbids counts of species i.
func (b Box) concerned(i int) bool {
	return b.lawful(i) || b.Hole != nil && i == b.Hole.last(b.Caps)
}

// lawful reports whether a law says something about species i.
func (b Box) lawful(i int) bool {
	for _, l := range b.Laws {
		if l.Weights[i] != 0 {
			return true
		}
	}
	return false
}

// mask returns what laws and hole add to the logits [n, M] of species
// i = len(before), or nil if neither concerns it.
func (b Box) mask(g *mlx.Graph, before []*mlx.Node, n int) *mlx.Node {
	var sum *mlx.Node
	if b.lawful(len(before)) {
		sum = b.lawMask(g, before, n)
	}
	if b.Hole != nil && len(before) == b.Hole.last(b.Caps) {
		sum = plus(b.holeMask(g, before, n), sum)
	}
	return sum
}

// lawMask returns what the laws add to them; one of them must concern the species.
func (b Box) lawMask(g *mlx.Graph, before []*mlx.Node, n int) *mlx.Node {
	i := len(before)
	c := b.completions(i)
	var index *mlx.Node
	for q, l := range b.Laws {
		left := mlx.BroadcastToDims(mlx.Reshape(mlx.Const(g, int32(l.Total-c.low[q])), 1), n)
		for j, x := range before {
			if w := l.Weights[j]; w != 0 {
				left = mlx.Sub(left, mlx.MulScalar(x, float64(w)))
			}
		}
		counts := make([]int32, b.Caps[i]+1)
		for k := range counts {
			counts[k] = int32(l.Weights[i] * k)
		}
		at := mlx.Sub(mlx.InsertAxes(left, -1), mlx.InsertAxes(mlx.Const(g, counts), 0))
		at = mlx.MaxScalar(mlx.MinScalar(at, float64(c.size[q]-1)), 0.0)
		if index == nil {
			index = at
		} else {
			index = mlx.Add(mlx.MulScalar(index, float64(c.size[q])), at)
		}
	}
	return mlx.Gather(mlx.Const(g, c.table), mlx.InsertAxes(index, -1))
}

// checkLaws refuses laws that do not fit the box, that no state meets, or whose
// joint sums are too many to tabulate.
func (b Box) checkLaws() error {
	total := 1
	for _, l := range b.Laws {
		if len(l.Weights) != len(b.Caps) {
			return fmt.Errorf("%w: a law with %d weights for %d species", ErrBox, len(l.Weights), len(b.Caps))
		}
		span := 3
		for j, w := range l.Weights {
			span += max(w, -w) * b.Caps[j]
		}
		if total *= span; total > maxCompletions {
			return fmt.Errorf("%w: the laws %v have too many joint sums; leave some out or lower the caps", ErrBox, b.Laws)
		}
	}
	if len(b.Laws) == 0 {
		return nil
	}
	c := b.completions(-1)
	index := 0
	for q, l := range b.Laws {
		at := l.Total - c.low[q]
		if at < 0 || at >= c.size[q] {
			return fmt.Errorf("%w: no state within the caps %v meets the law %v·x = %d", ErrBox, b.Caps, l.Weights, l.Total)
		}
		index = index*c.size[q] + at
	}
	if c.table[index] != 0 {
		return fmt.Errorf("%w: no state within the caps %v meets all laws %v", ErrBox, b.Caps, b.Laws)
	}
	return nil
}
