package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

const (
	// poorStart is the mass that a projection may have lost for the network to start from
	// it all the same; otherwise it starts from an ensemble of startDraws trajectories.
	poorStart, startDraws = 0.01, 50_000
	// drawEvents bounds the events of one of them.
	drawEvents = 10_000_000
)

// drawn starts from an ensemble of trajectories, where a projection holds too little of the law,
// as with many species that have wide initial laws. What fits draws of two times differs by
// their noise, so there is no history: the first step is short and of order 1, as from another run.
func (s *solver) drawn(ctx context.Context) error {
	t := s.startTime()
	for _, at := range s.set.Times {
		if at == 0 {
			s.state.Outputs = []Output{{}}
			continue
		}
		t = min(t, at)
		break
	}
	states, frequency, err := s.ensemble(ctx, t)
	if err != nil {
		return err
	}
	theta, gap, err := s.problem.likeliest(ctx, states, frequency, startDraws, s.stream(0, 0))
	if err != nil {
		return err
	}
	// The divergence from the law is about what is lost on draws that were held back.
	s.state.StartLoss = math.Sqrt(2 * gap)
	s.state.Bound = math.Sqrt(gap / 2)
	return s.warm(&Network{Time: t, Species: s.problem.system.SpeciesNames(), Model: s.problem.model, Theta: theta})
}

// ensemble returns the different states [n·L] of trajectories at time t, and how frequent they are.
func (s *solver) ensemble(ctx context.Context, t float64) (states []int32, frequency []float64, err error) {
	c := s.problem.system
	l := c.NumSpecies()
	all := make([]int32, startDraws*l)
	errs := make([]error, s.set.Workers)
	var wg sync.WaitGroup
	for w := range s.set.Workers {
		wg.Go(func() {
			sim, err := ssa.Direct{}.New(c)
			if err != nil {
				errs[w] = err
				return
			}
			for i := w; i < startDraws; i += s.set.Workers {
				if errs[w] = ctx.Err(); errs[w] != nil {
					return
				}
				x := all[i*l : (i+1)*l]
				rng := rand.New(rand.NewPCG(s.set.Seed, 1<<63|uint64(i)))
				for k := range x {
					x[k] = int32(c.Initial(k).Sample(rng, s.problem.model.Box.Caps[k]))
				}
				if err := sim.Start(x, rng); err != nil {
					errs[w] = err
					return
				}
				_, reached, err := sim.Advance(t, drawEvents, nil)
				if err == nil && !reached {
					err = fmt.Errorf("a trajectory has more than %d events before t = %g; choose an earlier start time", drawEvents, t)
				}
				if err != nil {
					errs[w] = err
					return
				}
				copy(x, sim.State())
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, nil, fmt.Errorf("evolve: start from an ensemble: %w", err)
		}
	}
	known := newCloud(c, s.problem.model.Box, 0)
	for i := range startDraws {
		k := known.intern(all[i*l : (i+1)*l])
		if int(k) == len(frequency) {
			frequency = append(frequency, 0)
		}
		frequency[k] += 1.0 / startDraws
	}
	return known.states, frequency, nil
}
