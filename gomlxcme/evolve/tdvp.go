package evolve

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// TDVP is the time-dependent variational principle: the parameters follow
// dθ/dt = (S + λ)⁻¹ Σ w (E−⟨E⟩) O, where E = d log P/dt is what the master equation
// asks for at a state. There is no target and no loss to minimise; one solution of
// the equations makes an Euler step, two a Heun step.
type TDVP struct {
	Order  int    // 1 is Euler's method, as in the papers, 2 Heun's; 0 means 1
	Metric Metric // how the equations are solved
	// Log takes log(1 + dt E)/dt for E, as the papers' code does, which makes the step
	// that of Natural{Rate: 1, Epochs: 1}. E grows without bound where P is tiny and
	// probability flows in, as beside a sharp start; the logarithm does not. The order
	// is then 1.
	Log bool
}

func (o TDVP) defaults() TDVP {
	set(&o.Order, 1)
	return o
}

func (o TDVP) String() string {
	o = o.defaults()
	return fmt.Sprintf("tdvp(order=%d, %v, log=%t)", o.Order, o.Metric, o.Log)
}

// Check refuses orders but 1 and 2, logarithms of order 2, and bad metrics.
func (o TDVP) Check() error {
	o = o.defaults()
	if o.Order != 1 && o.Order != 2 {
		return fmt.Errorf("%w: TDVP of order %d; use 1 (Euler) or 2 (Heun)", ErrSettings, o.Order)
	}
	if o.Log && o.Order != 1 {
		return fmt.Errorf("%w: TDVP of order %d in its logarithmic form, which is of order 1; leave out one of them", ErrSettings, o.Order)
	}
	return o.Metric.check()
}

// Step follows the equation for one step.
func (o TDVP) Step(s *ExplicitStep) error {
	o = o.defaults()
	if o.Log {
		return Natural{Rate: 1, Epochs: 1, Metric: o.Metric}.Step(s)
	}
	start := append(van.Params(nil), s.Theta...)
	slope, err := o.slope(s)
	if err != nil {
		return err
	}
	if err := s.Move(slope, s.Dt); err != nil || o.Order == 1 {
		return err
	}
	s.later(s.Dt)
	second, err := o.slope(s)
	if err != nil {
		return err
	}
	for i, v := range second {
		slope[i] = (slope[i] + v) / 2
	}
	s.Theta = start
	return s.Move(slope, s.Dt)
}

// slope is dθ/dt on a fresh batch.
func (o TDVP) slope(s *ExplicitStep) ([]float64, error) {
	b, err := s.Draw()
	if err != nil {
		return nil, err
	}
	e, err := b.Rate()
	if err != nil {
		return nil, err
	}
	return b.Fit(o.Metric, e, nil)
}
