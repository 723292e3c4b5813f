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

// seriesTail is what each Advance may cut off the series of uniformisation, if SetTail asks for nothing else.
const seriesTail = 1e-14

// timingError is the estimated error that each Advance may make where rates depend on time.
const timingError = 1e-9

// Projection is the law of a network on a finite set of states, and moves in time. It is not safe for concurrent use.
type Projection struct {
	space    *space
	g        *generator
	op       operator // g itself, or the same matrix in another form
	stepper  Stepper
	reach    float64 // Λ dt of the longest step that the Chebyshev series may take; 0 before the first
	p        []float64
	workers  int
	tail     float64 // of the series
	lost     float64
	leak     float64
	series   float64 // bound of what the series cut off
	products int     // with the matrix
	timing   float64 // estimated error that a step may make because rates depend on time
	late     float64 // sum of these estimates
	pace     float64 // next time step where rates depend on time; 0 before the first
}

// NewProjection starts at the initial law with all states that can be reached from its support, most probable and then
// nearest first, up to maxStates of them. Reactions towards states for which there was no room lead out of the projection;
// their flow is lost. Counts that the initial law gives less than 1e-16 are left out of its support and count as lost.
func NewProjection(c *crn.Compiled, maxStates int) (*Projection, error) {
	return NewAbsorbingProjection(c, maxStates, nil)
}

// NewAbsorbingProjection is NewProjection with states that no reaction leaves; see Settings.Absorb.
func NewAbsorbingProjection(c *crn.Compiled, maxStates int, absorb func(x []int32) bool) (*Projection, error) {
	if err := c.RefuseEvents("the projection"); err != nil {
		return nil, fmt.Errorf("fsp: %w", err)
	}
	if maxStates < 1 || maxStates > math.MaxInt32 {
		return nil, fmt.Errorf("fsp: %w: at most %d states: give 1 to %d", ErrSettings, maxStates, math.MaxInt32)
	}
	s, p := newSpace(c, maxStates)
	s.absorbs = absorb
	out := &Projection{space: s, p: p, workers: runtime.GOMAXPROCS(0), tail: seriesTail, timing: timingError}
	out.lost = startLost(p)
	if err := s.explore(context.Background()); err != nil {
		return nil, err
	}
	out.build()
	return out, nil
}

// startLost is the part of the initial law outside its listed support.
func startLost(p []float64) float64 {
	total := 0.0
	for i := len(p) - 1; i >= 0; i-- { // the small ones first
		total += p[i]
	}
	return max(0, 1-total)
}

// build makes the matrix for the explored states, with probability 0 for the new ones.
func (p *Projection) build() {
	p.p = append(p.p, make([]float64, p.space.set.Len()-len(p.p))...)
	p.g = newGenerator(p.space, always)
	p.op = p.g
}

// SetTail sets what each Advance may cut off the series of uniformisation, instead of 1e-14: 1e-300 to 1e-3, values outside
// are taken to the nearer end. A state that takes n reactions to reach has a probability of about the n-th Poisson weight:
// where the logarithms of tiny probabilities matter, tail must be smaller than they are. It costs few products, because the
// weights fall faster than exponentially.
func (p *Projection) SetTail(tail float64) {
	if !(tail > 1e-300) { // NaN too
		tail = 1e-300
	}
	p.tail = min(tail, 1e-3)
}

// States returns the counts of all states, flat [n*L]; read-only.
func (p *Projection) States() []int32 { return p.space.set.Flat() }

// Probabilities returns the probability of each state, [n]; read-only, and valid until the next Advance.
func (p *Projection) Probabilities() []float64 { return p.p }

// Len is the number of states.
func (p *Projection) Len() int { return p.space.set.Len() }

// Lost is the mass that has left the projection: Σ_x |exact − projected| for the network with its caps, but for Bound.
func (p *Projection) Lost() float64 { return p.lost }

