package learn

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// TrainSeeds trains count networks with the seeds s.Seed, s.Seed + 1, …, as many at once as workers says, 0 for one a core. They are those that
// Train gives one by one. The hook is told of the epochs of all of them together.
func TrainSeeds(ctx context.Context, b *backend.Backend, p *Problem, s Settings, count, workers int) ([]*Model, error) {
	if count < 1 || workers < 0 {
		return nil, fmt.Errorf("%w: %d networks by %d workers: give 1 network or more", ErrSettings, count, workers)
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	s, err := s.filled()
	if err != nil {
		return nil, err
	}
	hook := s.Hook
	hook.Start(run.Start{Solver: "train", Model: fmt.Sprintf("%d networks", count), TEnd: float64(s.Epochs)})
	models, err := trainAll(ctx, b, p, s, count, workers)
	hook.Done(run.Done{Err: err})
	return models, err
}

func trainAll(ctx context.Context, b *backend.Backend, p *Problem, s Settings, count, workers int) ([]*Model, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	models := make([]*Model, count)
	places := make(chan struct{}, workers)
	var group sync.WaitGroup
	all := &together{hook: s.Hook, count: count, reached: map[uint64]float64{}}
	for i := range models {
		mine := s
		mine.Seed += uint64(i)
		mine.Hook = one{together: all, seed: mine.Seed}
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
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

// together joins the progress of networks that are trained at once.
type together struct {
	run.Silence
	lock    sync.Mutex
	hook    run.Hook
	count   int
	reached map[uint64]float64
}

// one network among them.
type one struct {
	*together
	seed uint64
}

// Step tells of all networks.
func (o one) Step(s run.Step) {
	o.lock.Lock()
	defer o.lock.Unlock()
	o.reached[o.seed] = s.Fraction
	s.Fraction = 0
	for _, f := range o.reached {
		s.Fraction += f / float64(o.count)
	}
	o.hook.Step(s)
}
