package learn

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
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
	models := make([]*Model, count)
	all := &together{hook: s.Hook, count: count, reached: map[uint64]float64{}}
	err := each(ctx, count, workers, func(ctx context.Context, i int) (err error) {
		mine := s
		mine.Seed += uint64(i)
		mine.Hook = one{together: all, seed: mine.Seed}
		if models[i], err = Train(ctx, b, p, mine); err != nil {
			return fmt.Errorf("seed %d: %w", mine.Seed, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return models, nil
}

// RefineSeeds refines networks, as many at once as workers says, 0 for one a core. They are those that Refine gives one by one with the rollout's
// seed plus their own. The hook is told of the updates of all of them together.
func RefineSeeds(ctx context.Context, b *backend.Backend, models []*Model, train []*reduced.Series, r Rollout, workers int) ([]*Model, error) {
	r, err := r.Filled()
	if err != nil {
		return nil, err
	}
	if len(models) == 0 || workers < 0 {
		return nil, fmt.Errorf("%w: %d networks by %d workers: give 1 network or more", ErrSettings, len(models), workers)
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	r.Hook.Start(run.Start{Solver: "refine", Model: fmt.Sprintf("%d networks", len(models)), TEnd: float64(r.Updates)})
	refined := make([]*Model, len(models))
	all := &together{hook: r.Hook, count: len(models), reached: map[uint64]float64{}}
	err = each(ctx, len(models), workers, func(ctx context.Context, i int) (err error) {
		mine := r
		mine.Seed += models[i].Seed
		mine.Hook = one{together: all, seed: models[i].Seed}
		if refined[i], err = Refine(ctx, b, models[i], train, mine); err != nil {
			return fmt.Errorf("seed %d: %w", models[i].Seed, err)
		}
		return nil
	})
	r.Hook.Done(run.Done{Err: err})
	if err != nil {
		return nil, err
	}
	return refined, nil
}

// each calls do for 0 … count − 1, as many at once as workers says. The first error ends the others.
func each(ctx context.Context, count, workers int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	places := make(chan struct{}, workers)
	var group sync.WaitGroup
	for i := range count {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			if err := do(ctx, i); err != nil {
				stop(err) // the first cause is kept
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
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
