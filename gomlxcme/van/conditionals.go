package van

import (
	"fmt"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Conditionals evaluates the factors of the chain rule one by one,
//
//	log P(x) = Σ_i log P(x_i | the species drawn before i),
//
// by the same heads as Model.LogProb. Sums of their exponentials over all counts
// of a species tell whether a network is normalised where its states are far too
// many to enumerate.
type Conditionals struct {
	model *Model
}

// Conditionals returns the factors; they are compiled when first used.
func (m *Model) Conditionals() (*Conditionals, error) { return &Conditionals{model: m}, nil }

// conditionalsGraph returns log P(x_i | …) [n, L], species in the caller's order.
func (m *Model) conditionalsGraph(theta, x *mlx.Node) *mlx.Node {
	_, factors := m.factorNodes(theta, x)
	out := make([]*mlx.Node, len(factors))
	for i, f := range factors {
		out[m.sites[i].species] = mlx.Reshape(f, -1, 1)
	}
	return join(out)
}

// LogProb writes log P(x_i | the species drawn before i) of all species of the
// states [n·L] into dst [n·L].
func (c *Conditionals) LogProb(dst []float64, theta Params, states []int32) error {
	m, l := c.model, c.model.Box.Species()
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	return m.chunks(states, Chunk, func(x *tensors.Tensor, lo, hi int) error {
		out, err := m.factors.Call1(th, x)
		if err != nil {
			return fmt.Errorf("van: conditionals: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo*l:hi*l], flat.([]float64)) })
	})
}
