package ssa

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// patience is the number of events between two looks at the context.
const patience = 1 << 16

// worker draws trajectories for one goroutine.
type worker struct {
	c      *crn.Compiled
	s      *Settings
	sim    Simulator
	stream *stream
	caps   []int
	x      []int32
	counts []*dist.Counts // one an output time
	events uint64
}

func newWorker(c *crn.Compiled, s *Settings) (*worker, error) {
	sim, err := s.Method.New(c)
	if err != nil {
		return nil, err
	}
	if f, ok := sim.(EventFollower); c.HasEvents() && (!ok || !f.FollowsEvents()) {
		return nil, c.RefuseEvents("the method " + s.Method.String())
	}
	counts, err := newCounts(c, s)
	if err != nil {
		return nil, err
	}
	return &worker{c: c, s: s, sim: sim, stream: newStream(), caps: c.Caps(), x: make([]int32, c.NumSpecies()), counts: counts}, nil
}

func newCounts(c *crn.Compiled, s *Settings) ([]*dist.Counts, error) {
	counts := make([]*dist.Counts, len(s.Times))
	for i := range counts {
		var err error
		if counts[i], err = dist.NewCounts(c.SpeciesNames(), s.Pairs); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// start draws the state at time 0 of a trajectory.
func (w *worker) start(index uint64) error {
	w.stream.begin(w.s.Seed, index)
	for i := range w.x {
		w.x[i] = int32(w.c.Initial(i).Sample(w.stream.rng, w.caps[i]))
	}
	return w.sim.Start(w.x, w.stream.rng)
}

// draw runs one trajectory through all output times and counts its states. blocked, if not nil, gets the leak at each of
// them, and observed the observables, [time][observable] in one row.
func (w *worker) draw(ctx context.Context, index uint64, blocked, observed []float64) error {
	if err := w.start(index); err != nil {
		return err
	}
	used := uint64(0)
	for i, t := range w.s.Times {
		if err := w.advance(ctx, index, t, &used, nil); err != nil {
			return err
		}
		x := w.sim.State()
		if err := w.counts[i].Add(x); err != nil {
			return fmt.Errorf("ssa: trajectory %d at t = %v: %w", index, t, err)
		}
		n := len(w.s.Observables)
		if err := w.observe(observed[i*n:(i+1)*n], t); err != nil {
			return err
		}
		if blocked != nil {
			blocked[i] = w.c.Blocked(x, t)
		}
	}
	w.events += used
	return nil
}

// advance moves the trajectory to time until, within the event budget and while the context allows.
func (w *worker) advance(ctx context.Context, index uint64, until float64, used *uint64, seen func(float64, []int32)) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		done, reached, err := w.sim.Advance(until, min(patience, w.s.MaxEvents-*used), seen)
		*used += done
		switch {
		case err != nil:
			return fmt.Errorf("ssa: trajectory %d: %w", index, err)
		case reached:
			return nil
		case *used >= w.s.MaxEvents:
			return fmt.Errorf("ssa: %w: trajectory %d reached %d events before t = %v, in state %v: raise MaxEvents, shorten the run, "+
				"or set caps if counts explode", ErrBudget, index, *used, until, w.sim.State())
		}
	}
}
