package device

import (
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
)

// Natural says how the equations of a natural gradient are solved.
type Natural struct {
	Damping    float64 // λ
	Relative   float64 // share of the trace of the metric that is added to λ
	Parameters bool    // solve in the space of parameters instead of samples
	Rate       float64 // learning rate
}

// Natural makes the update θ ← θ − Rate (S + λ)⁻¹ F on the batch, which must have been
// compared with its target.
func (s *Step) Natural(o Natural) error {
	if s.stage != compared {
		return fmt.Errorf("device: an update needs the misfit of a fresh batch")
	}
	var b bag
	defer b.empty()
	fit := s.fitSamples
	if o.Parameters {
		fit = s.fitParameters
	}
	delta, err := fit(&b, damping{o.Damping, o.Relative})
	if err != nil {
		return err
	}
	out, err := b.call1(s.kernel.move, s.theta, delta, -o.Rate)
	if err != nil {
		return err
	}
	s.moved(b.take(out))
	return nil
}

// moved replaces the parameters.
func (s *Step) moved(theta *tensors.Tensor) {
	if s.theta != s.old {
		s.held.drop(s.theta)
	}
	s.held.add(theta)
	s.theta, s.stage = theta, none
}

// fitSamples returns Aᵀ (A Aᵀ + λ)⁻¹ r [P].
func (s *Step) fitSamples(b *bag, d damping) (*tensors.Tensor, error) {
	e, err := s.gram(b)
	if err != nil {
		return nil, err
	}
	k := s.kernel
	z, err := k.solve(b, e, d)
	if err != nil {
		return nil, err
	}
	sum, err := k.zeros(b)
	if err != nil {
		return nil, err
	}
	for i, c := range s.chunks {
		if sum, err = b.call1(k.half, z[i], c.weights, sum); err != nil {
			return nil, err
		}
	}
	return s.product(b, func(i int) (*tensors.Tensor, error) {
		return b.call1(k.spread, z[i], s.chunks[i].weights, sum)
	})
}

// product returns Σ Oᵀv [P] over the chunks, v(i) being that of chunk i.
func (s *Step) product(b *bag, v func(i int) (*tensors.Tensor, error)) (*tensors.Tensor, error) {
	k := s.kernel
	parts := make([]*tensors.Tensor, len(s.chunks))
	err := k.each(len(s.chunks), func(i int) error {
		factors, err := v(i)
		if err != nil {
			return err
		}
		parts[i], err = b.call1(k.product, s.theta, s.chunks[i].states, factors)
		return err
	})
	if err != nil {
		return nil, err
	}
	sum := parts[0]
	for _, p := range parts[1:] { // in order, so that the sum does not depend on the workers
		if sum, err = b.call1(k.add, sum, p); err != nil {
			return nil, err
		}
	}
	return sum, nil
}

// gram returns the equations in the space of samples.
func (s *Step) gram(out *bag) (e equations, err error) {
	var b bag
	defer b.empty()
	k, n := s.kernel, len(s.chunks)
	factors := make([][]any, n)
	e.right = make([]*tensors.Tensor, n)
	err = k.each(n, func(i int) error {
		c := s.chunks[i]
		parts, err := b.call(k.factors, s.theta, c.states)
		if err != nil {
			return err
		}
		for _, t := range parts[1:] {
			factors[i] = append(factors[i], t)
		}
		half, err := b.call(k.centred, c.misfit, c.weights, s.sums)
		if err != nil {
			return err
		}
		e.right[i] = b.take(half[0])
		out.add(e.right[i])
		return nil
	})
	if err != nil {
		return e, err
	}
	type pair struct{ i, j int }
	var pairs []pair
	e.tiles = make([][]*tensors.Tensor, n)
	for i := range n {
		e.tiles[i] = make([]*tensors.Tensor, i+1)
		for j := range i + 1 {
			pairs = append(pairs, pair{i, j})
		}
	}
	blocks := make([][]*tensors.Tensor, len(pairs))
	err = k.each(len(pairs), func(q int) (err error) {
		p := pairs[q]
		args := append([]any{s.chunks[p.i].weights, s.chunks[p.j].weights}, factors[p.i]...)
		blocks[q], err = b.call(k.block, append(args, factors[p.j]...)...)
		return err
	})
	if err != nil {
		return e, err
	}
	means := make([]*tensors.Tensor, n)
	add := func(i int, part *tensors.Tensor) (err error) {
		if means[i] == nil {
			means[i] = part
			return nil
		}
		means[i], err = b.call1(k.add, means[i], part)
		return err
	}
	for q, p := range pairs {
		if err := add(p.i, blocks[q][1]); err != nil {
			return e, err
		}
		if p.i != p.j {
			if err := add(p.j, blocks[q][2]); err != nil {
				return e, err
			}
		}
	}
	whole, err := k.zeros(&b)
	if err != nil {
		return e, err
	}
	for i := range n {
		if whole, err = b.call1(k.inner, means[i], s.chunks[i].weights, whole); err != nil {
			return e, err
		}
	}
	for q, p := range pairs {
		tile, err := b.call(k.centre, blocks[q][0], means[p.i], means[p.j], whole, s.chunks[p.i].weights, s.chunks[p.j].weights)
		if err != nil {
			return e, err
		}
		b.drop(blocks[q][0])
		e.tiles[p.i][p.j] = b.take(tile[0])
		out.add(tile[0])
		if p.i != p.j {
			continue
		}
		if e.trace == nil {
			e.trace = tile[1]
		} else if e.trace, err = b.call1(k.add, e.trace, tile[1]); err != nil {
			return e, err
		}
	}
	out.add(b.take(e.trace))
	return e, nil
}

