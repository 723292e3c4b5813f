package fsp

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// follower moves an adaptive set through the output times.
type follower struct {
	*solver
	a    *adaptive
	rate float64 // total propensity at the start: the scale of early times
	h    float64 // next time step
	top  float64 // longest step that the series is trusted with
}

// allowance is how much of the tolerance may be used up to time t: half in proportion to time, half to its logarithm, since the
// first moments from a sharp start need more states a unit of time than all that follows.
func (f *follower) allowance(t float64) float64 {
	return f.s.Tolerance * 0.5 * (t/f.end + math.Log1p(t*f.rate)/math.Log1p(f.end*f.rate))
}

func (f *follower) run(ctx context.Context) error {
	a, err := newAdaptive(f.c, f.s.Absorb, f.s.MaxStates, f.s.Workers)
	if err != nil {
		return f.tooLarge(0, 0)
	}
	f.a = a
	for i, id := range a.ids {
		a.reg.edges(id)
		f.rate += a.p[i] * a.reg.out[id]
	}
	f.rate = math.Max(f.rate, 1/math.Max(f.end, 1e-300))
	f.h = 0.5 / f.rate
	f.top = math.Inf(1)
	now := 0.0
	for _, t := range f.s.Times {
		for now < t {
			to, err := f.step(ctx, now, t)
			if err != nil {
				return f.refuse(err, now)
			}
			now = to
			f.s.Hook.Step(run.Step{Time: now, Fraction: now / f.end, Fields: f.diagnostics()})
		}
		if err := f.snapshot(t); err != nil {
			return err
		}
	}
	return nil
}

const (
	// growTries is how often the set may grow for one step before the step is halved.
	growTries = 3
	// longerStep is how much longer a step becomes after one that held.
	longerStep = 1.5
	// pruneEvery is the number of steps after which states are dropped.
	pruneEvery = 4
	// shortestStep is the number of reactions in the fastest state below which a step makes no sense.
	shortestStep = 1e-6
)

// step moves on from now, at most to end, and returns the time reached.
func (f *follower) step(ctx context.Context, now, end float64) (float64, error) {
	a := f.a
	for {
		to := now + f.h
		if to >= end || now+1.01*f.h >= end {
			to = end
		} else if now+2*f.h > end { // two equal steps rather than a long and a tiny one
			to = now + (end-now)/2
		}
		dt := to - now
		if dt <= 0 || f.h*f.rate < shortestStep {
			return now, errTolerance
		}
		budget := f.allowance(to) - a.spent()
		share := f.allowance(to) - f.allowance(now)
		if budget <= 0 {
			return now, errTolerance
		}
		guess := a.p
		tries := 0
		for ; tries < growTries; tries++ {
			if err := a.grow(guess, dt, 0.5*budget); err != nil {
				return now, err
			}
			s, lost, err := a.advance(ctx, dt, math.Max(0.02*share, 1e-15))
			if errors.Is(err, errShorten) {
				f.top = dt / 2
				break
			}
			if err != nil {
				return now, err
			}
			if lost+s.bound <= budget {
				a.commit(s, lost)
				f.top *= 1.05
				if tries == 0 && dt >= 0.99*f.h {
					f.h = math.Min(f.h*longerStep, f.top)
				}
				if a.steps%pruneEvery == 0 {
					a.prune(dt, 0.2*share)
				}
				return to, nil
			}
			guess = s.p
			for i, v := range a.p {
				guess[i] = math.Max(guess[i], v)
			}
		}
		f.h = dt / 2
	}
}

// errTolerance says that no set within reach loses as little as asked for.
var errTolerance = errors.New("the tolerance is used up")

func (f *follower) refuse(err error, now float64) error {
	switch {
	case errors.Is(err, errFull):
		return f.tooLarge(now, f.a.spent())
	case errors.Is(err, errTolerance):
		return fmt.Errorf("fsp: %w: %.3g of %.3g are used up at t = %v with %d states: raise Tolerance", ErrTolerance, f.a.spent(),
			f.s.Tolerance, now, len(f.a.ids))
	}
	return fmt.Errorf("fsp: stopped at t = %v: %w", now, err)
}

func (f *follower) tooLarge(now, spent float64) error {
	return &TooLargeError{Box: box(f.c), Limit: f.s.MaxStates, Time: now, Lost: spent, Bytes: adaptiveBytes(f.c, f.s.MaxStates)}
}

func (f *follower) snapshot(t float64) error {
	table, err := f.a.table()
	if err != nil {
		return err
	}
	f.result.Caps = highest(f.result.Caps, f.c, table)
	f.result.add(t, table, f.diagnostics(), f.s.Absorb)
	return nil
}

func (f *follower) diagnostics() dist.Diagnostics {
	return dist.Diagnostics{
		{Name: "truncation_bound", Value: f.a.spent()},
		{Name: "leak", Value: f.a.leak},
		{Name: "lost", Value: f.a.lost + f.a.pruned},
		{Name: "states", Value: float64(len(f.a.ids))},
		{Name: "products", Value: float64(f.a.products)},
		{Name: "steps", Value: float64(f.a.steps)},
	}
}

// highest returns the caps of the model and, for species without one, the largest count met at an output time.
func highest(before []int, c *crn.Compiled, t *dist.Table) []int {
	caps := c.Caps()
	for s, cap := range caps {
		if cap != crn.Unbounded {
			continue
		}
		caps[s] = 0
		if before != nil {
			caps[s] = before[s]
		}
		for i := range t.Len() {
			caps[s] = max(caps[s], int(t.State(i)[s]))
		}
	}
	return caps
}
