package device

import (
	"errors"
	"fmt"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Kernel holds the graphs of a step for one network of reactions and one neural
// network on one backend. It holds no parameters; one kernel serves a whole run.
type Kernel struct {
	on     *backend.Backend
	model  *van.Model
	system *crn.Compiled
	rates  *rates
	chunk  int // states of a chunk, C
	tile   int // order of a tile in the space of parameters

	*graphs
}

// graphs are those of a kernel, each compiled when it is first used. Sizes are those of a
// chunk of C states or a tile [T, T]; all that a graph returns stays on the device.
type graphs struct {
	sample  *mlx.Exec // parameters, uniform numbers [C, L] → states [C, L]
	terms   *mlx.Exec // states, values, dt → log factors of the target [K+1, C], R [C]
	shifted *mlx.Exec // old parameters, states, log factors, number of a term, top, sum → top, sum [C]
	logp    *mlx.Exec // parameters, states → log P [C]
	blocked *mlx.Exec // states, values → what the caps disable [C]
	misfit  *mlx.Exec // log P, top, sum, R, weights, sums → r [C], sums [4]
	centred *mlx.Exec // r, weights, sums → √w (r − ⟨r⟩), w (r − ⟨r⟩) [C]
	product *mlx.Exec // parameters, states, v [C] → Oᵀv [P]

	factors *mlx.Exec // parameters, states → log P [C], factors of the Gram matrix
	block   *mlx.Exec // weights of two chunks, their factors → K [C, C], K w, Kᵀ w [C]
	centre  *mlx.Exec // K, its means [C] of rows and columns, mean of all, weights → tile of A Aᵀ, its trace
	spread  *mlx.Exec // z, weights [C], Σ √w z → √w z − w Σ √w z
	half    *mlx.Exec // z, weights [C], sum → sum + Σ √w z
	inner   *mlx.Exec // a, b [C], sum → sum + a·b

	normal *mlx.Exec // parameters, states, weights, r, S [P, P], ⟨O⟩, Σ w r O [P] → S, ⟨O⟩, Σ w r O
	cut    *mlx.Exec // S, ⟨O⟩, Σ w r O, sums → tiles of the lower half of A Aᵀ, Aᵀr in pieces [T], trace
	paste  *mlx.Exec // pieces [T] → [P]

	invert   *mlx.Exec // tile, damping → inverse of its Cholesky factor, least pivot
	subtract *mlx.Exec // A, X, Y → A − X Yᵀ
	by       *mlx.Exec // A, W → A Wᵀ
	less     *mlx.Exec // b, L, y → b − L y
	lessT    *mlx.Exec // b, L, y → b − Lᵀ y
	apply    *mlx.Exec // W, b → W b
	applyT   *mlx.Exec // W, b → Wᵀ b

	add     *mlx.Exec // a, b → a + b
	least   *mlx.Exec // a, b → the lesser
	level   *mlx.Exec // damping, relative, trace → damping + relative·trace
	move    *mlx.Exec // parameters, δ, factor → parameters + factor·δ
	descend *mlx.Exec // see descendGraph
}

// New prepares the graphs. It fails with ErrUnsupported, and says why, where only the
// host can make the steps.
//
// batch is about how many states a batch will have: a chunk is a whole ScoreChunk of
// the network, or less where batches are smaller.
func New(b *backend.Backend, m *van.Model, c *crn.Compiled, batch int) (*Kernel, error) {
	if c.NumReactions() == 0 {
		return nil, fmt.Errorf("%w: a network without reactions", ErrUnsupported)
	}
	r, err := newRates(c, m.Box)
	if err != nil {
		return nil, err
	}
	k := &Kernel{on: b, model: m, system: c, rates: r, chunk: base}
	for k.chunk < min(batch, m.ScoreChunk()) {
		k.chunk *= 2
	}
	k.chunk = min(k.chunk, m.ScoreChunk())
	k.tile = min(k.chunk, (m.Size()+base-1)/base*base)
	key := fmt.Sprintf("evolve/device: %v on %v with %v %v, %s", m.Arch, m.Box.Caps, m.Box.Laws, m.Box.Hole, r.key())
	if k.graphs, err = backend.Kept(b, key, k.prepare); err != nil {
		return nil, fmt.Errorf("device: cannot prepare the graphs of a step: %w", err)
	}
	return k, nil
}

func (k *Kernel) prepare() (*graphs, error) {
	m := k.model
	var failed error
	exec := func(e *mlx.Exec, err error) *mlx.Exec {
		failed = errors.Join(failed, err)
		return e
	}
	on := k.on.Backend
	return &graphs{
		sample:  exec(mlx.NewExec(on, m.SampleNode)),
		terms:   exec(mlx.NewExec(on, k.termsGraph)),
		shifted: exec(mlx.NewExec(on, k.shiftedGraph)),
		logp:    exec(mlx.NewExec(on, m.LogProbNode)),
		blocked: exec(mlx.NewExec(on, func(states, values *mlx.Node) *mlx.Node {
			return k.rates.blocked(columns(states), values)
		})),
		misfit:  exec(mlx.NewExec(on, misfitGraph)),
		centred: exec(mlx.NewExec(on, centredGraph)),
		product: exec(mlx.NewExec(on, m.ScoresVJPNode)),

		factors: exec(mlx.NewExec(on, func(theta, states *mlx.Node) []*mlx.Node {
			logp, factors := m.GramFactorNodes(theta, states)
			return append([]*mlx.Node{logp}, factors...)
		})),
		block:  exec(mlx.NewExec(on, k.blockGraph)),
		centre: exec(mlx.NewExec(on, centreGraph)),
		spread: exec(mlx.NewExec(on, func(z, w, sum *mlx.Node) *mlx.Node {
			return mlx.Sub(mlx.Mul(mlx.Sqrt(w), z), mlx.Mul(w, sum))
		})),
		half: exec(mlx.NewExec(on, func(z, w, sum *mlx.Node) *mlx.Node {
			return mlx.Add(sum, mlx.ReduceAllSum(mlx.Mul(mlx.Sqrt(w), z)))
		})),
		inner: exec(mlx.NewExec(on, func(a, b, sum *mlx.Node) *mlx.Node {
			return mlx.Add(sum, mlx.ReduceAllSum(mlx.Mul(a, b)))
		})),

		normal: exec(mlx.NewExec(on, k.normalGraph)),
		cut:    exec(mlx.NewExec(on, k.cutGraph)),
		paste: exec(mlx.NewExec(on, func(pieces []*mlx.Node) *mlx.Node {
			return mlx.Slice(join(pieces), mlx.AxisRange(0, m.Size()))
		})),

		invert: exec(mlx.NewExec(on, func(a, damping *mlx.Node) (w, least *mlx.Node) {
			return inverse(mlx.Add(a, mlx.Mul(damping, unit(a.Graph(), a.Shape().Dimensions[0]))))
		})),
		subtract: exec(mlx.NewExec(on, func(a, x, y *mlx.Node) *mlx.Node { return mlx.Sub(a, times(x, y)) })),
		by:       exec(mlx.NewExec(on, times)),
		less:     exec(mlx.NewExec(on, func(b, l, y *mlx.Node) *mlx.Node { return mlx.Sub(b, mlx.Einsum("ij,j->i", l, y)) })),
		lessT:    exec(mlx.NewExec(on, func(b, l, y *mlx.Node) *mlx.Node { return mlx.Sub(b, mlx.Einsum("ij,i->j", l, y)) })),
		apply:    exec(mlx.NewExec(on, func(w, b *mlx.Node) *mlx.Node { return mlx.Einsum("ij,j->i", w, b) })),
		applyT:   exec(mlx.NewExec(on, func(w, b *mlx.Node) *mlx.Node { return mlx.Einsum("ij,i->j", w, b) })),

		add:   exec(mlx.NewExec(on, func(a, b *mlx.Node) *mlx.Node { return mlx.Add(a, b) })),
		least: exec(mlx.NewExec(on, func(a, b *mlx.Node) *mlx.Node { return mlx.Min(a, b) })),
		level: exec(mlx.NewExec(on, func(damping, relative, trace *mlx.Node) *mlx.Node {
			return mlx.Add(damping, mlx.Mul(relative, trace))
		})),
		move:    exec(mlx.NewExec(on, func(theta, delta, factor *mlx.Node) *mlx.Node { return mlx.Add(theta, mlx.Mul(factor, delta)) })),
		descend: exec(mlx.NewExec(on, descendGraph)),
	}, failed
}

// call runs a graph and hands what it returns to the bag.
func (b *bag) call(e *mlx.Exec, args ...any) ([]*tensors.Tensor, error) {
	out, err := e.Call(args...)
	if err != nil {
		return nil, fmt.Errorf("device: %w", err)
	}
	b.add(out...)
	return out, nil
}

// call1 is call for graphs that return one node.
func (b *bag) call1(e *mlx.Exec, args ...any) (*tensors.Tensor, error) {
	out, err := b.call(e, args...)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// join concatenates vectors.
func join(pieces []*mlx.Node) *mlx.Node {
	if len(pieces) == 1 {
		return pieces[0]
	}
	return mlx.Concatenate(pieces, 0)
}
