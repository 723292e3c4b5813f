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

// watched is a backend that counts compilations and, when asked, notes the largest
// heap that is in use while a graph is run.
type watched struct {
	compute.Backend
	compilations atomic.Int64
	weighing     atomic.Bool
	mu           sync.Mutex
	heap         uint64 // bytes, the largest
}

// watch opens the Go backend under observation.
func watch(t testing.TB) (*watched, *backend.Backend) {
	t.Helper()
	b, err := backend.Open("go")
	must(t, err)
	w := &watched{Backend: b.Backend}
	b.Backend = w
	return w, b
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
		plain[i] = b.(watchedBuffer).Buffer
	}
	out, err := e.Executable.Execute(plain, donate, device)
	for i, b := range out {
		out[i] = watchedBuffer{b, e.w}
	}
	if e.w.weighing.Load() {
		// What is still in use after a graph: its inputs and outputs, and whatever
		// the caller holds.
		e.w.mu.Lock()
		defer e.w.mu.Unlock()
		e.w.heap = max(e.w.heap, inUse())
	}
	return out, err
}

// watchedBuffer says that it belongs to the backend under observation: GoMLX
// refuses buffers of another.
type watchedBuffer struct {
	compute.Buffer
	w *watched
}

func (b watchedBuffer) Backend() compute.Backend { return b.w }

func (w *watched) BufferFromFlatData(device compute.DeviceNum, flat any, shape shapes.Shape) (compute.Buffer, error) {
	b, err := w.Backend.BufferFromFlatData(device, flat, shape)
	return watchedBuffer{b, w}, err
}

func (w *watched) NewSharedBuffer(device compute.DeviceNum, shape shapes.Shape) (compute.Buffer, any, error) {
	b, flat, err := w.Backend.NewSharedBuffer(device, shape)
	return watchedBuffer{b, w}, flat, err
}

// inUse is the number of bytes on the heap that are reachable.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// weigh returns how many bytes more than before are in use at most while do runs
// graphs.
func (w *watched) weigh(do func()) float64 {
	runtime.GC() // what pools hold goes with the second collection
	before := inUse()
	w.heap = before
	w.weighing.Store(true)
	do()
	w.weighing.Store(false)
	return float64(w.heap - before)
}
