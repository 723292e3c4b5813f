package run

import (
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Hook is told how a solver gets on. A solver calls Start once, Step any number of times and Done once, always from one
// goroutine at a time; it never prints by itself. A Hook must return soon: the solver waits for it.
type Hook interface {
	Start(Start)
	Step(Step)
	Done(Done)
}

// Start is what a solver says before it begins.
type Start struct {
	Solver string  // "ssa", "fsp", "solve"
	Model  string  // name of the network
	TEnd   float64 // last output time, in the model's unit of time
}

// Step is one sign of life: a time step, or a chunk of trajectories.
type Step struct {
	Time     float64          // time that has been reached, in the model's unit of time
	Fraction float64          // share of the whole work that is done, 0 to 1
	Fields   dist.Diagnostics // what the solver measured in this step, in a fixed order
}

// Done is what a solver says when it ends. Err is nil after success and the context's error after an interruption.
type Done struct{ Err error }

// Silence is the Hook that says nothing.
type Silence struct{}

// Start does nothing.
func (Silence) Start(Start) {}

// Step does nothing.
func (Silence) Step(Step) {}

// Done does nothing.
func (Silence) Done(Done) {}

// Tee returns a Hook that passes every call on to all hooks, in the order given; nil hooks are left out.
func Tee(hooks ...Hook) Hook {
	kept := make(tee, 0, len(hooks))
	for _, h := range hooks {
		if h != nil {
			kept = append(kept, h)
		}
	}
	switch len(kept) {
	case 0:
		return Silence{}
	case 1:
		return kept[0]
	}
	return kept
}

type tee []Hook

// Began passes the time on to those that want it.
func (t tee) Began(at time.Time) {
	for _, h := range t {
		if b, ok := h.(Beginner); ok {
			b.Began(at)
		}
	}
}

func (t tee) Start(s Start) {
	for _, h := range t {
		h.Start(s)
	}
}

func (t tee) Step(s Step) {
	for _, h := range t {
		h.Step(s)
	}
}

func (t tee) Done(d Done) {
	for _, h := range t {
		h.Done(d)
	}
}
