package fsp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Settings of Solve; but for Times the zero value works.
type Settings struct {
	Times     []float64 // output times: rising, the first 0 or later
	Tolerance float64   // largest mass that may be lost until the last time: above growing caps, or out of an adaptive set; 0 means 1e-8
	MaxStates int       // most states that may be kept; 0 means 5,000,000
	Set       Set       // which states are kept; the zero value chooses
	Stepper   Stepper   // how they are moved in time; the zero value chooses
	// Absorb, if given, picks the states that no reaction leaves any more; see Result.Survival. It must be pure and bear
	// concurrent calls.
	Absorb func(x []int32) bool
	// Fold keeps one state for all that symmetries of the network make alike (crn.Compiled.Symmetries), with the probability of all of them: the
	// reflection of a chain halves their number, the symmetries of a square leave an eighth. The laws of the snapshots list these states, so
	// that only what the symmetries keep can be asked of them: probabilities of symmetric sets and fluxes, not marginals. The set is a
	// reachable one.
	Fold    bool
	Workers int      // goroutines for the products with the matrix; 0 means one a core; results do not depend on it
	Hook    run.Hook // progress; nil is silent
}

// Result of Solve.
type Result struct {
	// Snapshots has one entry an output time that was reached. Dist is a *dist.Table. Diagnostics are "truncation_bound" (see the
	// package comment), "leak" (flow held back by the caps of the model so far), "lost" (mass that left the set), "states" and
	// "products" (of the matrix with a vector, so far); an adaptive set adds "steps", and Absorb adds "absorbed", the probability of its states.
	Snapshots []dist.Snapshot
	// Caps are the largest counts in the box at the end: the caps of the model, and what the growing ones became. For
	// species without a cap an adaptive set gives the largest count at any output time.
	Caps []int
}

const (
	defaultTolerance = 1e-8
	defaultMaxStates = 5_000_000
	// pieceLength is the number of products with the matrix after which progress is told and growth is judged.
	pieceLength = 2000
)

