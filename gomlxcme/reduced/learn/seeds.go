package learn

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// TrainSeeds trains count networks with the seeds s.Seed, s.Seed + 1, …, as many at once as workers says, 0 for one a core. They are those that
// Train gives one by one.
func TrainSeeds(ctx context.Context, b *backend.Backend, p *Problem, s Settings, count, workers int) ([]*Model, error) {
	if count < 1 || workers < 0 {
		return nil, fmt.Errorf("%w: %d networks by %d workers: give 1 network or more", ErrSettings, count, workers)
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	models := make([]*Model, count)
	places := make(chan struct{}, workers)
	var group sync.WaitGroup
	for i := range models {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			mine := s
			mine.Seed += uint64(i)
			m, err := Train(ctx, b, p, mine)
			if err != nil {
				stop(fmt.Errorf("seed %d: %w", mine.Seed, err)) // the first cause is kept, and ends the others
				return
			}
			models[i] = m
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return models, nil
}