// fitParameters returns (AᵀA + λ)⁻¹ Aᵀr [P].
func (s *Step) fitParameters(b *bag, d damping) (*tensors.Tensor, error) {
	k, p := s.kernel, s.kernel.model.Size()
	matrix, err := k.zeros(b, p, p)
	if err != nil {
		return nil, err
	}
	mean, err := k.zeros(b, p)
	if err != nil {
		return nil, err
	}
	right := mean
	for i, c := range s.chunks {
		out, err := b.call(k.normal, s.theta, c.states, c.weights, c.misfit, matrix, mean, right)
		if err != nil {
			return nil, err
		}
		b.drop(matrix)
		if i > 0 {
			b.drop(mean)
			b.drop(right)
		}
		matrix, mean, right = out[0], out[1], out[2]
	}
	parts, err := b.call(k.cut, matrix, mean, right, s.sums)
	if err != nil {
		return nil, err
	}
	b.drop(matrix)
	e := equations{trace: parts[len(parts)-1]}
	n := k.pieces()
	for i := range n {
		e.tiles = append(e.tiles, parts[:i+1])
		parts = parts[i+1:]
	}
	e.right = parts[:n]
	z, err := k.solve(b, e, d)
	if err != nil {
		return nil, err
	}
	var pieces []any
	for _, t := range z {
		pieces = append(pieces, t)
	}
	return b.call1(k.paste, pieces...)
}

// Descent is an update against the gradient g of the divergence,
//
//	first ← Keep·first + New·g,   second ← KeepSquare·second + NewSquare·g²,
//	θ ← θ − Rate · first/Unbias / (√(second/UnbiasSquare) + 1e-8),
//
// the last division for Adam only. g is shortened to the norm Clip, if that is above 0.
type Descent struct {
	Rate, Clip                          float64
	Keep, New, Unbias                   float64
	Adam                                bool
	KeepSquare, NewSquare, UnbiasSquare float64
}

// Remember sends what an optimiser remembers, first and second [P], to the device.
// Descend changes it, and Memory returns it.
func (s *Step) Remember(first, second []float64) (err error) {
	if s.first, err = send(s.kernel, &s.held, first, len(first)); err == nil {
		s.second, err = send(s.kernel, &s.held, second, len(second))
	}
	return err
}

// Memory returns what Remember sent, as the updates have left it.
func (s *Step) Memory() (first, second []float64, err error) {
	if first, err = fetch[float64](s.first); err == nil {
		second, err = fetch[float64](s.second)
	}
	return first, second, err
}

// Descend makes the update on the batch, which must have been compared with its
// target.
func (s *Step) Descend(o Descent) error {
	if s.stage != compared || s.first == nil {
		return fmt.Errorf("device: an update needs the misfit of a fresh batch, and a memory")
	}
	var b bag
	defer b.empty()
	k := s.kernel
	gradient, err := s.product(&b, func(i int) (*tensors.Tensor, error) {
		c := s.chunks[i]
		out, err := b.call(k.centred, c.misfit, c.weights, s.sums)
		if err != nil {
			return nil, err
		}
		return out[1], nil
	})
	if err != nil {
		return err
	}
	numbers := []float64{o.Rate, o.Clip, o.Keep, o.New, 0, 0, o.Unbias, 1, 0}
	if o.Adam {
		numbers[4], numbers[5], numbers[7], numbers[8] = o.KeepSquare, o.NewSquare, o.UnbiasSquare, 1
	}
	list, err := send(k, &b, numbers, len(numbers))
	if err != nil {
		return err
	}
	out, err := b.call(k.descend, s.theta, gradient, s.first, s.second, list)
	if err != nil {
		return err
	}
	s.held.drop(s.first)
	s.held.drop(s.second)
	s.first, s.second = b.take(out[1]), b.take(out[2])
	s.held.add(s.first, s.second)
	s.moved(b.take(out[0]))
	return nil
}
