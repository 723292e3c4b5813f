package device

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Parts of one natural-gradient update in the space of samples on each backend that is
// here, in milliseconds by clockOf, least of three: draws; the target; log P, its
// gradients and the Gram matrix; the solution; and the update. Each part waits for what it
// has started.
func BenchmarkParts(b *testing.B) {
	for _, on := range present(b) {
		for _, c := range []struct {
			model string
			n     int
			arch  van.Architecture
		}{
			{"toggle-switch", 1000, van.NADE{}}, {"mapk", 2000, van.NADE{}}, {"mapk", 2000, van.Transformer{}},
		} {
			b.Run(fmt.Sprintf("%v/%s-%T", on.Kind, c.model, c.arch), func(b *testing.B) { parts(b, on, c.model, c.n, c.arch) })
		}
	}
}

func parts(b *testing.B, on *backend.Backend, model string, n int, arch van.Architecture) {
	e, err := systems.Lookup(model)
	must(b, err)
	s, err := e.Build().Compile()
	must(b, err)
	m, err := van.New(on, van.Box{Caps: s.Caps()}, arch, runtime.GOMAXPROCS(0))
	must(b, err)
	k, err := New(on, m, s, n)
	must(b, err)
	u := make([]float64, n*m.Box.Species())
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range u {
		u[i] = rng.Float64()
	}
	least, now := map[string]float64{}, clockOf(on)
	for round := range 4 {
		step, err := k.NewStep(m.Init(rng), 0, 1e-9)
		must(b, err)
		begin := now()
		lap := func(part string, wait ...*tensors.Tensor) {
			for _, t := range wait {
				_, err := fetch[float64](t)
				must(b, err)
			}
			if t := 1e3 * (now() - begin).Seconds(); round == 0 {
				least["compiling "+part] = t
			} else if least[part] == 0 || t < least[part] {
				least[part] = t
			}
			begin = now()
		}
		must(b, step.Draw(u))
		for _, x := range step.chunks {
			_, err := fetch[int32](x.states)
			must(b, err)
		}
		lap("sample")
		_, err = step.Misfit()
		must(b, err)
		lap("target")
		var held bag
		eq, err := step.gram(&held)
		must(b, err)
		var tiles []*tensors.Tensor
		for _, row := range eq.tiles {
			tiles = append(tiles, row...)
		}
		lap("Gram", tiles...)
		z, err := k.solve(&held, eq, damping{fixed: 1e-3})
		must(b, err)
		lap("solve", z...)
		delta, err := step.product(&held, func(i int) (*tensors.Tensor, error) { return z[i], nil })
		must(b, err)
		lap("update", delta)
		held.empty()
		step.Close()
	}
	for _, part := range []string{"sample", "target", "Gram", "solve", "update"} {
		b.ReportMetric(least[part], part+"-ms")
		b.ReportMetric(least["compiling "+part], "first-"+part+"-ms")
	}
}

// clockOf measures what a backend takes: processor time of one that computes on the CPU,
// which holds on a computer that others use as well, and otherwise time by the clock.
func clockOf(on *backend.Backend) func() time.Duration {
	if on.Device == "cpu" {
		return processor
	}
	begin := time.Now()
	return func() time.Duration { return time.Since(begin) }
}

// processor is the processor time that this process has taken.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// present opens the Go backend and the first plugin that loads.
func present(t testing.TB) []*backend.Backend {
	t.Helper()
	b, err := backend.Open("go")
	must(t, err)
	list := []*backend.Backend{b}
	for _, i := range backend.Installed() {
		if i.Kind != backend.XLA {
			continue
		}
		if b, err := backend.Open(i.Name); err == nil {
			return append(list, b)
		}
	}
	return list
}
