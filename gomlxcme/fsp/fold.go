package fsp

import "slices"

// mostSymmetries bounds the permutations that are tried for every reaction out of every state.
const mostSymmetries = 1000

// folding is the symmetries of a network but for the identity: permutations that take species i to p[i].
type folding [][]int

// fold replaces x by the first, in the order of its counts, of the states that symmetries make of it.
func (f folding) fold(x []int32) {
	if len(f) == 0 {
		return
	}
	var room [2][16]int32
	best, y := append(room[0][:0], x...), append(room[1][:0], x...)
	for _, p := range f {
		for i, j := range p {
			y[j] = x[i]
		}
		if slices.Compare(y, best) < 0 {
			copy(best, y)
		}
	}
	copy(x, best)
}

// alike reports whether in says the same of all states that symmetries make of x.
func (f folding) alike(in func(x []int32) bool, x []int32) bool {
	want, y := in(x), slices.Clone(x)
	for _, p := range f {
		for i, j := range p {
			y[j] = x[i]
		}
		if in(y) != want {
			return false
		}
	}
	return true
}