// Leak is the flow that the caps of the network have held back so far, ∫ Σ_x p(x) Blocked(x) dt.
func (p *Projection) Leak() float64 { return p.leak }

// Bound bounds Σ_x |exact − projected|: lost mass and the cut of the series, without rounding. Where rates depend on time it holds
// an estimate of the error of the time steps as well, which is no strict bound.
func (p *Projection) Bound() float64 { return p.lost + p.series + p.late }

// Table returns the law as a distribution of its own.
func (p *Projection) Table() (*dist.Table, error) {
	return dist.TableOf(p.space.c.SpeciesNames(), p.space.set, append([]float64(nil), p.p...))
}

// Advance moves the law from time t0 to t1. After an error it still stands at t0.
func (p *Projection) Advance(ctx context.Context, t0, t1 float64) error {
	if !(t1 >= t0) || math.IsInf(t1-t0, 0) {
		return fmt.Errorf("fsp: %w: from time %v to %v: go forwards, by a finite step", ErrSettings, t0, t1)
	}
	s, err := p.move(ctx, t0, t1, nil)
	if err != nil {
		return fmt.Errorf("fsp: stopped at t = %v: %w", t0, err)
	}
	p.commit(s)
	return nil
}

// step is what a time step will do, before it is done.
type step struct {
	p                  []float64
	lost, leak, series float64
	beyond             []float64 // lost above the growing cap of each species
	products           int
	timing             float64 // estimated error because rates depend on time
}

// errGrow says that more than allowed crosses the growing cap of a species.
var errGrow = errors.New("the box must grow")

// move works out the way from t0 to t1, see step.
func (p *Projection) move(ctx context.Context, t0, t1 float64, allowed []float64) (*step, error) {
	if p.space.c.TimeDependent() {
		return p.timed(ctx, t0, t1, allowed)
	}
	return p.flow(ctx, p.p, t1-t0, allowed)
}

// flow works out what the generator does to the law from in a time dt. If allowed is given, it stops with errGrow as soon as more than allowed is lost
// above the growing cap of any one species; then only step.beyond holds.
func (p *Projection) flow(ctx context.Context, from []float64, dt float64, allowed []float64) (*step, error) {
	g, n := p.g, len(from)
	s := &step{p: make([]float64, n), beyond: make([]float64, len(g.beyond))}
	if g.rate == 0 || dt == 0 {
		copy(s.p, from)
		s.leak = dt * g.leak.of(from)
		return s, nil
	}
	if p.stepper == Chebyshev {
		return p.seriesStep(ctx, s, from, dt, allowed)
	}
	w := poissonWindow(g.rate*dt, p.tail)
	s.series = 3 * w.cut // cut terms, the same again for normalising the rest, and once for the integrals
	now, next := append([]float64(nil), from...), make([]float64, n)
	if w.left == 0 {
		for i, v := range now {
			s.p[i] = w.weight[0] * v
		}
	}
	t := newTeam(p.op, p.workers)
	defer t.close()
	for k := 0; ; k++ {
		// ∫₀^dt f·p = 1/Λ Σ_k P(N > k) f·(1 + Q/Λ)^k p(0)
		above := w.survival[k] / g.rate
		s.leak += above * g.leak.of(now)
		s.lost += above * g.lost.of(now)
		for j := range g.beyond {
			s.beyond[j] += above * g.beyond[j].of(now)
			if allowed != nil && s.beyond[j] > allowed[j] {
				return s, errGrow
			}
		}
		if k == len(w.survival)-1 {
			s.products = k
			return s, nil
		}
		if k%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		weight := 0.0
		if k+1 >= w.left {
			weight = w.weight[k+1-w.left]
		}
		t.multiply(job{dst: next, p: now, sum: s.p, weight: weight})
		now, next = next, now
	}
}

func (p *Projection) commit(s *step) {
	p.p = s.p
	p.lost += s.lost
	p.leak += s.leak
	p.series += s.series
	p.products += s.products
	p.late += s.timing
}
