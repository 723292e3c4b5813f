package evolve

import (
	"fmt"
	"math"
	"slices"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// equations builds the normal equations JᵀJ δ = Jᵀr of weighted rows from rows
// that arrive a few at a time, so that J never exists as a whole.
type equations struct {
	model *van.Model
	gram  *mlx.Exec // AᵀA of one block
}

// blockRows is the number of rows of J that are multiplied at once.
const blockRows = 512

func newEquations(b *backend.Backend, m *van.Model) (*equations, error) {
	gram, err := backend.Kept(b, "evolve: normal equations", func() (*mlx.Exec, error) {
		on, err := b.Products()
		if err != nil {
			return nil, err
		}
		return mlx.NewExec(on.Backend, func(a *mlx.Node) *mlx.Node {
			return mlx.Dot(a, a).EinsumAxes([][2]int{{0, 0}}, nil)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("evolve: cannot prepare normal equations: %w", err)
	}
	return &equations{model: m, gram: gram}, nil
}

// normal is a set of normal equations.
type normal struct {
	matrix *mat.SymDense // Σ w J Jᵀ
	right  []float64     // Σ w J r
	mean   []float64     // ⟨J⟩ = Σ w J
	level  float64       // ⟨r⟩ = Σ w r
}

// centre turns the equations into those of rows and right sides about their
// weighted mean, Σ w (J − ⟨J⟩)(J − ⟨J⟩)ᵀ δ = Σ w (J − ⟨J⟩) r. That takes out the
// direction that only rescales P, which a normalised network does not have.
func (n *normal) centre() {
	n.matrix.SymRankOne(n.matrix, -1, mat.NewVecDense(len(n.mean), n.mean))
	blas64.Axpy(-n.level, vector(n.mean), vector(n.right))
}

// trace is the sum of the squares of all entries of J, by weight.
func (n *normal) trace() float64 {
	sum := 0.0
	for i := range n.right {
		sum += n.matrix.At(i, i)
	}
	return sum
}

// assemble evaluates, for each row x of the cloud, the gradient
// (1+w) O(x) − w Σ_k q_k O(x−s_k) of its scaled residual, and sums up. The scores
// O = ∂ log P/∂θ come from the network's graph; weights must sum to 1.
func (e *equations) assemble(c *cloud, theta van.Params, weights []float64, r *residuals) (*normal, error) {
	p := e.model.Size()
	full := make([]float64, p*p)
	mean, right := make([]float64, p), make([]float64, p)
	level := 0.0
	block := make([]float64, blockRows*p)
	filled := 0
	flush := func() error {
		clear(block[filled*p:])
		filled = 0
		a := tensors.FromFlatDataAndDimensions(block, blockRows, p)
		defer a.FinalizeAll()
		out, err := e.gram.Call1(a)
		if err != nil {
			return fmt.Errorf("evolve: normal equations: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) {
			for i, v := range flat.([]float64) {
				full[i] += v
			}
		})
	}
	order := c.ordered()
	t := newTile(c, p)
	for at := 0; at < len(order); {
		at += t.fill(order[at:])
		if err := t.score(e.model, theta); err != nil {
			return nil, err
		}
		for done := 0; done < len(t.rows); {
			n := min(blockRows-filled, len(t.rows)-done)
			rows := t.rows[done : done+n]
			out := block[filled*p : (filled+n)*p]
			t.combine(rows, r, out, e.model.Workers)
			for q, i := range rows {
				j := out[q*p : (q+1)*p]
				w := weights[i]
				s := math.Sqrt(w)
				blas64.Axpy(w, vector(j), vector(mean))
				blas64.Axpy(w*r.right[i], vector(j), vector(right))
				level += w * r.right[i]
				blas64.Scal(s, vector(j))
			}
			filled += n
			done += n
			if filled == blockRows {
				if err := flush(); err != nil {
					return nil, err
				}
			}
		}
	}
	if filled > 0 {
		if err := flush(); err != nil {
			return nil, err
		}
	}
	return &normal{matrix: mat.NewSymDense(p, full), right: right, mean: mean, level: level}, nil
}

// solve returns (JᵀJ + damping·trace·1)⁻¹ Jᵀr, raising the damping until the
// matrix can be factorised.
func (n *normal) solve(damping float64, workers int) ([]float64, error) {
	size, trace := n.matrix.SymmetricDim(), n.trace()
	lower := make([]float64, size*size)
	for range 12 {
		for i := range size {
			for j := range i + 1 {
				lower[i*size+j] = n.matrix.At(j, i)
			}
			lower[i*size+i] += damping * trace
		}
		if factorise(lower, size, workers) {
			delta := slices.Clone(n.right)
			substitute(lower, size, delta)
			return delta, nil
		}
		damping = damping*30 + 1e-14
	}
	return nil, fmt.Errorf("%w: the normal equations cannot be factorised", ErrStep)
}

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Data: x, Inc: 1} }
