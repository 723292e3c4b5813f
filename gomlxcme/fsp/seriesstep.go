package fsp

import (
	"context"
	"errors"
)

const (
	// firstReach is Λ dt of the first step by the Chebyshev series; it doubles while the terms do not grow much.
	firstReach = 4096
	// modestGrowth of the terms lets the next step be longer.
	modestGrowth = 1e3
	// leastReach is where uniformisation is as good.
	leastReach = 64
)

// seriesStep works out the time step dt into s by the Chebyshev series, in as many parts as needed. If
// only short ones converge, it goes over to uniformisation for good.
func (p *Projection) seriesStep(ctx context.Context, s *step, from []float64, dt float64, allowed []float64) (*step, error) {
	t := newTeam(p.op, p.workers)
	defer t.close()
	fs := []*functional{&p.g.leak, &p.g.lost}
	for j := range p.g.beyond {
		fs = append(fs, &p.g.beyond[j])
	}
	if p.reach == 0 {
		p.reach = firstReach
	}
	s.p = from
	for rest := dt * p.g.rate; rest > 0; {
		z := min(rest, p.reach)
		r, err := chebyshev(ctx, t, s.p, z, p.tail, fs)
		if r != nil {
			s.products += r.products
		}
		if errors.Is(err, errShorten) {
			if p.reach = z / 2; p.reach < leastReach {
				p.stepper = Uniformisation
				return p.flow(ctx, from, dt, allowed)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		s.p = r.p
		s.series += r.bound + clamp(r.p)
		s.leak += max(0, r.integral[0])
		s.lost += max(0, r.integral[1])
		for j := range s.beyond {
			s.beyond[j] += max(0, r.integral[2+j])
			if allowed != nil && s.beyond[j] > allowed[j] {
				return s, errGrow
			}
		}
		rest -= z
		if z == p.reach && r.growth < modestGrowth {
			p.reach *= 2
		}
	}
	return s, nil
}
