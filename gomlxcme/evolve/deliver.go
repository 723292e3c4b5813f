package evolve

import (
	"fmt"
	"math"
	"slices"
)

// deliver checks the networks of output times that have been reached since the
// last call, adds what it finds to their diagnostics, and hands them over.
func (s *solver) deliver() error {
	st := s.state
	for ; s.delivered < len(st.Outputs); s.delivered++ {
		o := &st.Outputs[s.delivered]
		if o.Theta == nil {
			continue
		}
		m, err := s.problem.masses(o.Theta, s.stream(math.MaxUint32, 1))
		if err != nil {
			return err
		}
		if err := m.check(); err != nil {
			return fmt.Errorf("%w (at t = %g)", err, o.Time)
		}
		o.Diagnostics = o.Diagnostics.Clone()
		o.Diagnostics.Set("mass_error", m.conditional)
		o.Diagnostics.Set("forbidden", m.forbidden)
		if s.set.Output == nil {
			continue
		}
		n := &Network{Time: o.Time, Species: s.problem.system.SpeciesNames(), Model: s.problem.model, Theta: slices.Clone(o.Theta)}
		if err := s.set.Output(n); err != nil {
			return fmt.Errorf("evolve: output at t = %g: %w", o.Time, err)
		}
	}
	return nil
}
