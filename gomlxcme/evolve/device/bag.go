package device

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/gomlx/gomlx/core/tensors"
)

// bag holds what lies on the device until it is emptied. It is safe for concurrent
// use.
type bag struct {
	mu   sync.Mutex
	list []*tensors.Tensor
}

func (b *bag) add(t ...*tensors.Tensor) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, t...)
}

// empty gives back the memory of all that the bag holds.
func (b *bag) empty() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.list {
		t.FinalizeAll()
	}
	b.list = nil
}

// drop gives back the memory of one thing before the bag is emptied.
func (b *bag) drop(t *tensors.Tensor) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, x := range b.list {
		if x == t {
			b.list = append(b.list[:i], b.list[i+1:]...)
			t.FinalizeAll()
			return
		}
	}
}

// take removes one thing from the bag without giving its memory back.
func (b *bag) take(t *tensors.Tensor) *tensors.Tensor {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, x := range b.list {
		if x == t {
			b.list = append(b.list[:i], b.list[i+1:]...)
			break
		}
	}
	return t
}

// send moves numbers [dims] to the device, into the bag.
func send[T float64 | int32](k *Kernel, b *bag, flat []T, dims ...int) (*tensors.Tensor, error) {
	t := tensors.FromFlatDataAndDimensions(flat, dims...)
	b.add(t)
	// Here and once: graphs that run at the same time must not race to do it.
	if err := t.MaterializeOnDevice(k.on.Backend, true, 0); err != nil {
		return nil, fmt.Errorf("device: cannot move numbers to the device: %w", err)
	}
	return t, nil
}

// fetch copies numbers from the device.
func fetch[T float64 | int32](t *tensors.Tensor) (flat []T, err error) {
	if e := t.ConstFlatData(func(v any) { flat = append(flat, v.([]T)...) }); e != nil {
		err = fmt.Errorf("device: cannot read numbers from the device: %w", e)
	}
	return flat, err
}

// each calls do for 0 … count−1, as many at once as the network has workers, and returns
// the error of the first that failed.
func (k *Kernel) each(count int, do func(i int) error) error {
	errs := make([]error, count)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(k.model.Workers, count) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < count; i = int(next.Add(1)) - 1 {
				errs[i] = do(i)
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
