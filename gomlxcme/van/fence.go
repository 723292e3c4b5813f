package van

import mlx "github.com/gomlx/gomlx/core/graph"

// fence returns x [n, …] unchanged, copied in two halves.
//
// The SIMD matrix products of the pure-Go backend (compute v0.1.4) leave the
// upper halves of the vector registers in use, and on common processors every
// scalar instruction after that waits for them: an exponential takes 30 ns
// instead of 8. Copying a block of memory clears them. A fence on a small tensor
// between a product and elementwise work makes log P 1.7 times faster; XLA drops
// it.
func fence(x *mlx.Node) *mlx.Node {
	n := x.Shape().Dimensions[0]
	if n < 2 {
		return x
	}
	return mlx.Concatenate([]*mlx.Node{mlx.Slice(x, mlx.AxisRange(0, n/2)), mlx.Slice(x, mlx.AxisRange(n/2, n))}, 0)
}
