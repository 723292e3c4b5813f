package backend_test

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve/device"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Memory of a step on the device: for three times as many states the target takes no
// more than what it keeps of each, some ten numbers; updates in the space of parameters
// and by gradients the same; and those in the space of samples the tiles of the matrix,
// twice and once more while they are made, and the factors.
func TestMemoryOnTheDeviceIsBoundedByTheChunk(t *testing.T) { onEach(t, testDeviceMemory) }

func testDeviceMemory(t *testing.T, open func() (*watched, *backend.Backend)) {
	w, b := open()
	c := gene(t)
	m, err := van.New(b, van.Box{Caps: c.Caps()}, van.NADE{Hidden: 24}, 1)
	must(t, err)
	const chunk = 64
	k, err := device.New(b, m, c, chunk)
	must(t, err)
	theta := m.Init(rand.New(rand.NewPCG(1, 2)))
	weigh := func(n int) map[string]float64 {
		u := make([]float64, n*2)
		rng := rand.New(rand.NewPCG(3, 4))
		for i := range u {
			u[i] = rng.Float64()
		}
		peak := map[string]float64{}
		for name, update := range map[string]func(*device.Step) error{
			"target":  func(*device.Step) error { return nil },
			"samples": func(s *device.Step) error { return s.Natural(device.Natural{Damping: 1e-3, Rate: 0.1}) },
			"parameters": func(s *device.Step) error {
				return s.Natural(device.Natural{Damping: 1e-3, Rate: 0.1, Parameters: true})
			},
			"gradient": func(s *device.Step) error {
				must(t, s.Remember(make([]float64, m.Size()), make([]float64, m.Size())))
				return s.Descend(device.Descent{Rate: 0.1, Keep: 0.5, New: 1, Unbias: 1})
			},
		} {
			peak[name] = w.weigh(func() {
				s, err := k.NewStep(theta, 0, 0.01)
				must(t, err)
				defer s.Close()
				must(t, s.Draw(u))
				_, err = s.Misfit()
				must(t, err)
				must(t, update(s))
			})
		}
		return peak
	}
	weigh(chunk) // compile first
	const n, times = 4 * chunk, 3
	small, large := weigh(n), weigh(times*n)
	for path, bytes := range large {
		t.Logf("%-10s %6.3f MB, and %6.3f MB for %d times as many", path, small[path]/1e6, bytes/1e6, times)
		// Ten numbers and some 100 bytes of bookkeeping a state, and what the Go backend
		// keeps for reuse: up to the scores of a chunk.
		bound := small[path] + (8*10+100)*(times-1)*n + float64(8*chunk*m.Size())
		if path == "samples" {
			bound += 8 * (3*(times*times-1)*n*n + float64((times-1)*n*2*m.Size()))
		}
		if bytes > bound {
			t.Errorf("%s: %.3f MB for %d states and %.3f MB for %d", path, small[path]/1e6, n, bytes/1e6, times*n)
		}
	}
}
