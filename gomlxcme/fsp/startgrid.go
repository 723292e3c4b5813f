package fsp

import (
	"context"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

const (
	// smallestGrid is the number of states from which the form of a grid pays.
	smallestGrid = 10_000
	// shortestRow is the number of states of a row from which it pays.
	shortestRow = 16
)

// wantsGrid says whether the box is worth a look as a grid.
func (v *solver) wantsGrid() bool {
	return gridLike(v.c, v.s.MaxStates)
}

// startGrid takes all states of the box, if at least half of them can be reached: the others keep probability 0.
func (v *solver) startGrid(ctx context.Context, p []float64) error {
	caps := v.c.Caps()
	order := gridOrder(caps)
	set := enumerate(caps, order, int(box(v.c)))
	full := make([]float64, set.Len())
	start := v.p.space.set
	var queue []int32
	for i, w := range p {
		j, _ := set.Index(start.State(i))
		full[j] = w
		queue = append(queue, int32(j))
	}
	reached, err := v.reachable(ctx, set, order, queue)
	if err != nil || 2*reached < set.Len() {
		return err
	}
	g, rest := newGrid(v.c, set, order, v.s.Absorb)
	v.p.space.set, v.p.space.targets = set, nil
	v.p.p, v.p.g, v.p.op = full, rest, g
	v.choose(float64(set.Len()) * float64(1+len(g.shifts)))
	v.result.Caps = caps
	return nil
}

// reachable counts the states of the box that can be reached from those in queue.
func (v *solver) reachable(ctx context.Context, set *dist.StateSet, order []int, queue []int32) (int, error) {
	caps := v.c.Caps()
	stride := make([]int, len(caps))
	for i, size := len(order)-1, 1; i >= 0; i-- {
		stride[order[i]] = size
		size *= caps[order[i]] + 1
	}
	offset := make([]int, v.c.NumReactions())
	for k := range offset {
		for j, d := range v.c.Change(k) {
			offset[k] += stride[j] * int(d)
		}
	}
	seen := make([]bool, set.Len())
	for _, i := range queue {
		seen[i] = true
	}
	for n := 0; n < len(queue); n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		i := int(queue[n])
		for k, d := range offset {
			a := v.c.Propensity(k, set.State(i), 0)
			if err := checkPropensity(v.c, k, set.State(i), a); err != nil {
				return 0, err
			}
			if a > 0 && !seen[i+d] {
				seen[i+d] = true
				queue = append(queue, int32(i+d))
			}
		}
	}
	return len(queue), nil
}
