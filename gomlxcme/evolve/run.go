package evolve

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Result of a run.
type Result struct {
	Snapshots []dist.Snapshot // at the output times that were reached
	State     State           // after the last accepted step
	Model     *van.Model      // on which State's parameters live
	Backend   string          // one line: which one and why
}

// solver is one run in progress.
type solver struct {
	set              Settings
	system           *crn.Compiled
	model            *van.Model
	equations        *equations
	state            *State
	debug            bool
	bendMin, bendFac float64
}

// Run evolves a network under the master equation of c to the output times.
//
// When the context ends, Run returns what it has with the context's error; the
// last checkpoint continues to the same bytes. Errors wrap ErrSettings,
// ErrResume, ErrStep or van's and fsp's.
func Run(ctx context.Context, c *crn.Compiled, settings Settings) (result *Result, err error) {
	set, err := settings.withDefaults()
	if err != nil {
		return nil, err
	}
	if set.Backend == nil {
		if set.Backend, err = backend.Open(""); err != nil {
			return nil, err
		}
	}
	s, err := newSolver(c, set)
	if err != nil {
		return nil, err
	}
	set.Hook.Start(run.Start{Solver: "solve", Model: c.Network().Name, TEnd: set.Times[len(set.Times)-1]})
	defer func() { set.Hook.Done(run.Done{Err: err}) }()
	runErr := s.run(ctx)
	snapshots, err := s.snapshots()
	if runErr != nil {
		err = runErr
	}
	return &Result{Snapshots: snapshots, State: *s.state, Model: s.model, Backend: set.Backend.Line()}, err
}

func newSolver(c *crn.Compiled, set Settings) (*solver, error) {
	ef := func(n string, d float64) float64 {
		if v, err := strconv.ParseFloat(os.Getenv(n), 64); err == nil {
			return v
		}
		return d
	}
	s := &solver{bendMin: ef("BMIN", 0.05), bendFac: ef("BFAC", 5), debug: os.Getenv("DBG") != "", set: set, system: c, state: &State{Damping: set.Damping, Network: set.Network.String(), Caps: c.Caps()}}
	box, err := van.NewBox(c.Caps())
	if err != nil {
		return nil, fmt.Errorf("evolve: %w", err)
	}
	if err := checkKeys(box); err != nil {
		return nil, err
	}
	if s.model, err = van.New(set.Backend, box, set.Network, set.Workers); err != nil {
		return nil, err
	}
	if s.equations, err = newEquations(set.Backend, s.model); err != nil {
		return nil, err
	}
	if r := set.Resume; r != nil {
		if r.Network != s.state.Network || !slices.Equal(r.Caps, s.state.Caps) {
			return nil, fmt.Errorf("%w: the saved state is of %s on caps %v, not of %s on caps %v", ErrResume, r.Network, r.Caps, s.state.Network, s.state.Caps)
		}
		state := *r
		state.History = slices.Clone(r.History)
		state.Outputs = slices.Clone(r.Outputs)
		s.state = &state
	}
	return s, nil
}

// maxRejected bounds how often one step is tried again with half the dt.
const maxRejected = 8

func (s *solver) run(ctx context.Context) error {
	end := s.set.Times[len(s.set.Times)-1]
	if len(s.state.History) == 0 {
		if err := s.start(ctx); err != nil {
			return err
		}
	}
	for len(s.state.Outputs) < len(s.set.Times) {
		goal := s.set.Times[len(s.state.Outputs)]
		if s.state.Time >= goal {
			s.state.Outputs = append(s.state.Outputs, output{point: s.state.History[0]})
			continue
		}
		dt := s.choose(goal)
		var a *attempt
		var err error
		for try := uint64(0); ; try++ {
			if a, err = s.step(ctx, s.state.Time+dt, s.stream(s.state.Step+1, try)); err != nil {
				return err
			}
			if s.acceptable(a) || try == maxRejected {
				break
			}
			s.state.Rejected++
			dt /= 2
		}
		if !s.acceptable(a) {
			return fmt.Errorf("%w at t = %g: the loss is still %.3g after %d reductions of dt; try more hidden units or states per batch", ErrStep, s.state.Time, a.loss, maxRejected)
		}
		if err := s.accept(ctx, a, dt, goal); err != nil {
			return err
		}
		fields := s.fields(a, dt)
		s.set.Hook.Step(run.Step{Time: s.state.Time, Fraction: progress(s.state.Time, s.state.History, end), Fields: fields})
		if s.set.Checkpoint != nil {
			if err := s.set.Checkpoint(*s.state); err != nil {
				return fmt.Errorf("evolve: checkpoint: %w", err)
			}
		}
	}
	return nil
}

// choose returns the next time step: within the ratio to t, within the error
// control, and so that the output time is met without a tiny last step.
func (s *solver) choose(goal float64) float64 {
	dt := s.set.Ratio * s.state.Time
	if s.state.Next > 0 {
		dt = min(dt, s.state.Next)
	}
	left := goal - s.state.Time
	switch {
	case dt >= 0.999*left:
		return left
	case dt > 0.55*left:
		return left / 2
	}
	return dt
}

// acceptable tells whether a step may stand.
func (s *solver) acceptable(a *attempt) bool { return a.validation.KL < 2e-3 }

func (s *solver) accept(ctx context.Context, a *attempt, dt, goal float64) error {
	st := s.state
	t := st.Time + dt
	if math.Abs(t-goal) < 1e-12*goal {
		t = goal
	}
	growth := 0.9 * math.Pow(s.set.Tolerance/max(a.validation.Local, 1e-12), 1/float64(s.set.Order))
	st.Next = dt * max(0.5, min(1.4, growth))
	st.Dt, st.Time = dt, t
	st.Leak += dt * a.validation.Leak
	st.Step++
	st.Bound += math.Sqrt(a.validation.KL / 2)
	st.History = append([]point{{Time: t, Theta: a.theta}}, st.History[:min(len(st.History), s.set.Order-1)]...)
	if t == goal {
		st.Outputs = append(st.Outputs, output{point: st.History[0], Diagnostics: s.fields(a, dt)})
	}
	return nil
}

func (s *solver) fields(a *attempt, dt float64) dist.Diagnostics {
	var d dist.Diagnostics
	d.Set("dt", dt)
	d.Set("loss", a.loss)
	d.Set("moved", a.moved)
	d.Set("kl", a.validation.KL)
	d.Set("local_error", a.validation.Local)
	d.Set("iterations", float64(a.iterations))
	d.Set("states", float64(a.states))
	d.Set("ess", a.ess)
	d.Set("rejected", float64(s.state.Rejected))
	return d
}

// progress is the share of steps that are done if steps go on in proportion to
// the last one.
func progress(t float64, _ []point, end float64) float64 { return min(1, t/end) }

func (s *solver) snapshots() ([]dist.Snapshot, error) {
	var list []dist.Snapshot
	for _, o := range s.state.Outputs {
		d, err := s.distribution(o.Theta)
		if err != nil {
			return list, err
		}
		list = append(list, dist.Snapshot{Time: o.Time, Dist: d, Diagnostics: o.Diagnostics})
	}
	return list, nil
}
