package evolve

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// The promises of the solver with its defaults, over 5 seeds: the largest
// Hellinger distance of any marginal at any of the times. Takes about 3 minutes;
// run by "make check-long", with the results in BENCHMARKS.md.
func TestPromises(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("takes minutes: set CME_LONG=1, or run make check-long")
	}
	for _, promise := range []struct {
		system   string
		times    []float64
		distance float64
	}{
		{"birth-death", []float64{100, 400}, 0.01},
		{"gene-expression", []float64{10, 50}, 0.02},
		{"toggle-switch", []float64{0.25, 1}, 0.02},
	} {
		e, err := systems.Lookup(promise.system)
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Build().Compile()
		if err != nil {
			t.Fatal(err)
		}
		for seed := uint64(1); seed <= 5; seed++ {
			begin := time.Now()
			r, err := Run(context.Background(), c, Settings{Times: promise.times, Seed: seed, Backend: openGo(t)})
			if err != nil {
				t.Fatal(err)
			}
			wall := time.Since(begin)
			d := worst(t, r.Snapshots, c, promise.times)
			t.Logf("%s, seed %d: largest distance %.5f, %d steps, %d parameters, %.1f s", promise.system, seed, d, r.State.Step, r.Model.Size(), wall.Seconds())
			if d > promise.distance {
				t.Errorf("%s, seed %d: largest distance %.4f, promised %.4f", promise.system, seed, d, promise.distance)
			}
		}
	}
}
