package evolve

import (
	"context"
	"errors"
)

// marching is a Scheme that steps by a dt of its own instead of by an error
// estimate, and can start at time 0 itself.
type marching interface {
	Scheme
	// proposal is used if Settings name none.
	proposal() Proposal
	// direct reports whether the scheme starts at time 0 itself.
	direct(set Settings) bool
	// begin makes the network of time 0.
	begin(ctx context.Context, s *solver) error
	// next is the next dt towards the output time goal.
	next(s *solver, goal float64) float64
	// reduced is the dt to use after a step that would not be positive, and
	// whether it may be used.
	reduced(err *notPositive) (float64, bool)
}

// marching is the scheme, or nil if it does not march.
func (s *solver) marching() marching {
	m, _ := s.set.Scheme.(marching)
	return m
}

// begin makes the first history.
func (s *solver) begin(ctx context.Context) error {
	if m := s.marching(); m != nil && m.direct(s.set) {
		return m.begin(ctx, s)
	}
	return s.start(ctx)
}

// shorter returns the dt to use from here on after a step that would not be
// positive, or 0 if err is another failure or dt must not change.
func (s *solver) shorter(err error, try uint64) float64 {
	var long *notPositive
	if m := s.marching(); m != nil && errors.As(err, &long) && try < maxRejected {
		if dt, ok := m.reduced(long); ok {
			s.state.Limit = dt
			s.state.Rejected++
			return dt
		}
	}
	return 0
}
