package ssa

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Observable is a number that follows from state and time. Value must be pure and bear concurrent calls, and not keep or
// change x.
type Observable struct {
	Name  string
	Value func(x []int32, t float64) float64
}

// observe writes the observables of the present state into out, length [observables].
func (w *worker) observe(out []float64, t float64) error {
	x := w.sim.State()
	for i, o := range w.s.Observables {
		v := o.Value(x, t)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("ssa: %w: observable %s is %v at t = %v in state %v: mend its formula", ErrSettings, o.Name, v, t, x)
		}
		out[i] = v
	}
	return nil
}

// gather adds the observables of a round of trajectories, [trajectory][time][observable] in one row, in their order, so that
// the sums are rounded in the same way for any number of workers.
func (s *State) gather(values []float64, observables int) {
	if observables == 0 {
		return
	}
	for i, v := range values {
		s.Observed[i/observables%len(s.Times)][i%observables].Add(v)
	}
}

// newObserved makes room for the observables at each output time; nil if there are none.
func newObserved(times, observables int) [][]dist.Accumulator {
	if observables == 0 {
		return nil
	}
	out := make([][]dist.Accumulator, times)
	for i := range out {
		out[i] = make([]dist.Accumulator, observables)
	}
	return out
}

// observed names what was gathered at output time i.
func (e *ensemble) observed(i int) (out []dist.Observed) {
	for k, o := range e.s.Observables {
		out = append(out, dist.Observed{Name: o.Name, Moment: e.state.Observed[i][k].Moment()})
	}
	return out
}
