package calcium

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// Batch says which runs of a condition are drawn.
type Batch struct {
	First   int // index of the first run
	Runs    int // number of runs
	Workers int // goroutines; 0 means one a core; results do not depend on it
	Settings
}

// Each draws the runs of a batch on all cores and hands every one to visit, in any order and from several goroutines at once.
// The first error, also one of visit, ends it.
func Each(ctx context.Context, c Condition, b Batch, visit func(index int, r *Run) error) error {
	if b.First < 0 || b.Runs < 1 || b.Workers < 0 {
		return fmt.Errorf("%w: runs %d to %d with %d workers: give 1 run or more from 0 on", ErrSettings, b.First, b.First+b.Runs-1, b.Workers)
	}
	workers := b.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, b.Runs) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.Runs && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				r, err := Simulate(ctx, c, b.Settings, uint64(b.First+i))
				if err == nil {
					err = visit(b.First+i, r)
				}
				if err != nil {
					stop(fmt.Errorf("run %d of %v: %w", b.First+i, c, err)) // the first cause is kept, and ends the other workers
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// Visible are the names of the counts in Sums: cytosolic calcium and free IP3.
func Visible() []string { return []string{"ca2i", "ip3"} }

// Moments draws a batch and returns the sums of calcium and IP3 at every record from time from, in s, on.
func Moments(ctx context.Context, c Condition, b Batch, from float64) (*reduced.Sums, error) {
	s, err := b.filled()
	if err != nil {
		return nil, err
	}
	skip := int(from/s.Every + 0.5)
	if from < 0 || skip >= s.records() {
		return nil, fmt.Errorf("%w: records from %v s of runs to %v s: there are none", ErrSettings, from, s.TEnd)
	}
	times := make([]float64, s.records()-skip)
	for i := range times {
		times[i] = float64(skip+i) * s.Every
	}
	all := reduced.NewSums(Visible(), times)
	var lock sync.Mutex
	err = Each(ctx, c, b, func(_ int, r *Run) error {
		lock.Lock() // adding takes microseconds, a run tens of milliseconds
		defer lock.Unlock()
		for t, x := range r.Counts[skip:] {
			all.Add(t, x[Ca], x[IP3])
		}
		all.AddRun()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
