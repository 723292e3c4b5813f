package device

import (
	"errors"
	"fmt"

	"github.com/gomlx/gomlx/core/tensors"
)

// ErrSingular is returned where the equations of a natural gradient cannot be
// factorised.
var ErrSingular = errors.New("device: the equations of a natural gradient cannot be factorised; use more damping")

// equations are (A + λ) z = b, A symmetric, on the device.
type equations struct {
	tiles [][]*tensors.Tensor // [i][j] for j ≤ i, [T, T] each
	right []*tensors.Tensor   // [T] each
	trace *tensors.Tensor     // of A, a number
}

// damping is how much of the identity is added to a matrix: Fixed + Relative·trace.
type damping struct{ fixed, relative float64 }

// solve returns z in pieces [T], which lie in the bag. Where rounding has made A
// slightly indefinite λ grows, as on the host.
func (k *Kernel) solve(b *bag, e equations, d damping) ([]*tensors.Tensor, error) {
	fixed := d.fixed
	for range 8 {
		z, ok, err := k.factorise(b, e, fixed, d.relative)
		if ok || err != nil {
			return z, err
		}
		trace, err := fetch[float64](e.trace)
		if err != nil {
			return nil, err
		}
		// No entry of the diagonal exceeds the trace.
		fixed = 10*(fixed+d.relative*trace[0]) + 1e-15*trace[0]
		d.relative = 0
	}
	return nil, ErrSingular
}

// factorise solves for one λ, and reports false where the matrix is not positive
// definite. Columns are done from left to right: what those before take away from a
// column, the inverse of the tile on the diagonal, and its product with those below.
func (k *Kernel) factorise(out *bag, e equations, fixed, relative float64) (z []*tensors.Tensor, ok bool, err error) {
	var b bag
	defer b.empty()
	lambda, err := b.call1(k.level, fixed, relative, e.trace)
	if err != nil {
		return nil, false, err
	}
	n := len(e.tiles)
	lower, inverses := make([][]*tensors.Tensor, n), make([]*tensors.Tensor, n)
	for i := range lower {
		lower[i] = make([]*tensors.Tensor, n)
	}
	var worst *tensors.Tensor
	for j := range n {
		// reduced is the tile [i][j] without what the columns before take away.
		reduced := func(i int) (*tensors.Tensor, error) {
			a := e.tiles[i][j]
			for q := range j {
				less, err := b.call1(k.subtract, a, lower[i][q], lower[j][q])
				if err != nil {
					return nil, err
				}
				if q > 0 {
					b.drop(a)
				}
				a = less
			}
			return a, nil
		}
		diagonal, err := reduced(j)
		if err != nil {
			return nil, false, err
		}
		pair, err := b.call(k.invert, diagonal, lambda)
		if err != nil {
			return nil, false, err
		}
		inverses[j] = pair[0]
		if worst == nil {
			worst = pair[1]
		} else if worst, err = b.call1(k.least, worst, pair[1]); err != nil {
			return nil, false, err
		}
		err = k.each(n-j-1, func(below int) error {
			i := j + 1 + below
			a, err := reduced(i)
			if err != nil {
				return err
			}
			lower[i][j], err = b.call1(k.by, a, inverses[j])
			if j > 0 {
				b.drop(a)
			}
			return err
		})
		if err != nil {
			return nil, false, err
		}
	}
	pivot, err := fetch[float64](worst)
	if err != nil {
		return nil, false, err
	}
	if !(pivot[0] > 0) {
		return nil, false, nil
	}
	z, err = k.substitute(&b, lower, inverses, e.right)
	for _, t := range z {
		out.add(b.take(t))
	}
	return z, err == nil, err
}

// substitute solves L Lᵀ z = right, the diagonal tiles of L being given by their
// inverses.
func (k *Kernel) substitute(b *bag, lower [][]*tensors.Tensor, inverses, right []*tensors.Tensor) ([]*tensors.Tensor, error) {
	n := len(inverses)
	z := append([]*tensors.Tensor(nil), right...)
	var err error
	for i := range n {
		for j := range i {
			if z[i], err = b.call1(k.less, z[i], lower[i][j], z[j]); err != nil {
				return nil, err
			}
		}
		if z[i], err = b.call1(k.apply, inverses[i], z[i]); err != nil {
			return nil, err
		}
	}
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			if z[i], err = b.call1(k.lessT, z[i], lower[j][i], z[j]); err != nil {
				return nil, err
			}
		}
		if z[i], err = b.call1(k.applyT, inverses[i], z[i]); err != nil {
			return nil, err
		}
	}
	return z, nil
}

// zeros sends zeros to the device.
func (k *Kernel) zeros(b *bag, dims ...int) (*tensors.Tensor, error) {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return send(k, b, make([]float64, n), dims...)
}

// finite refuses numbers that are none.
func finite(what string, numbers []float64) error {
	for _, v := range numbers {
		if v-v != 0 {
			return fmt.Errorf("device: %s is not finite", what)
		}
	}
	return nil
}
