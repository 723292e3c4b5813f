package van

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// The functions of this file build the network into a graph of the caller's own, so
// that what surrounds it can run on the same device without its numbers passing
// through the host. Parameters theta are a node [P] of float64, states one [n, L] of
// int32 within the caps.

// LogProbNode returns log P(x) [n] of states [n, L].
func (m *Model) LogProbNode(theta, states *mlx.Node) *mlx.Node { return m.logpGraph(theta, states) }

// SampleNode returns the states [n, L] that Sample draws at uniform numbers u [n, L].
func (m *Model) SampleNode(theta, u *mlx.Node) *mlx.Node {
	return m.sampleGraph(theta, u, mlx.Ones(u.Graph(), shapes.Make(dtypes.Float64, u.Shape().Dimensions[0])))
}

// ScoresNode returns log P(x) [n] and the scores ∂ log P(x)/∂θ [n, P].
func (m *Model) ScoresNode(theta, states *mlx.Node) (logp, scores *mlx.Node) {
	return m.scoreGraph(theta, states)
}

// ScoresVJPNode returns Σ_n v_n ∂ log P(x_n)/∂θ [P] for v [n].
func (m *Model) ScoresVJPNode(theta, states, v *mlx.Node) *mlx.Node {
	return m.productGraph(theta, states, v)
}

// GramFactorNodes returns log P(x) [n], and what GramNode needs of the states: see
// Gram.
func (m *Model) GramFactorNodes(theta, states *mlx.Node) (logp *mlx.Node, factors []*mlx.Node) {
	return m.factorsOf(theta, states)
}

// GramNode returns the block [n, m] of O Oᵀ, O the scores, of n and m states from
// their factors.
func (m *Model) GramNode(a, b []*mlx.Node) *mlx.Node {
	return m.gramGraph(append(a[:len(a):len(a)], b...))
}

// ScoreChunk is the number of states whose scores one execution of a graph finds:
// Chunk, or fewer where scores have so many parameters that a chunk of them would
// not stay within bounds.
func (m *Model) ScoreChunk() int { return m.rowChunk() }
