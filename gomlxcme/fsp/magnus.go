package fsp

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// The two nodes of Gauss on 0 … 1 and the weights of the scheme, see magnus.
var (
	gaussEarly = 0.5 - math.Sqrt(3)/6
	gaussLate  = 0.5 + math.Sqrt(3)/6
	weightMost = 0.25 + math.Sqrt(3)/6
	weightRest = 0.25 - math.Sqrt(3)/6
)

const (
	// fewestSteps into which a span of time is cut at first.
	fewestSteps = 4
	// shortestPart of a span is where the control of the time step gives up.
	shortestPart = 1e-9
)

// magnus moves the law over the time step h with rates that depend on time, by two exponentials of weighted generators,
//
//	p(t+h) ≈ e^{h (b Q₁ + a Q₂)} e^{h (a Q₁ + b Q₂)} p(t),   Q₁, Q₂ at the nodes of Gauss,   a, b = 1/4 ± √3/6,
//
// of fourth order and without commutators. Each factor is the flow of a master equation, so that probabilities stay positive
// and mass is kept, unless a rate changes by more than a factor 13 within the step, which is refused with errShorten.
func (p *Projection) magnus(ctx context.Context, s *step, t, h float64, allowed []float64) error {
	early, late := t+gaussEarly*h, t+gaussLate*h
	for _, at := range []moments{{{early, weightMost}, {late, weightRest}}, {{early, weightRest}, {late, weightMost}}} {
		p.g = newGenerator(p.space, at)
		p.op = p.g
		if p.g.negative {
			return errShorten
		}
		part, err := p.flow(ctx, s.p, h, allowed)
		if part != nil {
			for j, v := range part.beyond {
				s.beyond[j] += v
				if allowed != nil && s.beyond[j] > allowed[j] {
					return errGrow
				}
			}
		}
		if err != nil {
			return err
		}
		s.p = part.p
		s.lost += part.lost
		s.leak += max(0, part.leak)
		s.series += part.series
		s.products += part.products
	}
	return nil
}

// timed moves from t0 to t1 with rates that depend on time. Every step is done whole and in halves; the difference, over 15 for the
// fourth order, estimates the error of the halves, which are kept. The estimates are added up in step.timing.
func (p *Projection) timed(ctx context.Context, t0, t1 float64, allowed []float64) (*step, error) {
	s := &step{p: p.p, beyond: make([]float64, len(p.space.soft))}
	if p.pace == 0 {
		p.pace = (t1 - t0) / fewestSteps
	}
	for t := t0; t < t1; {
		h := min(p.pace, t1-t)
		if h < shortestPart*(t1-t0) && h < t1-t {
			return nil, fmt.Errorf("%w: the time step fell to %v at t = %v: a rate jumps there, or Tolerance is too small", ErrTolerance, h, t)
		}
		whole := &step{p: s.p, beyond: make([]float64, len(s.beyond))}
		halves := s.clone()
		err := p.magnus(ctx, whole, t, h, nil)
		if err == nil {
			err = p.magnus(ctx, halves, t, h/2, allowed)
		}
		if err == nil {
			err = p.magnus(ctx, halves, t+h/2, h/2, allowed)
		}
		halves.products += whole.products
		switch {
		case errors.Is(err, errShorten):
			p.pace = h / 4
			continue
		case errors.Is(err, errGrow):
			return halves, err
		case err != nil:
			return nil, err
		}
		off := 0.0
		for i, v := range halves.p {
			off += math.Abs(v - whole.p[i])
		}
		off /= 15
		aim := max(p.timing*h/(t1-t0), 1e-15)
		faster := min(3, max(0.2, 0.9*math.Sqrt(math.Sqrt(aim/max(off, 1e-300)))))
		if h == p.pace || faster < 1 {
			p.pace = h * faster
		}
		if off > aim {
			continue
		}
		halves.timing += off
		s = halves
		if t += h; t1-t < 1e-14*t1 {
			break
		}
	}
	return s, nil
}

func (s *step) clone() *step {
	c := *s
	c.beyond = append([]float64(nil), s.beyond...)
	return &c
}
