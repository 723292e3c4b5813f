package evolve

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	// flowingStates is how many times more states that projection may have.
	flowingStates = 3
)

// early returns the laws at the given times, which rise. The projection keeps the
// states nearest to the start, with probabilities down to startTail. Where these
// lose too much, because many species react, those are kept that probability flows to.
func (s *solver) early(ctx context.Context, times []float64) ([]early, error) {
	p, err := fsp.NewAbsorbingProjection(s.problem.system, s.set.StartStates, s.absorbs())
	if err != nil {
		return nil, fmt.Errorf("evolve: no projection to start from: %w", err)
	}
	p.SetTail(startTail)
	var laws []early
	now := 0.0
	for _, t := range times {
		if err := p.Advance(ctx, now, t); err != nil {
			return nil, fmt.Errorf("evolve: start: %w", err)
		}
		now = t
		laws = append(laws, early{time: t, states: p.States(), probability: slices.Clone(p.Probabilities()), lost: p.Lost(), leak: p.Leak()})
	}
	if p.Lost() <= startLost {
		return laws, nil
	}
	flowing, err := s.flowing(ctx, times)
	if errors.Is(err, fsp.ErrTooLarge) || errors.Is(err, fsp.ErrTimeDependent) || errors.Is(err, fsp.ErrTolerance) {
		return laws, nil // the loss is reported
	}
	return flowing, err
}

// flowing returns the laws on an adaptive set of states, which reaches as far into the
// tails as the states allow.
func (s *solver) flowing(ctx context.Context, times []float64) ([]early, error) {
	var r *fsp.Result
	for tolerance := leastLost; ; tolerance *= 100 {
		var err error
		r, err = fsp.Solve(ctx, s.problem.system, fsp.Settings{Times: times, Tolerance: tolerance, MaxStates: flowingStates * s.set.StartStates, Set: fsp.AdaptiveSet, Workers: s.set.Workers, Absorb: s.absorbs()})
		if err == nil {
			break
		}
		if !errors.Is(err, fsp.ErrTooLarge) && !errors.Is(err, fsp.ErrTolerance) || tolerance > 0.1*startLost {
			return nil, fmt.Errorf("evolve: start: %w", err)
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
