package van

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func (m *Model) checkRegion(r Region) error {
	if err := r.check(m.Box.Caps); err != nil {
		return err
	}
	return m.listable("a region")
}

// listable refuses heads that cannot list their counts.
func (m *Model) listable(what string) error {
	for i, h := range m.net.heads() {
		if x, ok := h.(mixture); ok && x.cap >= maxListed {
			return fmt.Errorf("%w: %s of the %d counts of species %d; lower its cap to %d, or use other heads", ErrArchitecture, what, x.cap+1, m.sites[i].species, maxListed-1)
		}
	}
	return nil
}

// SampleWithin draws n states of the region by inverting the conditionals that are
// left in it at the uniform numbers u [n·L], and writes them into dst [n·L]. The
// law of the draws is
//
//	q(x) = P(x)/M(x),   M(x) = Π_i P(Low_i ≤ x_i ≤ High_i | the species drawn before i),
//
// and log M goes to logMass [n]. So M(x) estimates the probability of the region
// without bias from each draw: it is P/q, however small the region's probability is.
func (m *Model) SampleWithin(dst []int32, logMass []float64, theta Params, u []float64, r Region) error {
	if err := m.checkRegion(r); err != nil {
		return err
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	l := m.Box.Species()
	return m.parallel(len(u)/l, Chunk, func(lo, hi int) error {
		block := make([]float64, Chunk*l)
		copy(block, u[lo*l:hi*l])
		in := []any{th, tensors.FromFlatDataAndDimensions(block, Chunk, l), tensors.FromFlatDataAndDimensions(r.Low, l), tensors.FromFlatDataAndDimensions(r.High, l)}
		out, err := m.within.Call(in...)
		if err != nil {
			return fmt.Errorf("van: sampling from a region: %w", err)
		}
		for _, t := range append(in[1:], out[0], out[1]) {
			defer t.(*tensors.Tensor).FinalizeAll()
		}
		if err := out[0].ConstFlatData(func(flat any) { copy(dst[lo*l:hi*l], flat.([]int32)[:(hi-lo)*l]) }); err != nil {
			return err
		}
		return out[1].ConstFlatData(func(flat any) { copy(logMass[lo:hi], flat.([]float64)) })
	})
}

// LogMassWithin writes log M(x) of SampleWithin for the states [n·L] into dst [n]. It
// depends on the counts that are drawn before the last one alone, so that it is
// defined for states outside of the region too.
func (m *Model) LogMassWithin(dst []float64, theta Params, states []int32, r Region) error {
	if err := m.checkRegion(r); err != nil {
		return err
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	l := m.Box.Species()
	return m.chunks(states, Chunk, func(x *tensors.Tensor, lo, hi int) error {
		low, high := tensors.FromFlatDataAndDimensions(r.Low, l), tensors.FromFlatDataAndDimensions(r.High, l)
		defer low.FinalizeAll()
		defer high.FinalizeAll()
		out, err := m.mass.Call1(th, x, low, high)
		if err != nil {
			return fmt.Errorf("van: mass of a region: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo:hi], flat.([]float64)) })
	})
}

func (m *Model) withinGraph(theta, u, low, high *mlx.Node) (states, mass *mlx.Node) {
	n := u.Shape().Dimensions[0]
	next := m.net.walk(newTape(m.net.layout(), theta), n)
	var counts []*mlx.Node
	out := make([]*mlx.Node, len(m.sites))
	for i, h := range m.net.heads() {
		var before *mlx.Node
		if i > 0 {
			before = counts[i-1]
		}
		s := m.sites[i].species
		inside, factor := m.restricted(h, next(before), s, m.drawn.mask(u.Graph(), counts, n), low, high)
		ui := mlx.Reshape(mlx.Slice(u, mlx.AxisRange(), mlx.AxisElem(s)), n)
		x := drawWeights(mlx.Exp(mlx.Sub(inside, fence(mlx.ReduceAndKeep(inside, mlx.ReduceMax, -1)))), ui)
		counts = append(counts, x)
		out[s] = mlx.Reshape(x, n, 1)
		mass = plus(mass, factor)
	}
	return join(out), mass
}

func (m *Model) massGraph(theta, x, low, high *mlx.Node) *mlx.Node {
	n := x.Shape().Dimensions[0]
	columns := make([]*mlx.Node, len(m.sites))
	for i, s := range m.sites {
		columns[i] = mlx.Reshape(mlx.Slice(x, mlx.AxisRange(), mlx.AxisElem(s.species)), n)
	}
	var mass *mlx.Node
	for i, a := range coefficients(m.net, newTape(m.net.layout(), theta), columns) {
		_, factor := m.restricted(m.net.heads()[i], a, m.sites[i].species, m.drawn.mask(theta.Graph(), columns[:i], n), low, high)
		mass = plus(mass, factor)
	}
	return mass
}

// restricted returns the logits [n, M] of a head with those outside of the region
// forbidden, and the logarithm [n] of the probability that is left.
func (m *Model) restricted(h head, a *mlx.Node, species int, mask, low, high *mlx.Node) (inside, mass *mlx.Node) {
	logits := listed(h, a)
	if mask != nil {
		logits = mlx.Add(logits, mask)
	}
	g := logits.Graph()
	count := mlx.Iota(g, shapes.Make(dtypes.Int32, 1, logits.Shape().Dimensions[1]), 1)
	bound := func(v *mlx.Node) *mlx.Node { return mlx.Reshape(mlx.Slice(v, mlx.AxisElem(species)), 1, 1) }
	out := mlx.LogicalNot(within(count, bound(low), bound(high)))
	inside = mlx.Add(logits, mlx.MulScalar(mlx.ConvertDType(out, logits.DType()), 2*forbidden)) // more than a law, so that draws stay in the region
	return inside, mlx.Sub(logSumExp(inside), logSumExp(logits))
}

// plus adds two nodes, of which one may be nil.
func plus(a, b *mlx.Node) *mlx.Node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return mlx.Add(a, b)
}
