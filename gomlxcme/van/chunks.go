package van

import (
	"sync"
	"sync/atomic"

	"github.com/gomlx/gomlx/core/tensors"
)

// chunks cuts states into chunks of the given size, pads the last one with zero
// states, and runs do on Workers of them at once. It returns the error of the
// first chunk that failed.
func (m *Model) chunks(states []int32, size int, do func(x *tensors.Tensor, lo, hi int) error) error {
	l := m.Box.Species()
	return m.parallel(len(states)/l, size, func(lo, hi int) error {
		block := make([]int32, size*l)
		copy(block, states[lo*l:hi*l])
		x := tensors.FromFlatDataAndDimensions(block, size, l)
		defer x.FinalizeAll()
		return do(x, lo, hi)
	})
}

// parallel calls do for every chunk of n items.
func (m *Model) parallel(n, size int, do func(lo, hi int) error) error {
	return m.each((n+size-1)/size, func(k int) error { return do(k*size, min(n, (k+1)*size)) })
}

// each calls do for 0..count−1, Workers of them at once.
func (m *Model) each(count int, do func(k int) error) error {
	errs := make([]error, count)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(m.Workers, count) {
		wg.Go(func() {
			for {
				k := int(next.Add(1)) - 1
				if k >= count {
					return
				}
				errs[k] = do(k)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