// Solve computes the law at the output times. When it is interrupted or finds too many states it returns the times reached so far
// together with the error.
func Solve(ctx context.Context, c *crn.Compiled, s Settings) (*Result, error) {
	if s.Tolerance == 0 {
		s.Tolerance = defaultTolerance
	}
	if s.MaxStates == 0 {
		s.MaxStates = defaultMaxStates
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Hook == nil {
		s.Hook = run.Silence{}
	}
	if err := s.check(c); err != nil {
		return nil, err
	}
	v := &solver{c: c, s: s, end: s.Times[len(s.Times)-1]}
	s.Hook.Start(run.Start{Solver: "fsp", Model: c.Network().Name, TEnd: v.end})
	err := v.solve(ctx)
	s.Hook.Done(run.Done{Err: err})
	return &v.result, err
}

func (s *Settings) check(c *crn.Compiled) error {
	if err := c.RefuseEvents("the projection"); err != nil {
		return fmt.Errorf("fsp: %w", err)
	}
	switch {
	case c.TimeDependent() && s.Set == AdaptiveSet:
		return fmt.Errorf("fsp: %w: use ReachableSet, with caps that are low enough, or trajectories", ErrTimeDependent)
	case s.Fold && s.Set == AdaptiveSet:
		return fmt.Errorf("fsp: %w: Fold with an adaptive set: choose ReachableSet", ErrSettings)
	case len(s.Times) == 0:
		return fmt.Errorf("fsp: %w: no output times: give at least one", ErrSettings)
	case !(s.Tolerance > 0 && s.Tolerance < 1):
		return fmt.Errorf("fsp: %w: tolerance %v: give a number between 0 and 1", ErrSettings, s.Tolerance)
	case s.MaxStates < 1 || s.MaxStates > math.MaxInt32:
		return fmt.Errorf("fsp: %w: at most %d states: give 1 to %d", ErrSettings, s.MaxStates, math.MaxInt32)
	case s.Set < AutomaticSet || s.Set > AdaptiveSet:
		return fmt.Errorf("fsp: %w: %v: give AutomaticSet, ReachableSet or AdaptiveSet", ErrSettings, s.Set)
	case s.Stepper < AutomaticStepper || s.Stepper > Chebyshev:
		return fmt.Errorf("fsp: %w: %v: give AutomaticStepper, Uniformisation or Chebyshev", ErrSettings, s.Stepper)
	case s.Workers < 1:
		return fmt.Errorf("fsp: %w: %d workers: give 1 or more, or 0 for one a core", ErrSettings, s.Workers)
	}
	last := 0.0
	for i, t := range s.Times {
		if !(t >= 0) || math.IsInf(t, 0) || (i > 0 && t <= last) {
			return fmt.Errorf("fsp: %w: output time %v at place %d: times must be finite, 0 or later, and rise", ErrSettings, t, i)
		}
		last = t
	}
	return nil
}

type solver struct {
	c      *crn.Compiled
	s      Settings
	end    float64
	p      *Projection
	open   []int // species without a cap
	limit  int   // most states of a reachable set
	result Result
}

// solve takes the set that was asked for; the automatic choice adapts when too many states can be reached.
func (v *solver) solve(ctx context.Context) error {
	if v.s.Set == AdaptiveSet {
		return (&follower{solver: v}).run(ctx)
	}
	v.limit = v.s.MaxStates
	if v.s.Fold {
		return v.run(ctx)
	}
	if v.s.Set == AutomaticSet && !v.c.TimeDependent() {
		v.limit = min(v.limit, automaticStates)
	}
	err := v.run(ctx)
	if v.s.Set == AutomaticSet && !v.c.TimeDependent() && errors.Is(err, ErrTooLarge) {
		v.result = Result{}
		return (&follower{solver: v}).run(ctx)
	}
	return err
}

func (v *solver) run(ctx context.Context) error {
	if err := v.start(ctx); err != nil {
		return err
	}
	now := 0.0
	for _, t := range v.s.Times {
		for now < t {
			// The rate may rise when the box grows, so that the pieces are measured anew each time.
			to := t
			if dt := v.pieceTime(); now+dt < t && now+dt > now {
				to = now + dt
			}
			if err := v.piece(ctx, now, to); err != nil {
				return err
			}
			now = to
			v.s.Hook.Step(run.Step{Time: now, Fraction: now / v.end, Fields: v.diagnostics()})
		}
		if err := v.snapshot(t); err != nil {
			return err
		}
	}
	return nil
}

// start lists the states, with caps for the species without one a little above their start.
func (v *solver) start(ctx context.Context) error {
	var fold folding
	if v.s.Fold {
		fold = v.c.Symmetries(mostSymmetries)[1:]
	}
	s, p := newFoldedSpace(v.c, v.limit, fold)
	s.absorbs = v.s.Absorb
	for i, cap := range v.c.Caps() {
		if cap == crn.Unbounded {
			v.open = append(v.open, i)
			_, hi := v.c.Initial(i).Support(cap, supportTail)
			s.soft[i] = enlarged(int32(hi))
		}
	}
	v.p = &Projection{space: s, p: p, workers: v.s.Workers, tail: seriesTail, lost: startLost(p)}
	if fold == nil && v.wantsGrid() {
		if err := v.startGrid(ctx, p); err != nil || v.p.op != nil {
			return err
		}
	}
	return v.build(ctx, 0)
}

// enlarged is the next size of a growing cap.
func enlarged(cap int32) int32 { return cap + max(8, cap/5) }

func (v *solver) build(ctx context.Context, now float64) error {
	if !v.p.space.full { // the start alone may be too much
		if err := v.p.space.explore(ctx); err != nil {
			return fmt.Errorf("fsp: stopped at t = %v: %w", now, err)
		}
	}
	if v.p.space.full { // told before the matrix asks for memory
		return &TooLargeError{Box: box(v.c), Limit: v.limit, Time: now, Bytes: reachableBytes(v.c, v.limit)}
	}
	v.p.build()
	v.choose(float64(v.p.g.row[v.p.Len()]) + float64(v.p.Len()))
	caps := v.c.Caps()
	for _, i := range v.open {
		caps[i] = int(v.p.space.soft[i])
	}
	v.result.Caps = caps
	return nil
}

// piece moves on to time t1, in a box that is wide enough to stay within the tolerance's share of this piece.
func (v *solver) piece(ctx context.Context, t0, t1 float64) error {
	allowed := make([]float64, v.c.NumSpecies())
	for _, i := range v.open {
		allowed[i] = v.s.Tolerance * (t1 - t0) / v.end / float64(len(v.open))
	}
	v.p.timing = v.s.Tolerance / 2 * (t1 - t0) / v.end
	for {
		s, err := v.p.move(ctx, t0, t1, allowed)
		if err == nil {
			v.p.commit(s)
			return nil
		}
		if !errors.Is(err, errGrow) {
			return fmt.Errorf("fsp: stopped at t = %v: %w", t0, err)
		}
		v.p.space.set = v.p.space.set.Clone() // the old one belongs to the snapshots
		for _, i := range v.open {
			if s.beyond[i] > allowed[i] {
				v.p.space.soft[i] = enlarged(v.p.space.soft[i])
			}
		}
		if err := v.build(ctx, t0); err != nil {
			return err
		}
	}
}

func (v *solver) snapshot(t float64) error {
	table, err := v.p.Table()
	if err != nil {
		return err
	}
	v.result.add(t, table, v.diagnostics(), v.s.Absorb)
	return nil
}

func (v *solver) diagnostics() dist.Diagnostics {
	return dist.Diagnostics{
		{Name: "truncation_bound", Value: v.p.Bound()},
		{Name: "leak", Value: v.p.leak},
		{Name: "lost", Value: v.p.lost},
		{Name: "states", Value: float64(v.p.Len())},
		{Name: "products", Value: float64(v.p.products)},
	}
}
