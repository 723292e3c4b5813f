package device

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// positive returns A Aᵀ + shift [n·n] of random A [n, rank].
func positive(rng *rand.Rand, n, rank int, shift float64) []float64 {
	a := make([]float64, n*rank)
	for i := range a {
		a[i] = rng.NormFloat64()
	}
	m := make([]float64, n*n)
	for i := range n {
		for j := range n {
			for k := range rank {
				m[i*n+j] += a[i*rank+k] * a[j*rank+k]
			}
		}
		m[i*n+i] += shift
	}
	return m
}

// W a Wᵀ is 1, for orders that are halved evenly and unevenly, on every backend; a
// matrix that is not positive definite has no pivot above 0 to show.
func TestInverse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, on := range present(t) {
		invert, err := mlx.NewExec(on.Backend, inverse)
		must(t, err)
		for _, n := range []int{1, 5, base, base + 1, 100} {
			if on.Kind != 0 && n != 100 {
				continue // XLA takes long to compile
			}
			a := positive(rng, n, n, 1)
			out, err := invert.Call(tensors.FromFlatDataAndDimensions(a, n, n))
			must(t, err)
			w, err := fetch[float64](out[0])
			must(t, err)
			least, err := fetch[float64](out[1])
			must(t, err)
			worst := 0.0
			for i := range n {
				for j := range n {
					v := 0.0
					for p := range i + 1 { // W is lower triangular
						for q := range j + 1 {
							v += w[i*n+p] * a[p*n+q] * w[j*n+q]
						}
					}
					if i == j {
						v--
					}
					worst = max(worst, math.Abs(v))
				}
			}
			if !(worst < 1e-10) || !(least[0] > 0) { // condition below 1e3 times the order
				t.Errorf("%v, order %d: W a Wᵀ is off by %.2g, least pivot %g", on.Kind, n, worst, least[0])
			}
			a[n*n-1] = -1e6
			if out, err = invert.Call(tensors.FromFlatDataAndDimensions(a, n, n)); err != nil {
				t.Fatal(err)
			}
			if least, err = fetch[float64](out[1]); err != nil || least[0] > 0 {
				t.Errorf("%v, order %d: an indefinite matrix has the least pivot %g, %v", on.Kind, n, least[0], err)
			}
		}
	}
}

// Systems of one, two and four tiles, well and badly conditioned.
func TestSolve(t *testing.T) {
	on := present(t)[0]
	e := boxed(t, small())
	m, err := van.New(on, van.Box{Caps: e.Caps()}, van.NADE{Hidden: 2}, 2)
	must(t, err)
	k, err := New(on, m, e, 1)
	must(t, err)
	rng := rand.New(rand.NewPCG(3, 4))
	const tile = 16
	for _, count := range []int{1, 2, 4} {
		n := count * tile
		for name, c := range map[string]struct {
			rank      int
			d         damping
			tolerance float64
			err       error
		}{
			"damped":            {rank: n / 2, d: damping{fixed: 0.1}, tolerance: 1e-11},
			"relatively":        {rank: n / 2, d: damping{relative: 1e-4}, tolerance: 1e-10},
			"hardly, singular":  {rank: n / 2, d: damping{fixed: 1e-300}, tolerance: math.Inf(1)},
			"not at all, empty": {rank: 0, err: ErrSingular},
		} {
			a, right := positive(rng, n, c.rank, 0), make([]float64, n)
			trace := 0.0
			for i := range right {
				right[i] = rng.NormFloat64()
				trace += a[i*n+i]
			}
			var b bag
			q := equations{}
			for i := range count {
				var row []*tensors.Tensor
				for j := range i + 1 {
					var block []float64
					for p := range tile {
						block = append(block, a[(i*tile+p)*n+j*tile:(i*tile+p)*n+(j+1)*tile]...)
					}
					row = append(row, tensors.FromFlatDataAndDimensions(block, tile, tile))
				}
				q.tiles = append(q.tiles, row)
				q.right = append(q.right, tensors.FromFlatDataAndDimensions(right[i*tile:(i+1)*tile], tile))
			}
			q.trace = tensors.FromScalar(trace)
			pieces, err := k.solve(&b, q, c.d)
			if !errors.Is(err, c.err) {
				t.Fatalf("%s, %d tiles: %v", name, count, err)
			}
			if err != nil {
				continue
			}
			var z []float64
			for _, p := range pieces {
				part, err := fetch[float64](p)
				must(t, err)
				z = append(z, part...)
			}
			lambda := c.d.fixed + c.d.relative*trace
			for i := range n {
				v := lambda*z[i] - right[i]
				for j := range n {
					v += a[i*n+j] * z[j]
				}
				if !(math.Abs(v) <= c.tolerance*trace*max(1, math.Abs(z[i]))) {
					t.Errorf("%s, %d tiles: residual %d is %.2g", name, count, i, v)
				}
			}
			b.empty()
		}
	}
}
