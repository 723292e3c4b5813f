package device

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/gomlx/compute/dtypes"
	mlx "github.com/gomlx/gomlx/core/graph"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// ErrUnsupported is returned for what only the host can do.
var ErrUnsupported = errors.New("device: only the host can do this")

// maxListed bounds the counts for which the values of one rate are listed.
const maxListed = 1 << 20

// rates are the propensities of a network on a box, as a graph of counts and of one
// vector of values: of each reaction its rate constant, or its rate at all counts of
// the species that it reads.
type rates struct {
	box       van.Box
	law       crn.Law
	reactions []reaction
	values    int // numbers in all
}

// reaction is a propensity: a value, chosen by the counts of some species, times the
// factors of reactants.
type reaction struct {
	change   []int32
	terms    []crn.Term // none where the rate is the whole propensity
	masks    []crn.Mask
	reads    []int // species that choose the value; none for a constant
	at, size int   // its values
}

// newRates fails with ErrUnsupported where a rate reads more counts than are listed.
func newRates(c *crn.Compiled, box van.Box) (*rates, error) {
	net := c.Network()
	r := &rates{box: box, law: net.Law}
	for k, x := range net.Reactions {
		bound, err := x.Rate.Bind(net)
		if err != nil {
			return nil, fmt.Errorf("device: reaction %s: %w", x.Name, err)
		}
		q := reaction{change: c.Change(k), masks: x.Masks, at: r.values, size: 1}
		if !bound.Whole {
			q.terms = x.Reactants
		}
		if bound.Function != nil {
			q.reads = readBy(bound, len(box.Caps))
			for _, s := range q.reads {
				if q.size *= box.Caps[s] + 1; q.size > maxListed {
					return nil, fmt.Errorf("%w: the rate %v of reaction %s depends on more than %d combinations of counts", ErrUnsupported, x.Rate, x.Name, maxListed)
				}
			}
		}
		r.values += q.size
		r.reactions = append(r.reactions, q)
	}
	return r, nil
}

// readBy lists the species on which a rate depends.
func readBy(b crn.Bound, species int) []int {
	if b.Reads != nil {
		return b.Reads
	}
	all := make([]int, species)
	for i := range all {
		all[i] = i
	}
	return all
}

// key says all of a network's reactions on which the graphs depend.
func (r *rates) key() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%v", r.law)
	for _, q := range r.reactions {
		fmt.Fprintf(&s, " %v %v %v %v", q.change, q.terms, q.masks, q.reads)
	}
	return s.String()
}

// listValues returns the vector of values at a time.
func (r *rates) listValues(c *crn.Compiled, time float64) ([]float64, error) {
	net := c.Network()
	list := make([]float64, 0, r.values)
	x := make([]int32, len(r.box.Caps))
	for k, q := range r.reactions {
		bound, err := net.Reactions[k].Rate.Bind(net)
		if err != nil {
			return nil, fmt.Errorf("device: reaction %d: %w", k, err)
		}
		if bound.Function == nil {
			list = append(list, bound.Constant)
			continue
		}
		clear(x)
		for range q.size {
			list = append(list, bound.Function(x, time))
			for i := len(q.reads) - 1; i >= 0; i-- { // the last one runs fastest
				s := q.reads[i]
				if x[s]++; int(x[s]) <= r.box.Caps[s] {
					break
				}
				x[s] = 0
			}
		}
	}
	return list, nil
}

// propensity returns a_k [n] at counts [n] of each species within the box, without
// regard to where the reaction leads.
func (r *rates) propensity(k int, counts []*mlx.Node, values *mlx.Node) *mlx.Node {
	q, g := r.reactions[k], values.Graph()
	n := counts[0].Shape().Dimensions[0]
	var a *mlx.Node
	if len(q.reads) == 0 {
		a = mlx.BroadcastToDims(mlx.Slice(values, mlx.AxisRange(q.at, q.at+1)), n)
	} else {
		index := counts[q.reads[0]]
		for _, s := range q.reads[1:] {
			index = mlx.Add(mlx.MulScalar(index, float64(r.box.Caps[s]+1)), counts[s])
		}
		a = mlx.Gather(values, mlx.InsertAxes(mlx.AddScalar(index, float64(q.at)), -1))
	}
	for _, t := range q.terms {
		x := mlx.ConvertDType(counts[t.Species], dtypes.Float64)
		for i := range t.Order {
			if i == 0 || r.law == crn.Power {
				a = mlx.Mul(a, x)
			} else {
				a = mlx.Mul(a, mlx.AddScalar(x, -float64(i))) // of counts below i a factor before was 0
			}
		}
	}
	for _, m := range q.masks {
		a = mlx.Where(mlx.Equal(counts[m.Species], mlx.Const(g, int32(m.Count))), a, mlx.ZerosLike(a))
	}
	return a
}

