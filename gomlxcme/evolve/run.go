package evolve

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Result of a run.
type Result struct {
	// Snapshots has one entry for each output time that was reached. Dist lists
	// every state where the box is small, and 100,000 quasi-random samples
	// otherwise. Diagnostics are described in the package comment.
	Snapshots []dist.Snapshot
	State     State      // after the last accepted step
	Model     *van.Model // to which State's parameters belong
	Species   []string   // in the order of the states' counts
	Backend   string     // one line: which one and why
}

// solver is one run in progress.
type solver struct {
	set       Settings
	problem   *problem
	state     *State
	delivered int    // outputs that were checked and handed over
	remark    string // why steps are not made where they should be; mostly empty
}

// Run evolves a network under the master equation of c to the output times.
// Species without a cap get one from a pilot ensemble.
//
// When the context ends, Run returns what it has with the context's error; the
// last checkpoint continues to the same bytes. Errors wrap ErrSettings,
// ErrResume, ErrStep, or those of the packages backend, van, fsp and ssa.
func Run(ctx context.Context, c *crn.Compiled, settings Settings) (result *Result, err error) {
	s, err := settings.solver(ctx, c)
	if err != nil {
		return nil, err
	}
	set := s.set
	set.Hook.Start(run.Start{Solver: "solve", Model: s.problem.system.Network().Name, TEnd: set.Times[len(set.Times)-1]})
	defer func() { set.Hook.Done(run.Done{Err: err}) }()
	runErr := s.run(ctx)
	snapshots, err := s.snapshots()
	if runErr != nil {
		err = runErr
	}
	return &Result{Snapshots: snapshots, State: *s.state, Model: s.problem.model, Species: s.problem.system.SpeciesNames(), Backend: s.line()}, err
}

// states is the number of states within the caps, by which a backend is chosen: infinite
// for Published, whose thousands of steps repay compiling at once.
func (set Settings) states(c *crn.Compiled) float64 {
	if _, ok := set.Scheme.(marching); ok {
		return math.Inf(1)
	}
	n := 1.0
	for _, cap := range c.Caps() {
		n *= float64(cap) + 1
	}
	return n
}

// solver completes the settings for a model.
func (s Settings) solver(ctx context.Context, c *crn.Compiled) (*solver, error) {
	if err := c.RefuseEvents("the network"); err != nil {
		return nil, fmt.Errorf("evolve: %w", err)
	}
	set, err := s.suited(c).withDefaults()
	if err != nil {
		return nil, err
	}
	if err := set.checkFrom(c.SpeciesNames()); err != nil {
		return nil, err
	}
	if c, err = set.caps(ctx, c); err != nil {
		return nil, err
	}
	if set.Backend == nil {
		if set.Backend, err = backend.OpenFor("", set.states(c)); err != nil {
			return nil, err
		}
	}
	if set.Network == nil {
		if set.Network, err = set.network(c); err != nil {
			return nil, err
		}
	}
	return newSolver(c, set)
}

// line is one line for people about the backend, and where steps are made.
func (s *solver) line() string {
	line := s.set.Backend.Line()
	switch {
	case s.problem.device != nil:
		line += "; whole steps on the device"
	case s.remark != "":
		line += "; " + s.remark
	}
	return line
}

// maxParameters bounds the parameters of a network, and with them the normal
// equations: three matrices of this order take 600 MB.
const maxParameters = 5000

