package van

import (
	"fmt"
	"sync"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// maxRows bounds the numbers of a chunk of scores, states times parameters.
const maxRows = 1 << 23

// rowChunk is the number of states whose scores one execution finds.
func (m *Model) rowChunk() int {
	n := Chunk
	for n > 8 && n*m.Size() > maxRows {
		n /= 2
	}
	return n
}

func (m *Model) scoreGraph(theta, x *mlx.Node) (*mlx.Node, *mlx.Node) {
	t, logp := m.logpNodes(theta, x)
	return logp, rows(t.flows(mlx.ReduceAllSum(logp)))
}

// Scores writes log P(x) into dst [n] and calls visit for each chunk of states
// with the scores O(x) = ∂ log P(x)/∂θ of states lo..hi−1, [hi−lo, P] row by row.
// Chunks are visited by several workers at once, in no particular order; the
// rows are valid during the call only, so memory stays bounded by the chunk.
func (m *Model) Scores(dst []float64, theta Params, states []int32, visit func(lo, hi int, rows []float64)) error {
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	return m.chunks(states, m.rowChunk(), func(x *tensors.Tensor, lo, hi int) error {
		logp, rows, err := m.score.Call2(th, x)
		if err != nil {
			return fmt.Errorf("van: scores: %w", err)
		}
		defer logp.FinalizeAll()
		defer rows.FinalizeAll()
		if err := logp.ConstFlatData(func(flat any) { copy(dst[lo:hi], flat.([]float64)) }); err != nil {
			return err
		}
		return rows.ConstFlatData(func(flat any) { visit(lo, hi, flat.([]float64)[:(hi-lo)*m.Size()]) })
	})
}

// productGraph returns Σ_n v_n O(x_n) [P].
func (m *Model) productGraph(theta, x, v *mlx.Node) *mlx.Node {
	t, logp := m.logpNodes(theta, x)
	var parts []*mlx.Node
	for _, f := range t.flows(mlx.ReduceAllSum(mlx.Mul(v, logp))) {
		in, grad := mlx.Reshape(f.in, -1, f.dense.in+1), mlx.Reshape(f.grad, -1, f.dense.out)
		parts = append(parts, mlx.Reshape(mlx.MatMul(mlx.TransposeAllAxes(in, 1, 0), grad), f.dense.size()))
	}
	return mlx.Concatenate(parts, 0)
}

// ScoresVJP writes Oᵀv = Σ_n v_n ∂ log P(x_n)/∂θ into dst [P], for states [n·L]
// and v [n]. It takes one pass backwards and holds no scores of single states, so
// it costs about as much as two or three evaluations of log P, whatever the
// number of parameters.
func (m *Model) ScoresVJP(dst []float64, theta Params, states []int32, v []float64) error {
	n := len(states) / m.Box.Species()
	if len(v) != n || len(dst) != m.Size() {
		return fmt.Errorf("van: ScoresVJP: %d factors for %d states, and room for %d of %d parameters", len(v), n, len(dst), m.Size())
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	clear(dst)
	sum := inOrder{add: func(part []float64) {
		for i, x := range part {
			dst[i] += x
		}
	}}
	return m.chunks(states, Chunk, func(x *tensors.Tensor, lo, hi int) error {
		block := make([]float64, Chunk)
		copy(block, v[lo:hi])
		factors := tensors.FromFlatDataAndDimensions(block, Chunk)
		defer factors.FinalizeAll()
		out, err := m.product.Call1(th, x, factors)
		if err != nil {
			return fmt.Errorf("van: product with the scores: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { sum.put(lo/Chunk, flat.([]float64)) })
	})
}

// inOrder adds up parts in the order of their numbers 0, 1, …, in whatever order
// they arrive, so that sums do not depend on the number of workers.
type inOrder struct {
	add     func(part []float64)
	mu      sync.Mutex
	next    int
	waiting map[int][]float64
}

func (o *inOrder) put(k int, part []float64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if k != o.next {
		if o.waiting == nil {
			o.waiting = map[int][]float64{}
		}
		o.waiting[k] = append([]float64(nil), part...)
		return
	}
	for ok := true; ok; part, ok = o.waiting[o.next] {
		o.add(part)
		delete(o.waiting, o.next)
		o.next++
	}
}
