package van

import (
	"fmt"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Sample draws n states by inverting the conditional distributions at the
// uniform numbers u [n·L] in [0, 1), one for each species, and writes them into
// dst [n·L].
//
// The conditionals of sample k are raised to the power exponents[k] and
// normalised again: 1 draws from P, smaller powers flatten every conditional so
// that rare states are seen (tempering). A nil slice means 1 everywhere.
func (m *Model) Sample(dst []int32, theta Params, u, exponents []float64) error {
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	l := m.Box.Species()
	n := len(u) / l
	if exponents != nil && len(exponents) != n {
		return fmt.Errorf("van: %d exponents for %d samples", len(exponents), n)
	}
	return m.parallel(n, Chunk, func(lo, hi int) error {
		block, power := make([]float64, Chunk*l), make([]float64, Chunk)
		copy(block, u[lo*l:hi*l])
		for k := range power {
			power[k] = 1
		}
		if exponents != nil {
			copy(power, exponents[lo:hi])
		}
		ut := tensors.FromFlatDataAndDimensions(block, Chunk, l)
		et := tensors.FromFlatDataAndDimensions(power, Chunk)
		defer ut.FinalizeAll()
		defer et.FinalizeAll()
		out, err := m.sample.Call1(th, ut, et)
		if err != nil {
			return fmt.Errorf("van: sampling: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo*l:hi*l], flat.([]int32)[:(hi-lo)*l]) })
	})
}

// sampleGraph draws species after species, each from the walk's coefficients.
func (m *Model) sampleGraph(theta, u, power *mlx.Node) *mlx.Node {
	n := u.Shape().Dimensions[0]
	next := m.net.walk(newTape(m.net.layout(), theta), n)
	return m.draw(u, power, func(counts []*mlx.Node) *mlx.Node {
		if len(counts) == 0 {
			return next(nil)
		}
		return next(counts[len(counts)-1])
	})
}

// draw draws all species, given the head coefficients [n, R] of a site as a
// function of the counts before it.
func (m *Model) draw(u, power *mlx.Node, given func(counts []*mlx.Node) *mlx.Node) *mlx.Node {
	n := u.Shape().Dimensions[0]
	var counts []*mlx.Node
	out := make([]*mlx.Node, len(m.sites))
	for i, h := range m.net.heads() {
		s := m.sites[i].species
		ui := mlx.Reshape(mlx.Slice(u, mlx.AxisRange(), mlx.AxisElem(s)), n)
		x := h.draw(given(counts), ui, power, m.drawn.mask(u.Graph(), counts, n))
		counts = append(counts, x)
		out[s] = mlx.Reshape(x, n, 1)
	}
	return join(out)
}
