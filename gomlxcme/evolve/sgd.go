package evolve

import "fmt"

// SGD is gradient descent with momentum. The momentum is kept from step to step.
type SGD struct {
	Rate     float64  // learning rate; 0 means 0.01
	Epochs   int      // updates of a step; 0 means 100
	Clip     float64  // largest norm of a gradient; 0 means 1, a negative number none
	Schedule Schedule // of the learning rate within a step; nil means Constant{}
	Momentum float64  // share of the last update that is added to the next; 0 means none
}

func (o SGD) defaults() SGD {
	set(&o.Rate, 1e-2)
	set(&o.Epochs, 100)
	set(&o.Clip, defaultClip)
	if o.Schedule == nil {
		o.Schedule = Constant{}
	}
	return o
}

func (o SGD) String() string {
	o = o.defaults()
	return fmt.Sprintf("sgd(rate=%g, epochs=%d, clip=%g, schedule=%v, momentum=%g)", o.Rate, o.Epochs, o.Clip, o.Schedule, o.Momentum)
}

func (o SGD) descent() descent {
	return descent{rate: o.Rate, epochs: o.Epochs, clip: o.Clip, schedule: o.Schedule}
}

// Check refuses momenta outside [0, 1) and rates and epochs that are not positive.
func (o SGD) Check() error {
	o = o.defaults()
	if !(o.Momentum >= 0 && o.Momentum < 1) {
		return fmt.Errorf("%w: momentum %g; use a number from 0 to below 1", ErrSettings, o.Momentum)
	}
	return o.descent().check()
}

// Step makes Epochs updates.
func (o SGD) Step(s *ExplicitStep) error {
	o = o.defaults()
	velocity := s.Memory.Vector(0, len(s.Theta))
	err := o.descent().run(s, func(g []float64) []float64 {
		for i, v := range g {
			velocity[i] = o.Momentum*velocity[i] + v
		}
		return velocity
	})
	*s.Memory = Memory{Vectors: [][]float64{velocity}}
	return err
}
