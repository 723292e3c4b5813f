package van

import (
	"fmt"
	"sync"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Gram writes K = O Oᵀ of the scores of n states [n·L] into dst [n·n]: what a
// natural gradient solves in the space of samples (minSR: Chen and Heyl, Nature
// Physics 2024, doi:10.1038/s41567-024-02566-1).
//
// A layer y = [x, 1] V that is applied at T sites adds
//
//	K_ab += Σ_{t,s} ([x_at, 1]·[x_bs, 1]) (∂y_at·∂y_bs),
//
// so the scores themselves are never needed; where T² products of short vectors
// cost more than one product of the layer's scores, those are formed for this
// layer alone. The price is n² times the sum over layers of the cheaper way, and
// the memory n times the sum of what each way holds.
func (m *Model) Gram(dst []float64, theta Params, states []int32) error {
	n := len(states) / m.Box.Species()
	if len(dst) != n*n {
		return fmt.Errorf("van: Gram: room for %d numbers, and %d states have %d", len(dst), n, n*n)
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	size := m.gramChunk(n)
	factors := make([][]*tensors.Tensor, (n+size-1)/size)
	defer func() {
		for _, f := range factors {
			for _, t := range f {
				t.FinalizeAll()
			}
		}
	}()
	err = m.chunks(states, size, func(x *tensors.Tensor, lo, _ int) (err error) {
		if factors[lo/size], err = m.factor.Call(th, x); err != nil {
			return fmt.Errorf("van: Gram matrix: %w", err)
		}
		return m.forProducts(factors[lo/size])
	})
	if err != nil {
		return err
	}
	return m.pairs(dst, n, size, func(a, b int) (*tensors.Tensor, error) {
		var args []any
		for _, f := range append(factors[a:a+1:a+1], factors[b]) {
			for _, t := range f {
				args = append(args, t)
			}
		}
		return m.gram.Call1(args...)
	})
}

// forProducts moves tensors to where products of large matrices are computed.
func (m *Model) forProducts(list []*tensors.Tensor) error {
	if m.products == m.backend {
		return nil
	}
	for _, t := range list {
		err := t.ToLocal()
		if err == nil {
			err = t.MaterializeOnDevice(m.products, true, 0)
		}
		if err != nil {
			return fmt.Errorf("van: Gram matrix: %w", err)
		}
	}
	return nil
}

// gramChunk is the number of states of a block of n: few states, as at early times,
// when many draws are the same, need not be padded to a whole chunk. A graph is
// compiled for each of the sizes, in milliseconds on the Go backend; with XLA, which
// takes seconds, all blocks are whole.
func (m *Model) gramChunk(n int) int {
	if !m.quick {
		return m.rowChunk()
	}
	size := 32
	for size < n {
		size *= 2
	}
	return min(size, m.rowChunk())
}

// CombinedGram writes K = J Jᵀ of the rows J = C O into dst [rows·rows]. It holds
// J, rows times Size numbers: the rows of a combination mix so many states that
// products of their parts would cost more.
func (m *Model) CombinedGram(dst []float64, theta Params, states []int32, c Combination) error {
	n, p, size := c.Rows(), m.Size(), m.rowChunk()
	if len(dst) != n*n {
		return fmt.Errorf("van: CombinedGram: room for %d numbers, and %d rows have %d", len(dst), n, n*n)
	}
	blocks := make([]*tensors.Tensor, (n+size-1)/size)
	for k := range blocks {
		blocks[k] = tensors.FromShape(shapes.Make(dtypes.Float64, size, p))
		defer blocks[k].FinalizeAll()
	}
	var mu sync.Mutex
	var failed error
	err := m.CombinedScores(theta, states, c, func(lo, hi int, rows []float64) {
		mu.Lock()
		defer mu.Unlock()
		for r := lo; r < hi; {
			end := min(hi, (r/size+1)*size)
			err := blocks[r/size].MutableFlatData(func(flat any) {
				copy(flat.([]float64)[r%size*p:], rows[(r-lo)*p:(end-lo)*p])
			})
			if err != nil {
				failed = fmt.Errorf("van: Gram matrix: %w", err)
			}
			r = end
		}
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if err := b.MaterializeOnDevice(m.products, true, 0); err != nil {
			return fmt.Errorf("van: Gram matrix: %w", err)
		}
	}
	return m.pairs(dst, n, size, func(a, b int) (*tensors.Tensor, error) { return m.gram.Call1(blocks[a], blocks[b]) })
}

// pairs fills the symmetric dst [n·n] with blocks [size, size] for a ≤ b.
func (m *Model) pairs(dst []float64, n, size int, block func(a, b int) (*tensors.Tensor, error)) error {
	count := (n + size - 1) / size
	return m.each(count*count, func(k int) error {
		a, b := k/count, k%count
		if a > b {
			return nil
		}
		out, err := block(a, b)
		if err != nil {
			return fmt.Errorf("van: Gram matrix: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) {
			v := flat.([]float64)
			for i := a * size; i < min(n, (a+1)*size); i++ {
				for j := max(i, b*size); j < min(n, (b+1)*size); j++ {
					x := v[(i-a*size)*size+j-b*size]
					dst[i*n+j], dst[j*n+i] = x, x
				}
			}
		})
	})
}

// byParts tells whether the products of a layer's inputs and gradients cost less
// than the product of its scores: for each pair of states T² (in + out)
// multiplications and some elementwise work, as dear as about 300 of them, against
// in·out. With 1000 states the choice makes Gram 2.7 times faster for NADE with
// 19,824 parameters and 3.4 times with 49,344.
func (f flow) byParts() bool {
	t, d := f.in.Shape().Dimensions[1], f.dense
	return t*t*(d.in+1+d.out+300) < (d.in+1)*d.out
}

// factorGraph returns what Gram needs of a chunk: first the inputs [n, T, in+1]
// and gradients [n, T, out] of the layers taken by parts, then the scores [n, ·]
// of all other layers together.
func (m *Model) factorGraph(theta, x *mlx.Node) []*mlx.Node {
	_, factors := m.factorsOf(theta, x)
	return factors
}

// factorsOf returns log P [n] and the factors of factorGraph.
func (m *Model) factorsOf(theta, x *mlx.Node) (logp *mlx.Node, out []*mlx.Node) {
	t, logp := m.logpNodes(theta, x)
	var whole []flow
	for _, f := range t.flows(mlx.ReduceAllSum(logp)) {
		if f.byParts() {
			out = append(out, f.in, f.grad)
		} else {
			whole = append(whole, f)
		}
	}
	if len(whole) > 0 {
		out = append(out, rows(whole))
	}
	return logp, out
}

// gramGraph returns the block [n, n] of K from the factors of two chunks.
func (m *Model) gramGraph(factors []*mlx.Node) *mlx.Node {
	a, b := factors[:len(factors)/2], factors[len(factors)/2:]
	var sum *mlx.Node
	add := func(x *mlx.Node) {
		if sum == nil {
			sum = x
		} else {
			sum = mlx.Add(sum, x)
		}
	}
	for ; len(a) > 1; a, b = a[2:], b[2:] {
		n, sites := a[0].Shape().Dimensions[0], a[0].Shape().Dimensions[1]
		k := mlx.Mul(inner(a[0], b[0]), inner(a[1], b[1]))
		if sites > 1 {
			k = mlx.ReduceSum(mlx.Reshape(k, n, sites, n, sites), 1, 3)
		}
		add(k)
	}
	if len(a) == 1 {
		add(inner(a[0], b[0]))
	}
	return sum
}

// inner returns the products of all vectors of a and b, which run along the last
// axes: [vectors of a, vectors of b].
func inner(a, b *mlx.Node) *mlx.Node {
	flat := func(x *mlx.Node) *mlx.Node { return mlx.Reshape(x, -1, x.Shape().Dimensions[x.Rank()-1]) }
	return mlx.Einsum("ai,bi->ab", flat(a), flat(b))
}
