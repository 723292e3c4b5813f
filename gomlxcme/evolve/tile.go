package evolve

import (
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas/blas64"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

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
				t.axpy(r.scale[rows[q]], row.state, j)
				if r.share[rows[q]] == 0 {
					continue // nothing flows in, or the row is the score alone
				}
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
