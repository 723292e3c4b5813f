package evolve

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// early is the law of the model at an early time, from a projection.
type early struct {
	time        float64
	states      []int32 // [n·L]
	probability []float64
	lost, leak  float64 // what the projection has lost so far, and what the caps hold back
}

const (
	// startTail cuts the series of the projection: what the network says of
	// states that are all but impossible now becomes real mass later, so their
	// log-probabilities must be right.
	startTail = 1e-290
	// startLost is the mass that a projection may lose until the network takes over,
	// and leastLost what it should lose where it is chosen by the flow: of states that
	// it leaves out the network knows nothing, and what is wrong with them grows.
	startLost, leastLost = 1e-6, 1e-12
	// keptStates is how many times more states there may be where it follows the flow, or
	// with few species; these project startRim times more than they keep.
	keptStates, startRim = 3, 2
)

// nearest returns the laws at the given times, which rise, on the states nearest to the
// start, with probabilities down to startTail. Others around them are projected as
// well and left out: next to the rim of a projection log P is wrong.
func (s *solver) nearest(ctx context.Context, times []float64) ([]early, error) {
	most := s.set.StartStates
	if s.few() {
		most *= keptStates * startRim
	}
	p, err := fsp.NewAbsorbingProjection(s.problem.system, most, s.absorbs())
	if err != nil {
		return nil, fmt.Errorf("evolve: no projection to start from: %w", err)
	}
	p.SetTail(startTail)
	kept := p.Len()
	if s.few() && kept == most {
		kept /= startRim
	}
	states := p.States()[:kept*s.problem.system.NumSpecies()]
	var laws []early
	now := 0.0
	for _, t := range times {
		if err := p.Advance(ctx, now, t); err != nil {
			return nil, fmt.Errorf("evolve: start: %w", err)
		}
		now = t
		q := p.Probabilities()
		laws = append(laws, early{time: t, states: states, probability: slices.Clone(q[:kept]), lost: p.Lost() + floats.Sum(q[kept:]), leak: p.Leak()})
	}
	return laws, nil
}

// few reports whether the model has so few species that the states nearest to the start
// are many for their distance.
func (s *solver) few() bool { return s.problem.system.NumSpecies() < ManySpecies }

// flowing returns the laws on those states that probability flows to, as far into the
// tails as their number allows; nil if they are too many even so.
func (s *solver) flowing(ctx context.Context, times []float64) ([]early, error) {
	var r *fsp.Result
	for tolerance := leastLost; ; tolerance *= 100 {
		var err error
		r, err = fsp.Solve(ctx, s.problem.system, fsp.Settings{Times: times, Tolerance: tolerance, MaxStates: keptStates * s.set.StartStates, Set: fsp.AdaptiveSet, Workers: s.set.Workers, Absorb: s.absorbs()})
		if err == nil {
			break
		}
		switch {
		case errors.Is(err, fsp.ErrTimeDependent):
			return nil, nil
		case !errors.Is(err, fsp.ErrTooLarge) && !errors.Is(err, fsp.ErrTolerance):
			return nil, fmt.Errorf("evolve: start: %w", err)
		case tolerance > 0.1*startLost:
			return nil, nil
		}
	}
	var laws []early
	for _, snapshot := range r.Snapshots {
		table := snapshot.Dist.(*dist.Table)
		law := early{time: snapshot.Time}
		for i := range table.Len() {
			law.states = append(law.states, table.State(i)...)
			law.probability = append(law.probability, table.P(i))
		}
		law.lost, _ = snapshot.Diagnostics.Get("lost")
		law.leak, _ = snapshot.Diagnostics.Get("leak")
		laws = append(laws, law)
	}
	return laws, nil
}
