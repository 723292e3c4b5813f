package fsp

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// traffic is what one product must read and write, in bytes: p, the old and the new vector, their sum, the diagonal and what is stored of the
// rest of the matrix. Each is counted once, also the entries of p that other rows ask for.
func traffic(op operator) float64 {
	vectors := 8 * 6 * float64(op.size()) // p, old, dst, diagonal; the sum is read and written
	switch op := op.(type) {
	case *generator:
		return vectors + 12*float64(len(op.value)) + 8*float64(len(op.row))
	case *grid:
		for _, s := range op.shifts {
			vectors += 4 * float64(op.rows)
			for k, v := range s.along {
				if s.flat[k] < 0 {
					vectors += 8 * float64(len(v))
				}
			}
		}
	}
	return vectors
}

// middle is the median time of a job.
func middle(times int, job func()) time.Duration {
	took := make([]time.Duration, times)
	for i := range took {
		start := time.Now()
		job()
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[times/2]
}

// triad returns a job that moves as many bytes with as many goroutines: a = b + 3 c.
func triad(bytes float64, workers int) func() {
	n := max(1, int(bytes/24))
	a, b, c := make([]float64, n), make([]float64, n), make([]float64, n)
	return func() {
		var group sync.WaitGroup
		part := func(w int) {
			lo, hi := n*w/workers, n*(w+1)/workers
			a, b, c := a[lo:hi], b[lo:hi], c[lo:hi]
			b, c = b[:len(a)], c[:len(a)]
			for i := range a {
				a[i] = b[i] + 3*c[i]
			}
		}
		for w := 1; w < workers; w++ {
			group.Go(func() { part(w) })
		}
		part(0)
		group.Wait()
	}
}

// cpuSeconds is the time that this process has computed for.
func cpuSeconds(b *testing.B) float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}

// BenchmarkFloor says how far the products with the matrix are from what the memory allows: "floors" is the time of a product over the time in
// which plain loops move as many bytes, both with as many goroutines and in turns. "cpu-s" is the processor
// time of the whole solution, nearly all of which is products; those of an adaptive set are smaller than the one at the end, which is timed.
func BenchmarkFloor(b *testing.B) {
	for _, test := range []struct {
		name  string
		until float64
		set   Set
		tol   float64
	}{
		{"toggle-switch", 40, ReachableSet, 1e-8}, {"schlogl:sites=3", 1, ReachableSet, 1e-8}, {"mapk", 1e4, AdaptiveSet, 1e-4},
	} {
		b.Run(test.name, func(b *testing.B) {
			entry, err := systems.Lookup(test.name)
			if err != nil {
				b.Fatal(err)
			}
			c, err := entry.Build().Compile()
			if err != nil {
				b.Fatal(err)
			}
			v := &solver{c: c, end: test.until, s: Settings{Times: []float64{test.until}, Tolerance: test.tol, MaxStates: defaultMaxStates, Set: test.set,
				Workers: runtime.GOMAXPROCS(0), Hook: run.Silence{}}}
			var op operator
			start := cpuSeconds(b)
			for b.Loop() {
				if test.set == AdaptiveSet {
					f := &follower{solver: v}
					if err = f.run(context.Background()); err == nil {
						op = f.a.reg.generator(f.a.ids)
					}
				} else if err = v.solve(context.Background()); err == nil {
					op = v.p.op
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			whole := (cpuSeconds(b) - start) / float64(b.N)
			products, _ := v.result.Snapshots[len(v.result.Snapshots)-1].Diagnostics.Get("products")
			n := op.size()
			p, dst, sum := make([]float64, n), make([]float64, n), make([]float64, n)
			for i := range p {
				p[i], dst[i] = 1/float64(n), 1/float64(n)
			}
			t := newTeam(op, v.s.Workers)
			defer t.close()
			bytes := traffic(op)
			plain := triad(bytes, len(t.bounds)-1)
			var took, floor []time.Duration
			for range 21 { // in turns, because others use the computer as well
				took = append(took, middle(5, func() { t.multiply(job{dst: dst, p: p, old: dst, sum: sum, scale: 0, weight: 1e-9}) }))
				floor = append(floor, middle(5, plain))
			}
			slices.Sort(took)
			slices.Sort(floor)
			one, least := took[10].Seconds(), floor[10].Seconds()
			b.ReportMetric(float64(n), "states")
			b.ReportMetric(products, "products")
			b.ReportMetric(products*bytes/1e9, "GB")
			b.ReportMetric(bytes/1e6, "MB/product")
			b.ReportMetric(bytes/one/1e9, "GB/s")
			b.ReportMetric(bytes/least/1e9, "plain-GB/s")
			b.ReportMetric(one/least, "floors")
			b.ReportMetric(whole, "cpu-s")
		})
	}
}
