package evolve

import (
	"fmt"
	"math"
)

// Adam is gradient descent scaled by running moments of the gradient (Kingma and
// Ba, ICLR 2015), the optimiser of Tang, Weng and Zhang (2023). The zero value has
// their settings for a time step. Moments are kept from step to step.
type Adam struct {
	Rate     float64  // learning rate; 0 means 0.001
	Epochs   int      // updates of a step; 0 means 100
	Clip     float64  // largest norm of a gradient; 0 means 1, a negative number none
	Schedule Schedule // of the learning rate within a step; nil means Constant{}
	First    float64  // decay of the first moment; 0 means 0.9
	Second   float64  // decay of the second moment; 0 means 0.999
}

// adamFloor keeps the step finite where gradients vanish.
const adamFloor = 1e-8

func (o Adam) defaults() Adam {
	set(&o.Rate, 1e-3)
	set(&o.Epochs, 100)
	set(&o.Clip, defaultClip)
	set(&o.First, 0.9)
	set(&o.Second, 0.999)
	if o.Schedule == nil {
		o.Schedule = Constant{}
	}
	return o
}

func (o Adam) String() string {
	o = o.defaults()
	return fmt.Sprintf("adam(rate=%g, epochs=%d, clip=%g, schedule=%v, first=%g, second=%g)", o.Rate, o.Epochs, o.Clip, o.Schedule, o.First, o.Second)
}

func (o Adam) descent() descent {
	return descent{rate: o.Rate, epochs: o.Epochs, clip: o.Clip, schedule: o.Schedule}
}

// Check refuses decays outside [0, 1) and rates and epochs that are not positive.
func (o Adam) Check() error {
	o = o.defaults()
	if !(o.First >= 0 && o.First < 1 && o.Second >= 0 && o.Second < 1) {
		return fmt.Errorf("%w: Adam's moments decay by %g and %g; use numbers from 0 to below 1", ErrSettings, o.First, o.Second)
	}
	return o.descent().check()
}

// Step makes Epochs updates.
func (o Adam) Step(s *ExplicitStep) error {
	o = o.defaults()
	n := len(s.Theta)
	first, second, count := s.Memory.Vector(0, n), s.Memory.Vector(1, n), s.Memory.Count
	direction := make([]float64, n)
	err := o.descent().run(s, func(g []float64) []float64 {
		count++
		unbias1, unbias2 := 1-math.Pow(o.First, float64(count)), 1-math.Pow(o.Second, float64(count))
		for i, v := range g {
			first[i] = o.First*first[i] + (1-o.First)*v
			second[i] = o.Second*second[i] + (1-o.Second)*v*v
			direction[i] = first[i] / unbias1 / (math.Sqrt(second[i]/unbias2) + adamFloor)
		}
		return direction
	})
	*s.Memory = Memory{Count: count, Vectors: [][]float64{first, second}}
	return err
}

// set replaces the zero value of a setting by its default.
func set[T comparable](v *T, byDefault T) {
	var zero T
	if *v == zero {
		*v = byDefault
	}
}
