package evolve

import "fmt"

// Natural is the natural gradient: every update brings log P to the target as well
// as the network can to first order, θ ← θ − Rate · (S + λ)⁻¹ F. The zero value has
// the settings of the papers. Note what they mean: a Rate of 1/2 in 5 epochs leaves
// 3 % of every step undone, so that the network's time runs 3 % slow.
type Natural struct {
	Rate      float64  // learning rate; 0 means 0.5
	Epochs    int      // updates of a step; 0 means 5
	Schedule  Schedule // of the learning rate within a step; nil means Constant{}
	Metric    Metric   // how the equations are solved
	Momentum  float64  // share μ of the last update that the next one starts from (SPRING: Goldshlager et al. 2024, arXiv:2401.10190); 0 means none
	Converged float64  // rms misfit of log P at which a step ends early; 0 means never
}

func (o Natural) defaults() Natural {
	set(&o.Rate, 0.5)
	set(&o.Epochs, 5)
	if o.Schedule == nil {
		o.Schedule = Constant{}
	}
	return o
}

func (o Natural) String() string {
	o = o.defaults()
	return fmt.Sprintf("natural(rate=%g, epochs=%d, schedule=%v, %v, momentum=%g, converged=%g)", o.Rate, o.Epochs, o.Schedule, o.Metric, o.Momentum, o.Converged)
}

// Check refuses momenta outside [0, 1), rates and epochs that are not positive, and
// bad metrics.
func (o Natural) Check() error {
	o = o.defaults()
	switch {
	case !(o.Rate > 0) || o.Epochs < 1:
		return fmt.Errorf("%w: learning rate %g and %d epochs; both must be positive", ErrSettings, o.Rate, o.Epochs)
	case !(o.Momentum >= 0 && o.Momentum < 1):
		return fmt.Errorf("%w: momentum %g; use a number from 0 to below 1", ErrSettings, o.Momentum)
	case !(o.Converged >= 0):
		return fmt.Errorf("%w: convergence threshold %g; use a number of at least 0", ErrSettings, o.Converged)
	}
	return o.Metric.check()
}

// Step makes up to Epochs updates, each on a fresh batch.
//
// With momentum the update is the one closest to μ times the last among those
// that fit the batch equally well: what one batch does not see is remembered from
// the ones before.
func (o Natural) Step(s *ExplicitStep) error {
	o = o.defaults()
	var last []float64
	if o.Momentum > 0 {
		last = s.Memory.Vector(0, len(s.Theta))
	}
	for epoch := range o.Epochs {
		b, err := s.Draw()
		if err != nil {
			return err
		}
		r, err := b.Misfit()
		if err != nil {
			return err
		}
		if rms(r, b.Weights) < o.Converged {
			break
		}
		for i := range last {
			last[i] *= o.Momentum
		}
		delta, err := b.Fit(o.Metric, r, last)
		if err != nil {
			return err
		}
		if err := s.Move(delta, -o.Rate*o.Schedule.Factor(epoch, o.Epochs)); err != nil {
			return err
		}
		if last != nil {
			last = delta
		}
	}
	if last != nil {
		*s.Memory = Memory{Vectors: [][]float64{last}}
	}
	return nil
}
