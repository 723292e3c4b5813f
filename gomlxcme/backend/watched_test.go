package backend_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// watched is a backend that counts compilations and the bytes that lie on it, and, when
// asked, notes how many there are at most while a graph is run.
type watched struct {
	compute.Backend
	kind         backend.Kind
	compilations atomic.Int64
	bytes        atomic.Int64 // of buffers that have not been given back
	weighing     atomic.Bool
	mu           sync.Mutex
	most         int64 // bytes in use, the largest
}

// watch opens the Go backend under observation.
func watch(t testing.TB) (*watched, *backend.Backend) {
	t.Helper()
	return watchThe(t, "go")
}

// watchThe opens a backend under observation.
func watchThe(t testing.TB, name string) (*watched, *backend.Backend) {
	t.Helper()
	b, err := backend.Open(name)
	must(t, err)
	w := &watched{Backend: b.Backend, kind: b.Kind}
	b.Backend = w
	return w, b
}

// onEach runs a test on the Go backend and, if long tests are asked for, on all others
// that are here, which take some ten seconds to compile. open opens the backend afresh,
// under observation.
func onEach(t *testing.T, test func(t *testing.T, open func() (*watched, *backend.Backend))) {
	t.Helper()
	test(t, func() (*watched, *backend.Backend) { return watch(t) })
	if !long() {
		return
	}
	for _, x := range present(t)[1:] {
		t.Run(x.name, func(t *testing.T) {
			test(t, func() (*watched, *backend.Backend) { return watchThe(t, x.Config) })
		})
	}
}

func (w *watched) Builder(name string) compute.Builder {
	return &watchedBuilder{w.Backend.Builder(name), w}
}

type watchedBuilder struct {
	compute.Builder
	w *watched
}

func (b *watchedBuilder) Compile() (compute.Executable, error) {
	b.w.compilations.Add(1)
	e, err := b.Builder.Compile()
	return &watchedExecutable{e, b.w}, err
}

type watchedExecutable struct {
	compute.Executable
	w *watched
}

func (e *watchedExecutable) Execute(inputs []compute.Buffer, donate []bool, device compute.DeviceNum) ([]compute.Buffer, error) {
	plain := make([]compute.Buffer, len(inputs))
	for i, b := range inputs {
		plain[i] = b.(*watchedBuffer).Buffer
		if donate != nil && donate[i] {
			b.(*watchedBuffer).gone()
		}
	}
	out, err := e.Executable.Execute(plain, donate, device)
	for i, b := range out {
		out[i] = e.w.keep(b)
	}
	if e.w.weighing.Load() {
		// What is still in use after a graph: its inputs and outputs, and whatever
		// the caller holds.
		e.w.mu.Lock()
		defer e.w.mu.Unlock()
		e.w.most = max(e.w.most, e.w.inUse())
	}
	return out, err
}

// watchedBuffer says that it belongs to the backend under observation: GoMLX
// refuses buffers of another.
type watchedBuffer struct {
	compute.Buffer
	w     *watched
	bytes atomic.Int64
}

// keep counts a buffer until it is given back.
func (w *watched) keep(b compute.Buffer) *watchedBuffer {
	x := &watchedBuffer{Buffer: b, w: w}
	if shape, err := b.Shape(); err == nil {
		x.bytes.Store(int64(shape.ByteSize()))
	}
	w.bytes.Add(x.bytes.Load())
	return x
}

func (b *watchedBuffer) Backend() compute.Backend { return b.w }

func (b *watchedBuffer) Finalize() error {
	b.gone()
	return b.Buffer.Finalize()
}

func (b *watchedBuffer) gone() { b.w.bytes.Add(-b.bytes.Swap(0)) }

func (w *watched) BufferFromFlatData(device compute.DeviceNum, flat any, shape shapes.Shape) (compute.Buffer, error) {
	b, err := w.Backend.BufferFromFlatData(device, flat, shape)
	if err != nil {
		return nil, err
	}
	return w.keep(b), nil
}

func (w *watched) NewSharedBuffer(device compute.DeviceNum, shape shapes.Shape) (compute.Buffer, any, error) {
	b, flat, err := w.Backend.NewSharedBuffer(device, shape)
	if err != nil {
		return nil, nil, err
	}
	return w.keep(b), flat, nil
}

// inUse is the number of bytes in use: on the heap, where the Go backend has its
// buffers, or in the buffers of another. What a graph needs while it runs is fixed by its
// shapes, which are those of a chunk.
func (w *watched) inUse() int64 {
	if w.kind != backend.Go {
		return w.bytes.Load()
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// weigh returns how many bytes more than before are in use at most while do runs
// graphs.
func (w *watched) weigh(do func()) float64 {
	runtime.GC() // what pools hold goes with the second collection
	before := w.inUse()
	w.most = before
	w.weighing.Store(true)
	do()
	w.weighing.Store(false)
	return float64(w.most - before)
}