// room tells, for each of n states, whether reaction k finds all the molecules that it
// takes (below) and room for those that it makes (above).
func (r *rates) room(k int, counts []*mlx.Node) (below, above *mlx.Node) {
	for s, d := range r.reactions[k].change {
		g, cap := counts[s].Graph(), r.box.Caps[s]
		if d < 0 {
			below = both(below, mlx.GreaterOrEqual(counts[s], mlx.Const(g, -d)))
		}
		if d > 0 {
			above = both(above, mlx.LessOrEqual(counts[s], mlx.Const(g, int32(min(cap-int(d), math.MaxInt32)))))
		}
	}
	return below, above
}

// both is the conjunction of two conditions, of which nil always holds.
func both(a, b *mlx.Node) *mlx.Node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return mlx.LogicalAnd(a, b)
}

// only is a where the condition holds, nil being always, and 0 elsewhere.
func only(condition, a *mlx.Node) *mlx.Node {
	if condition == nil {
		return a
	}
	return mlx.Where(condition, a, mlx.ZerosLike(a))
}

// outflow returns R(x) [n] within the box.
func (r *rates) outflow(counts []*mlx.Node, values *mlx.Node) *mlx.Node {
	var sum *mlx.Node
	for k := range r.reactions {
		below, above := r.room(k, counts)
		sum = plus(sum, only(both(below, above), r.propensity(k, counts, values)))
	}
	return sum
}

// blocked returns the sum [n] of the propensities that only the caps disable.
func (r *rates) blocked(counts []*mlx.Node, values *mlx.Node) *mlx.Node {
	var sum *mlx.Node
	for k := range r.reactions {
		below, above := r.room(k, counts)
		if above == nil {
			continue
		}
		sum = plus(sum, only(both(below, mlx.LogicalNot(above)), r.propensity(k, counts, values)))
	}
	if sum == nil {
		return mlx.ZerosLike(mlx.ConvertDType(counts[0], dtypes.Float64))
	}
	return sum
}

// inflow returns a_k(x−s_k) [n], 0 where x−s_k lies outside of the box.
func (r *rates) inflow(k int, counts []*mlx.Node, values *mlx.Node) *mlx.Node {
	var inside *mlx.Node
	from := append([]*mlx.Node(nil), counts...)
	for s, d := range r.reactions[k].change {
		if d == 0 {
			continue
		}
		g, cap := counts[s].Graph(), int32(r.box.Caps[s])
		y := mlx.Sub(counts[s], mlx.Const(g, d))
		inside = both(inside, mlx.LogicalAnd(mlx.GreaterOrEqual(y, mlx.Const(g, int32(0))), mlx.LessOrEqual(y, mlx.Const(g, cap))))
		from[s] = mlx.MaxScalar(mlx.MinScalar(y, float64(cap)), 0)
	}
	a := only(inside, r.propensity(k, from, values))
	if h := r.box.Hole; h != nil {
		var hole *mlx.Node
		for s, x := range from {
			g := x.Graph()
			hole = both(hole, mlx.LogicalAnd(mlx.GreaterOrEqual(x, mlx.Const(g, h.Low[s])), mlx.LessOrEqual(x, mlx.Const(g, h.High[s]))))
		}
		a = only(mlx.LogicalNot(hole), a)
	}
	return a
}

// plus adds two nodes, of which the first may be nil.
func plus(a, b *mlx.Node) *mlx.Node {
	if a == nil {
		return b
	}
	return mlx.Add(a, b)
}
