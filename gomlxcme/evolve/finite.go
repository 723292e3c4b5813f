package evolve

import (
	"errors"
	"fmt"
	"math"
)

// finite says which number of an attempt is none. What is measured before a fit
// is an error of its own; here what came out of it is looked at.
func (a *attempt) finite() error {
	for i, v := range a.theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: parameter %d of the network became %v", ErrStep, i, v)
		}
	}
	for _, n := range []struct {
		name  string
		value float64
	}{{"divergence", a.validation.KL}, {"leak", a.validation.Leak}, {"loss", a.loss}} {
		if math.IsNaN(n.value) || math.IsInf(n.value, 0) {
			return fmt.Errorf("%w: the %s is %v", ErrStep, n.name, n.value)
		}
	}
	return nil
}

// failed adds to the error of a step where it happened and what is left. The
// state is that of the last accepted step: a failing one changes nothing in it.
func (s *solver) failed(err error, dt float64) error {
	if !errors.Is(err, ErrStep) {
		return err
	}
	st := s.state
	return fmt.Errorf("%w (in step %d, from t = %g to %g; the state at t = %g, before it, is good, and so is its checkpoint)",
		err, st.Step+1, st.Time, st.Time+dt, st.Time)
}