func newSolver(c *crn.Compiled, set Settings) (*solver, error) {
	box, err := newBox(c)
	if err != nil {
		return nil, err
	}
	scheme := set.Scheme.String()
	if set.Absorb != nil {
		if box, err = withHole(box, *set.Absorb); err != nil {
			return nil, err
		}
		scheme += " until " + set.Absorb.String()
	}
	if err := checkKeys(box); err != nil {
		return nil, err
	}
	for _, b := range set.Basins {
		if _, err := b.Within(box.Caps); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSettings, err)
		}
		scheme += " with " + b.String()
	}
	p := &problem{system: c, proposal: set.Proposal, basins: set.Basins, absorb: set.Absorb}
	if p.model, err = van.New(set.Backend, box, set.Network, set.Workers); err != nil {
		return nil, err
	}
	march, _ := set.Scheme.(marching)
	if n := p.model.Size(); n > maxParameters && (march == nil || !march.direct(set)) {
		return nil, fmt.Errorf("%w: the network has %d parameters; the normal equations of a step take at most %d: use fewer hidden units or features", ErrSettings, n, maxParameters)
	}
	if p.equations, err = newEquations(set.Backend, p.model); err != nil {
		return nil, err
	}
	var remark string
	if p.device, remark, err = set.kernel(c, p.model); err != nil {
		return nil, err
	}
	s := &solver{set: set, problem: p, remark: remark, state: &State{Network: set.Network.String(), Scheme: scheme, Caps: box.Caps}}
	if r := set.Resume; r != nil {
		if r.Network != s.state.Network || r.Scheme != s.state.Scheme || !slices.Equal(r.Caps, box.Caps) {
			return nil, fmt.Errorf("%w: the saved state is of %s by %s on caps %v, not of %s by %s on caps %v",
				ErrResume, r.Network, r.Scheme, r.Caps, s.state.Network, s.state.Scheme, box.Caps)
		}
		state := *r
		state.History = slices.Clone(r.History)
		state.Outputs = slices.Clone(r.Outputs)
		s.state, s.delivered = &state, len(state.Outputs)
	}
	p.damping, p.memory = &s.state.Damping, &s.state.Memory
	return s, nil
}

const (
	// maxRejected bounds how often one step is tried again with half the dt.
	maxRejected = 8
	// maxKL is the divergence above which a step is tried again: a single one
	// may not add more than 0.03 to the bound on the total variation.
	maxKL = 2e-3
	// klGain is the share of the divergence that half the dt may leave for dt to be
	// halved again. What stays is what the network cannot represent, at any dt: then
	// the longer step is taken, if its divergence is below mostKL.
	klGain, mostKL = 0.7, 0.02
	// strayMost and strayJump times what the step before left is the distance to its
	// solution at which a step is tried again, up to strayTries times: its fit has gone
	// astray in some tail.
	strayMost, strayJump, strayTries = 2e-3, 5.0, 2
)

func (s *solver) run(ctx context.Context) error {
	st := s.state
	limit := newBudget(s.set, st.Step)
	if len(st.History) == 0 && len(st.Outputs) < len(s.set.Times) {
		begin := s.begin
		if s.set.From != nil {
			begin = func(context.Context) error { return s.warm(s.set.From) }
		}
		if err := begin(ctx); err != nil {
			return err
		}
		if err := s.save(); err != nil {
			return err
		}
	}
	for len(st.Outputs) < len(s.set.Times) {
		if err := limit.spent(st.Step, st.Time); err != nil {
			return err
		}
		goal := s.set.Times[len(st.Outputs)]
		dt := s.choose(goal)
		var a, longer *attempt
		for try := uint64(0); ; try++ {
			var err error
			if a, err = s.set.Scheme.step(ctx, s.problem, st.History, st.Time+dt, s.stream(st.Step+1, try)); err != nil {
				if shorter := s.shorter(err, try); shorter > 0 {
					dt = shorter
					continue
				}
				return s.failed(err, dt)
			}
			if err := a.finite(); err != nil {
				return s.failed(err, dt)
			}
			strayed := try < strayTries && st.Slow > 0 && a.slow > max(strayMost, strayJump*st.Slow)
			if !strayed && (a.validation.KL < maxKL || s.marching() != nil) {
				break
			}
			if !strayed && longer != nil && a.validation.KL > klGain*longer.validation.KL && longer.validation.KL < mostKL {
				a, dt = longer, 2*dt
				break
			}
			longer = a
			if try == maxRejected {
				return fmt.Errorf("%w at t = %g: the network misses the solution of the step by a divergence of %.2g, after %d reductions of dt; try more hidden units or more states per batch", ErrStep, st.Time, a.validation.KL, maxRejected)
			}
			st.Rejected++
			dt /= 2
		}
		s.accept(a, dt, goal)
		if err := s.absorbed(dt); err != nil {
			return s.failed(err, dt)
		}
		fields := s.diagnostics(a, dt)
		if st.Time == goal {
			st.Outputs = append(st.Outputs, Output{Time: goal, Theta: a.theta, Diagnostics: fields})
		}
		if err := s.save(); err != nil {
			return err
		}
		s.set.Hook.Step(run.Step{Time: st.Time, Fraction: s.fraction(), Fields: fields})
	}
	return nil
}

