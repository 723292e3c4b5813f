package sweep

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os/exec"
	"sync"
	"syscall"
)

// Progress is how far a local sweep has come.
type Progress struct {
	Points int // of the sweep
	Done   int // complete or truncated, those of earlier runs included
	Failed int
	Busy   int // left to other runners
}

// Local computes a sweep in child processes of this computer.
type Local struct {
	Sweep   *Sweep
	Workers int // children at once
	// Command makes a child that calls Runner.Work with its standard input and output.
	Command func() *exec.Cmd
	// Progress, if not nil, is told after each point, by one goroutine at a time.
	Progress func(Progress)
}

// local is a Local at work.
type local struct {
	Local
	mu       sync.Mutex
	next     func() (*Point, error, bool)
	retry    []*Point
	deaths   map[int]int // of the children that computed a point
	open     int         // points that children have in hand
	wake     *sync.Cond
	progress Progress
	failure  error
	cancel   context.CancelFunc
}

// Run computes all points that have something left to compute. It returns the context's error after an interruption, and
// ErrDiskFull; what failed is counted in Progress and is no error. However it ends, the children end, also when this process
// is killed: they notice the end of their input.
func (l Local) Run(ctx context.Context) (Progress, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &local{Local: l, deaths: map[int]int{}, cancel: cancel}
	w.wake = sync.NewCond(&w.mu)
	w.progress.Points = l.Sweep.Head.Points
	next, stop := iter.Pull2(l.Sweep.Points())
	defer stop()
	w.next = next
	context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.wake.Broadcast()
	})
	var all sync.WaitGroup
	for range max(l.Workers, 1) {
		all.Go(func() { w.employ(ctx) })
	}
	all.Wait()
	if w.failure == nil {
		w.failure = ctx.Err()
	}
	return w.progress, w.failure
}

// employ has one child after the other compute points until none is left.
func (w *local) employ(ctx context.Context) {
	var c *child
	defer func() {
		if c != nil {
			c.dismiss()
		}
	}()
	for {
		p := w.take(ctx)
		if p == nil {
			return
		}
		if c == nil {
			var err error
			if c, err = hire(w.Command()); err != nil {
				w.fail(fmt.Errorf("sweep: a child process cannot be started: %w", err))
				w.settle(nil, nil)
				return
			}
		}
		news, err := c.compute(ctx, p)
		if err == nil {
			w.settle(p, news)
			continue
		}
		why := c.dismiss()
		c = nil
		if ctx.Err() != nil {
			w.settle(nil, nil)
			continue
		}
		w.died(p, why)
	}
}

// take returns the next point that has something left to compute, nil if there is none or the end has come. It waits while
// others have points in hand that may come back.
func (w *local) take(ctx context.Context) *Point {
	w.mu.Lock()
	defer w.mu.Unlock()
	for ctx.Err() == nil {
		if n := len(w.retry); n > 0 {
			p := w.retry[n-1]
			w.retry = w.retry[:n-1]
			w.open++
			return p
		}
		p, err, more := w.next()
		switch {
		case !more && w.open == 0:
			return nil
		case !more:
			w.wake.Wait()
		case err != nil:
			w.failLocked(err)
			return nil
		default:
			r, _, err := w.Sweep.Result(p.ID)
			if err != nil && !errors.Is(err, ErrDamaged) {
				w.failLocked(err)
				return nil
			}
			if w.Sweep.Head.pending(r) {
				w.open++
				return p
			}
			w.count(r.Status)
		}
	}
	return nil
}

// settle notes what became of a point that was in hand; nil for one that was not computed.
func (w *local) settle(p *Point, n *News) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open--
	w.wake.Broadcast()
	if n == nil {
		return
	}
	switch {
	case n.Full:
		w.failLocked(Full(w.Sweep.Path, syscall.ENOSPC))
	case n.Status == Waiting && n.Error != "" && w.failure == nil:
		if w.deaths[p.Index]++; w.deaths[p.Index] < w.Sweep.Head.Attempts {
			w.retry = append(w.retry, p)
			return
		}
		w.failLocked(fmt.Errorf("sweep: point %d: %s", p.Index, n.Error))
	default:
		w.count(n.Status)
	}
}

// died notes that a child died with a point in hand.
func (w *local) died(p *Point, why string) {
	w.mu.Lock()
	w.deaths[p.Index]++
	n := w.deaths[p.Index]
	w.mu.Unlock()
	if n < w.Sweep.Head.Attempts {
		w.mu.Lock()
		w.retry = append(w.retry, p)
		w.mu.Unlock()
		w.settle(nil, nil)
		return
	}
	err := w.Sweep.GiveUp(p, n, "the process that computed it died: "+why)
	if err != nil {
		w.fail(err)
		w.settle(nil, nil)
		return
	}
	w.settle(p, &News{Index: p.Index, Status: Failed})
}

// count adds a point to the progress. The lock is held.
func (w *local) count(s Status) {
	switch s {
	case Complete, Truncated:
		w.progress.Done++
	case Failed:
		w.progress.Failed++
	case Running:
		w.progress.Busy++
	}
	if w.Local.Progress != nil {
		w.Local.Progress(w.progress)
	}
}

func (w *local) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failLocked(err)
}

// failLocked ends the sweep with the first error.
func (w *local) failLocked(err error) {
	if w.failure == nil {
		w.failure = err
	}
	w.cancel()
}
