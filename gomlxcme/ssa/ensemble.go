package ssa

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Result of Run.
type Result struct {
	// Snapshots has one entry an output time. Dist is a *dist.Counts. Diagnostics are "runs" (trajectories counted) and
	// "leak_rate", the mean flow that the caps hold back at this time.
	Snapshots []dist.Snapshot
	Runs      int    // trajectories that were counted
	Events    uint64 // reactions that fired in them
}

// Trajectories are drawn in rounds; after each one the counts are merged and progress is told.
const (
	roundsWanted  = 50
	smallestRound = 256
)

// Run draws an ensemble. When it is interrupted or fails, it returns the rounds of trajectories finished so far, if any, together
// with the error.
func Run(ctx context.Context, c *crn.Compiled, s Settings) (*Result, error) {
	s, err := s.filled(c, defaultMaxEvents)
	if err != nil {
		return nil, err
	}
	e := &ensemble{c: c, s: &s}
	if err := e.begin(); err != nil {
		return nil, err
	}
	s.Hook.Start(run.Start{Solver: "ssa", Model: c.Network().Name, TEnd: s.Times[len(s.Times)-1]})
	err = e.run(ctx)
	s.Hook.Done(run.Done{Err: err})
	return e.result(), err
}

type ensemble struct {
	c       *crn.Compiled
	s       *Settings
	workers []*worker
	state   *State
	caps    bool // some species has a cap, so that there may be a leak
}

func (e *ensemble) begin() error {
	counts, err := newCounts(e.c, e.s)
	if err != nil {
		return err
	}
	e.state = &State{Seed: e.s.Seed, Method: e.s.Method.String(), Times: slices.Clone(e.s.Times), Counts: counts, Blocked: make([]float64, len(counts)),
		Observed: newObserved(len(counts), len(e.s.Observables))}
	if r := e.s.Resume; r != nil {
		if e.state, err = r.continued(e.state, e.s.Runs); err != nil {
			return err
		}
	}
	for range e.s.Workers {
		w, err := newWorker(e.c, e.s)
		if err != nil {
			return err
		}
		e.workers = append(e.workers, w)
	}
	for _, cap := range e.c.Caps() {
		e.caps = e.caps || cap != crn.Unbounded
	}
	return nil
}

func (e *ensemble) run(ctx context.Context) error {
	round := max(smallestRound, (e.s.Runs+roundsWanted-1)/roundsWanted)
	for e.state.Runs < e.s.Runs {
		size := min(round, e.s.Runs-e.state.Runs)
		if err := e.round(ctx, size); err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("ssa: stopped after %d of %d trajectories: %w", e.state.Runs, e.s.Runs, ctx.Err())
			}
			return err
		}
		e.s.Hook.Step(run.Step{
			Time:     e.s.Times[len(e.s.Times)-1],
			Fraction: float64(e.state.Runs) / float64(e.s.Runs),
			Fields:   dist.Diagnostics{{Name: "runs", Value: float64(e.state.Runs)}, {Name: "events", Value: float64(e.state.Events)}},
		})
		if e.s.Checkpoint != nil {
			if err := e.s.Checkpoint(e.state.clone()); err != nil {
				return fmt.Errorf("ssa: checkpoint after %d trajectories: %w", e.state.Runs, err)
			}
		}
	}
	return nil
}

// round draws the next size trajectories; on an error none of them is counted. Which worker draws which trajectory is left
// to chance: counts are whole numbers, and the leaks are summed in the order of the trajectories.
func (e *ensemble) round(ctx context.Context, size int) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	times := len(e.s.Times)
	var blocked []float64
	if e.caps {
		blocked = make([]float64, size*times)
	}
	each := times * len(e.s.Observables)
	observed := make([]float64, size*each)
	var next atomic.Int64
	var group sync.WaitGroup
	for _, w := range e.workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < size; i = int(next.Add(1)) - 1 {
				var leak []float64
				if e.caps {
					leak = blocked[i*times : (i+1)*times]
				}
				if err := w.draw(ctx, uint64(e.state.Runs+i), leak, observed[i*each:(i+1)*each]); err != nil {
					stop(err) // the first cause is kept, and ends the other workers
					return
				}
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		for _, w := range e.workers {
			w.forget()
		}
		return err
	}
	for _, w := range e.workers {
		for i, counts := range w.counts {
			if err := e.state.Counts[i].Merge(counts); err != nil {
				return err
			}
		}
		e.state.Events += w.events
		w.forget()
	}
	for i, leak := range blocked {
		e.state.Blocked[i%times] += leak
	}
	e.state.gather(observed, len(e.s.Observables))
	e.state.Runs += size
	return nil
}

// forget drops what the worker has counted.
func (w *worker) forget() {
	for _, counts := range w.counts {
		counts.Reset()
	}
	w.events = 0
}

func (e *ensemble) result() *Result {
	r := &Result{Runs: e.state.Runs, Events: e.state.Events}
	if r.Runs == 0 {
		return r
	}
	for i, t := range e.s.Times {
		r.Snapshots = append(r.Snapshots, dist.Snapshot{Time: t, Dist: e.state.Counts[i], Observables: e.observed(i), Diagnostics: dist.Diagnostics{
			{Name: "runs", Value: float64(r.Runs)},
			{Name: "leak_rate", Value: e.state.Blocked[i] / float64(r.Runs)},
		}})
	}
	return r
}
