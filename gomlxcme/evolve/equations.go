package evolve

import (
	"fmt"
	"math"
	"slices"
	"sync"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// equations builds the normal equations JᵀJ δ = Jᵀr of weighted, centred rows
// from rows that arrive a few at a time, so that J never exists as a whole.
type equations struct {
	model *van.Model
	gram  *mlx.Exec // AᵀA of one block
}

// blockRows is the number of rows of J that are multiplied at once.
const blockRows = 512

func newEquations(b *backend.Backend, m *van.Model) (*equations, error) {
	gram, err := mlx.NewExec(b.Backend, func(a *mlx.Node) *mlx.Node {
		return mlx.Dot(a, a).EinsumAxes([][2]int{{0, 0}}, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("evolve: cannot prepare normal equations: %w", err)
	}
	return &equations{model: m, gram: gram}, nil
}

// normal is a set of normal equations. The rows and right sides are centred by
// their weighted mean, which takes out the direction that only rescales P.
type normal struct {
	matrix *mat.SymDense // Σ w (J − ⟨J⟩)(J − ⟨J⟩)ᵀ
	right  []float64     // Σ w (J − ⟨J⟩) r
	trace  float64
}

// assemble evaluates, for each row x of the cloud, the gradient
// scale·[(1+w) O(x) − w Σ_k q_k O(x−s_k)] given by residuals, and sums up. weights
// must sum to 1.
func (e *equations) assemble(c *cloud, theta van.Params, weights []float64, r *residuals) (*normal, error) {
	p := e.model.Size()
	sum := mat.NewSymDense(p, nil)
	full := make([]float64, p*p)
	mean, right := make([]float64, p), make([]float64, p)
	meanRight := 0.0
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
	// Rows that lie near each other share neighbours: in this order a tile needs
	// few different states.
	order := make([]int, len(c.rows))
	keys := make([]key, len(c.rows))
	for i, row := range c.rows {
		order[i] = i
		keys[i] = c.key(c.state(row.state))
	}
	slices.SortFunc(order, func(a, b int) int {
		if keys[a][0] != keys[b][0] {
			if keys[a][0] < keys[b][0] {
				return -1
			}
			return 1
		}
		if keys[a][1] < keys[b][1] {
			return -1
		}
		return 1
	})
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
				meanRight += w * r.right[i]
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
	n := &normal{matrix: sum, right: right}
	for i := range p {
		right[i] -= meanRight * mean[i]
		for j := i; j < p; j++ {
			sum.SetSym(i, j, full[i*p+j]-mean[i]*mean[j])
		}
		n.trace += sum.At(i, i)
	}
	return n, nil
}

// solve returns (JᵀJ + damping·trace·1)⁻¹ Jᵀr, raising the damping until the
// matrix can be factorised.
func (n *normal) solve(damping float64) ([]float64, error) {
	p := n.matrix.SymmetricDim()
	for range 12 {
		a := mat.NewSymDense(p, nil)
		a.CopySym(n.matrix)
		for i := range p {
			a.SetSym(i, i, a.At(i, i)+damping*n.trace)
		}
		var chol mat.Cholesky
		if chol.Factorize(a) {
			delta := mat.NewVecDense(p, nil)
			// Cond only warns: the damped system is solved as well as it can be.
			_ = chol.SolveVecTo(delta, mat.NewVecDense(p, n.right))
			return delta.RawVector().Data, nil
		}
		damping = damping*30 + 1e-14
	}
	return nil, fmt.Errorf("%w: the normal equations cannot be factorised", ErrStep)
}

// tile is a group of rows with all states that they need, small enough for their
// scores to be held at once.
type tile struct {
	cloud  *cloud
	p      int
	rows   []int
	local  map[int32]int // state of the cloud → row of scores
	states []int32
	logp   []float64
	scores []float64
}

// tileStates bounds the states of a tile, and with them the memory of assemble.
const tileStates = 4 * van.Chunk

func newTile(c *cloud, p int) *tile {
	return &tile{cloud: c, p: p, local: map[int32]int{}, logp: make([]float64, 0, tileStates)}
}

// fill takes as many of the rows as fit and returns their number, at least 1.
func (t *tile) fill(order []int) int {
	t.rows = t.rows[:0]
	clear(t.local)
	t.states = t.states[:0]
	need := func(i int32) {
		if _, ok := t.local[i]; !ok {
			t.local[i] = len(t.local)
			t.states = append(t.states, t.cloud.state(i)...)
		}
	}
	for _, i := range order {
		r := t.cloud.rows[i]
		if len(t.rows) > 0 && len(t.local)+1+len(r.inflow) > tileStates {
			break
		}
		need(r.state)
		for _, e := range r.inflow {
			need(e.from)
		}
		t.rows = append(t.rows, i)
	}
	return len(t.rows)
}

func (t *tile) score(m *van.Model, theta van.Params) error {
	n := len(t.local)
	t.logp = slices.Grow(t.logp[:0], n)[:n]
	t.scores = slices.Grow(t.scores[:0], n*t.p)[:n*t.p]
	return m.Scores(t.logp, theta, t.states, func(lo, hi int, rows []float64) {
		copy(t.scores[lo*t.p:hi*t.p], rows)
	})
}

// combine writes the gradients of rows into out [len(rows)·P].
func (t *tile) combine(rows []int, r *residuals, out []float64, workers int) {
	var wg sync.WaitGroup
	for k := range workers {
		lo, hi := len(rows)*k/workers, len(rows)*(k+1)/workers
		wg.Go(func() {
			for q := lo; q < hi; q++ {
				row := t.cloud.rows[rows[q]]
				j := out[q*t.p : (q+1)*t.p]
				clear(j)
				t.axpy(1+r.share[rows[q]], row.state, j)
				for k, e := range row.inflow {
					if v := r.edges[rows[q]][k]; v > 1e-9 {
						t.axpy(-r.share[rows[q]]*v, e.from, j)
					}
				}
			}
		})
	}
	wg.Wait()
}

func (t *tile) axpy(a float64, state int32, dst []float64) {
	i := t.local[state]
	blas64.Axpy(a, vector(t.scores[i*t.p:(i+1)*t.p]), vector(dst))
}

func vector(x []float64) blas64.Vector { return blas64.Vector{N: len(x), Data: x, Inc: 1} }
