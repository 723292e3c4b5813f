package fsp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// StationarySettings of Stationary; the zero value works.
type StationarySettings struct {
	Tolerance float64 // of the estimated error in Σ|p − π|; 0 means 1e-8
	MaxStates int     // most states that may be kept; 0 means 5,000,000
	MaxTime   float64 // model time after which it gives up; 0 means 1e6 times the mean time between the first reactions, and at least 1e6
	Workers   int     // goroutines for the products; 0 means one a core
}

// Stationarity is the outcome of Stationary.
type Stationarity struct {
	Dist     *dist.Table // sums to 1
	Residual float64     // Σ|Qπ| over the flow Σ π Σ_k a_k: 0 for the exact law
	Error    float64     // estimate of Σ|p − π|, from the decay of the residual
	Gap      float64     // estimate of the rate of the slowest mode that is left
	Time     float64     // model time that was needed
}

// ErrNotStationary says that the law had not come to rest.
var ErrNotStationary = errors.New("the law has not come to rest")

// Stationary returns the law in which Qπ = 0 on all states that can be reached within the caps, which every species must have. Of
// several such laws it is the one to which the initial law tends.
//
// It follows the law in time, in steps that double: by the Chebyshev series the time 2t costs √2 times the products of t, and
// mass is kept, so that neither the normalisation nor the choice among several laws is a question. Between two steps the
// residual falls as e^{−gap dt}, and what is left to go is about residual / gap.
func Stationary(ctx context.Context, c *crn.Compiled, s StationarySettings) (*Stationarity, error) {
	if s.Tolerance == 0 {
		s.Tolerance = defaultTolerance
	}
	if s.MaxStates == 0 {
		s.MaxStates = defaultMaxStates
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if err := s.check(c); err != nil {
		return nil, err
	}
	v := &solver{c: c, s: Settings{Times: []float64{1}, MaxStates: s.MaxStates, Workers: s.Workers, Stepper: Chebyshev}, limit: s.MaxStates}
	if err := v.start(ctx); err != nil {
		return nil, err
	}
	return v.rest(ctx, s)
}

func (s *StationarySettings) check(c *crn.Compiled) error {
	if err := c.RefuseEvents("the projection"); err != nil {
		return fmt.Errorf("fsp: %w", err)
	}
	switch {
	case c.TimeDependent():
		return fmt.Errorf("fsp: %w: rates that depend on time have no stationary law: fix them", ErrSettings)
	case !(s.Tolerance > 0 && s.Tolerance < 1):
		return fmt.Errorf("fsp: %w: tolerance %v: give a number between 0 and 1", ErrSettings, s.Tolerance)
	case s.MaxStates < 1 || s.MaxStates > math.MaxInt32:
		return fmt.Errorf("fsp: %w: at most %d states: give 1 to %d", ErrSettings, s.MaxStates, math.MaxInt32)
	case !(s.MaxTime >= 0):
		return fmt.Errorf("fsp: %w: at most time %v: give 0 or above", ErrSettings, s.MaxTime)
	case s.Workers < 1:
		return fmt.Errorf("fsp: %w: %d workers: give 1 or more, or 0 for one a core", ErrSettings, s.Workers)
	}
	for i, cap := range c.Caps() {
		if cap == crn.Unbounded {
			return fmt.Errorf("fsp: %w: species %s has no cap: give it one, and look at the leak there", ErrSettings, c.SpeciesNames()[i])
		}
	}
	return nil
}

// rest lets the law come to rest.
func (v *solver) rest(ctx context.Context, s StationarySettings) (*Stationarity, error) {
	out := &Stationarity{}
	p := v.p
	residual, flow := p.residual()
	if s.MaxTime == 0 {
		s.MaxTime = 1e6 * max(1, 1/max(flow, 1e-6))
	}
	dt := 0.0
	if p.g.rate > 0 {
		dt = 10 / p.g.rate
	}
	for calm := 0; residual > 0 && calm < 2; {
		if out.Time > s.MaxTime {
			return nil, fmt.Errorf("fsp: %w by t = %.3g: residual %.3g, slowest rate %.3g, estimated error %.3g of %.3g: raise Tolerance or MaxTime",
				ErrNotStationary, out.Time, out.Residual, out.Gap, out.Error, s.Tolerance)
		}
		step, err := p.flow(ctx, p.p, dt, nil)
		if err != nil {
			return nil, fmt.Errorf("fsp: stopped at t = %v: %w", out.Time, err)
		}
		p.commit(step)
		out.Time += dt
		before := residual
		residual, flow = p.residual()
		out.Residual = residual / max(flow, 1e-300)
		// Rounding holds the residual up at about 1e-15 Λ; there its decay says nothing, and the rate found before still holds.
		rounding := 1e-14 * p.g.rate
		if residual > 1e3*rounding || out.Gap <= 0 {
			out.Gap = math.Log(before/residual) / dt
		}
		out.Error = math.Inf(1)
		if out.Gap > 0 {
			out.Error = residual / out.Gap
		}
		// The estimate speaks for the slowest mode only once the faster ones are gone: it must hold twice.
		if calm++; out.Error > s.Tolerance {
			calm = 0
		}
		dt *= 2
	}
	total := mass(p.p)
	if !(math.Abs(total-1) < 1e-6) {
		return nil, fmt.Errorf("fsp: %w: the mass came out as %v, not 1", ErrNotStationary, total)
	}
	law := make([]float64, len(p.p))
	for i, w := range p.p {
		law[i] = w / total
	}
	table, err := dist.TableOf(v.c.SpeciesNames(), p.space.set, law)
	out.Dist = table
	return out, err
}

// residual returns Σ|Qp| and the flow Σ_x p(x) Σ_k a_k(x).
func (p *Projection) residual() (residual, flow float64) {
	t := newTeam(p.op, p.workers)
	defer t.close()
	next, sum := make([]float64, len(p.p)), make([]float64, len(p.p))
	t.multiply(job{dst: next, p: p.p, sum: sum})
	for i, v := range next {
		residual += math.Abs(v - p.p[i])
	}
	for i, v := range p.p {
		flow += v * (1 - p.op.diagonal(i))
	}
	return residual * p.g.rate, flow * p.g.rate
}