// choose returns the next time step: within the ratio to t, within the error
// control, and so that the output time is met without a tiny last step.
func (s *solver) choose(goal float64) float64 {
	if m := s.marching(); m != nil {
		return m.next(s, goal)
	}
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

// accept records a step and proposes the next dt from its error estimate, which
// grows with dt to the power of its order.
func (s *solver) accept(a *attempt, dt, goal float64) {
	st := s.state
	st.Time += dt
	if math.Abs(st.Time-goal) < 1e-12*goal {
		st.Time = goal
	}
	depth := s.set.Scheme.depth()
	if s.marching() == nil {
		growth := 0.9 * math.Pow(s.set.Tolerance/max(a.validation.Local, 1e-12), 1/float64(a.order))
		st.Next = dt * max(0.5, min(1.4, growth))
	}
	st.Step++
	st.Slow = a.slow
	st.Bound += math.Sqrt(a.validation.KL/2) + a.validation.Missing
	st.Leak += dt * a.validation.Leak
	st.History = append([]point{{Time: st.Time, Theta: a.theta}}, st.History[:min(len(st.History), depth-1)]...)
}

// diagnostics say how far a step can be trusted; see the package comment.
func (s *solver) diagnostics(a *attempt, dt float64) dist.Diagnostics {
	var d dist.Diagnostics
	d.Set("dt", dt)
	d.Set("kl", a.validation.KL)
	d.Set("kl_bound", s.state.Bound)
	if s.marching() == nil {
		d.Set("local_error", a.validation.Local)
		d.Set("slow", a.slow)
		d.Set("missing", a.validation.Missing)
		d.Set("fallback", a.fallback)
	} else {
		d.Set("dt_rate", a.rate)
	}
	d.Set("loss", a.loss)
	d.Set("ess", a.ess)
	d.Set("tail", a.validation.Tail)
	if a.weighted {
		d.Set("batch_tail", a.tail)
	}
	d.Set("states", float64(a.states))
	d.Set("iterations", float64(a.iterations))
	d.Set("rejected", float64(s.state.Rejected))
	d.Set("leak", s.state.Leak)
	d.Set("start_loss", s.state.StartLoss)
	d.Set("start_outside", s.state.StartOutside)
	d.Set("lost", s.state.Lost)
	s.survival(&d)
	return d
}

// fraction is the share of the work that is done. Steps grow in proportion to
// time, so they are about equally many per factor of time.
func (s *solver) fraction() float64 {
	t0, end := s.startTime(), s.set.Times[len(s.set.Times)-1]
	if s.state.Time >= end {
		return 1
	}
	switch {
	case s.set.From != nil:
		return (s.state.Time - s.set.From.Time) / (end - s.set.From.Time)
	case s.marching() != nil:
		return s.state.Time / end
	}
	return math.Log(s.state.Time/t0) / math.Log(end/t0)
}

func (s *solver) save() error {
	if err := s.deliver(); err != nil {
		return err
	}
	if s.set.Checkpoint == nil {
		return nil
	}
	if err := s.set.Checkpoint(*s.state); err != nil {
		return fmt.Errorf("evolve: checkpoint: %w", err)
	}
	return nil
}
