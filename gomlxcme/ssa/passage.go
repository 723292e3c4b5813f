package ssa

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Basin is a set of states. It must be pure and bear concurrent calls, and not keep or change x.
type Basin func(x []int32) bool

// Box is the basin of the states with low ≤ x ≤ high in every species; crn.Unbounded as an entry of high means no limit.
func Box(low, high []int32) Basin {
	low, high = slices.Clone(low), slices.Clone(high)
	return func(x []int32) bool {
		for i, n := range x {
			if n < low[i] || (high[i] != crn.Unbounded && n > high[i]) {
				return false
			}
		}
		return true
	}
}

// Passages are the times at which the trajectories of an ensemble first entered a basin.
type Passages struct {
	Times []float64 // [runs], in the order of the trajectories; +Inf for those that had not entered by End
	End   float64   // last time that was looked at
}

// Probability is the share of trajectories that have entered by time t ≤ End, with its standard error.
func (p *Passages) Probability(t float64) (value, se float64) {
	entered := 0
	for _, first := range p.Times {
		if first <= t {
			entered++
		}
	}
	n := float64(len(p.Times))
	value = float64(entered) / n
	return value, math.Sqrt(value * (1 - value) / n)
}

// Rate is the rate k of an entry after time `from`, and its standard error, if from then on entries come at a constant rate: entries in
// from … End over the time spent outside in that interval, which is the estimate of largest likelihood. Without any entry both are 0.
func (p *Passages) Rate(from float64) (value, se float64) {
	entered, outside := 0.0, 0.0
	for _, first := range p.Times {
		if first <= from {
			continue
		}
		if first <= p.End {
			entered++
		}
		outside += min(first, p.End) - from
	}
	if entered == 0 {
		return 0, 0
	}
	return entered / outside, math.Sqrt(entered) / outside
}

// passageEvents is the number of events between two looks at whether a trajectory has entered.
const passageEvents = 64

// FirstPassages draws the trajectories that Run draws with the same settings, each until it enters the basin or reaches the last output
// time. Entries are seen at events, so that with TauLeap they are late by up to one leap, and brief visits inside one are missed. The same
// seed gives the same times for any number of workers. Pairs, Resume and Checkpoint are not used. On an error nothing is returned.
func FirstPassages(ctx context.Context, c *crn.Compiled, s Settings, basin Basin) (*Passages, error) {
	s, err := s.filled(c, defaultMaxEvents)
	if err != nil {
		return nil, err
	}
	if basin == nil {
		return nil, fmt.Errorf("ssa: %w: no basin: give Box or a function of the state", ErrSettings)
	}
	p := &Passages{Times: make([]float64, s.Runs), End: s.Times[len(s.Times)-1]}
	s.Hook.Start(run.Start{Solver: "ssa", Model: c.Network().Name, TEnd: p.End})
	err = p.draw(ctx, c, &s, basin)
	s.Hook.Done(run.Done{Err: err})
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (p *Passages) draw(ctx context.Context, c *crn.Compiled, s *Settings, basin Basin) error {
	outer := ctx
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var workers []*worker
	for range s.Workers {
		w, err := newWorker(c, s)
		if err != nil {
			return err
		}
		workers = append(workers, w)
	}
	for first := 0; first < len(p.Times); first += smallestRound {
		end := min(first+smallestRound, len(p.Times))
		var next atomic.Int64
		next.Store(int64(first))
		var group sync.WaitGroup
		for _, w := range workers {
			group.Go(func() {
				for i := int(next.Add(1)) - 1; i < end; i = int(next.Add(1)) - 1 {
					t, err := w.passage(ctx, uint64(i), p.End, basin)
					if err != nil {
						stop(err)
						return
					}
					p.Times[i] = t
				}
			})
		}
		group.Wait()
		if err := context.Cause(ctx); err != nil {
			if outer.Err() != nil {
				err = fmt.Errorf("ssa: stopped after %d of %d first passages: %w", first, len(p.Times), outer.Err())
			}
			return err
		}
		s.Hook.Step(run.Step{Time: p.End, Fraction: float64(end) / float64(len(p.Times))})
	}
	return nil
}

// passage is the time at which one trajectory enters the basin, +Inf if it does not.
func (w *worker) passage(ctx context.Context, index uint64, end float64, basin Basin) (float64, error) {
	if err := w.start(index); err != nil {
		return 0, err
	}
	if basin(w.sim.State()) {
		return 0, nil
	}
	first := math.Inf(1)
	look := func(t float64, x []int32) {
		if math.IsInf(first, 1) && basin(x) {
			first = t
		}
	}
	for used, looks := uint64(0), 0; ; looks++ {
		if looks%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		done, reached, err := w.sim.Advance(end, min(passageEvents, w.s.MaxEvents-used), look)
		used += done
		switch {
		case err != nil:
			return 0, fmt.Errorf("ssa: trajectory %d: %w", index, err)
		case reached || !math.IsInf(first, 1):
			return first, nil
		case used >= w.s.MaxEvents:
			return 0, fmt.Errorf("ssa: %w: trajectory %d reached %d events before it entered the basin or t = %v: raise MaxEvents or shorten the run",
				ErrBudget, index, used, end)
		}
	}
}
