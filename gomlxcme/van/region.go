package van

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// Region holds the counts Low[i] ≤ x_i ≤ High[i] of every species: a set of states
// from which a network can be made to draw, or that is cut out of its box.
type Region struct{ Low, High []int32 }

// Contains reports whether x lies in the region.
func (r Region) Contains(x []int32) bool {
	for i, n := range x {
		if n < r.Low[i] || n > r.High[i] {
			return false
		}
	}
	return true
}

// check refuses regions that hold no state of the box.
func (r Region) check(caps []int) error {
	if len(r.Low) != len(caps) || len(r.High) != len(caps) {
		return fmt.Errorf("%w: a region of %d and %d bounds for %d species", ErrBox, len(r.Low), len(r.High), len(caps))
	}
	for i, cap := range caps {
		if r.Low[i] > r.High[i] || r.High[i] < 0 || int(r.Low[i]) > cap {
			return fmt.Errorf("%w: species %d has no count from %d to %d within 0 to %d", ErrBox, i, r.Low[i], r.High[i], cap)
		}
	}
	return nil
}

// free reports whether the region holds all counts of species i.
func (r Region) free(i, cap int) bool { return r.Low[i] <= 0 && int(r.High[i]) >= cap }

// last is the last species that the region bounds, −1 if there is none.
func (r Region) last(caps []int) int {
	for i := len(caps) - 1; i >= 0; i-- {
		if !r.free(i, caps[i]) {
			return i
		}
	}
	return -1
}

// checkHole refuses a hole that is no region of the box, or all of it.
func (b Box) checkHole() error {
	if b.Hole == nil {
		return nil
	}
	if err := b.Hole.check(b.Caps); err != nil {
		return err
	}
	if b.Hole.last(b.Caps) < 0 {
		return fmt.Errorf("%w: nothing is left of the box %v without the states from %v to %v", ErrBox, b.Caps, b.Hole.Low, b.Hole.High)
	}
	if i := b.Hole.last(b.Caps); b.lawful(i) {
		// What the law demands of the species may be just what the hole forbids.
		return fmt.Errorf("%w: a hole that bounds species %d last, about which a law says something; leave the law or the bound out", ErrBox, i)
	}
	return nil
}

// holeMask returns what the hole adds to the logits [n, M] of species
// i = len(before): nothing but at the last one that it bounds, where the counts that
// would lead into it are forbidden.
func (b Box) holeMask(g *mlx.Graph, before []*mlx.Node, n int) *mlx.Node {
	i := len(before)
	inside := mlx.BroadcastToDims(mlx.Reshape(mlx.Const(g, forbidden), 1, 1), n, 1)
	for j, x := range before {
		if b.Hole.free(j, b.Caps[j]) {
			continue
		}
		in := within(mlx.InsertAxes(x, -1), mlx.Const(g, b.Hole.Low[j]), mlx.Const(g, b.Hole.High[j]))
		inside = mlx.Mul(inside, mlx.ConvertDType(in, inside.DType()))
	}
	counts := mlx.Iota(g, shapes.Make(dtypes.Int32, 1, b.Caps[i]+1), 1)
	return mlx.Mul(inside, mlx.ConvertDType(within(counts, mlx.Const(g, b.Hole.Low[i]), mlx.Const(g, b.Hole.High[i])), inside.DType()))
}

// within tells where low ≤ x ≤ high.
func within(x, low, high *mlx.Node) *mlx.Node {
	return mlx.LogicalAnd(mlx.GreaterOrEqual(x, low), mlx.LessOrEqual(x, high))
}
