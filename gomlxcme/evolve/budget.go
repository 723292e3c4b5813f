package evolve

import (
	"fmt"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// budget ends a run after a number of steps or some time. It counts from where
// this run began or was resumed, so that a run that is resumed with the same
// budget gets on by as much again; it always makes one step.
type budget struct {
	steps uint64        // 0 for no limit
	wall  time.Duration // 0 for no limit
	now   func() time.Time
	begun time.Time
	first uint64 // steps made before
}

func newBudget(set Settings, made uint64) *budget {
	return &budget{steps: uint64(set.MaxSteps), wall: set.MaxWall, now: time.Now, begun: time.Now(), first: made}
}

// spent returns an error that wraps run.ErrTruncated when nothing is left after
// so many steps.
func (b *budget) spent(made uint64, at float64) error {
	done := made - b.first
	switch {
	case done == 0:
		return nil
	case b.steps > 0 && done >= b.steps:
		return fmt.Errorf("evolve: %w at t = %g, after the %d steps that were allowed", run.ErrTruncated, at, done)
	case b.wall > 0 && b.now().Sub(b.begun) >= b.wall:
		return fmt.Errorf("evolve: %w at t = %g, after the %v that were allowed", run.ErrTruncated, at, b.wall)
	}
	return nil
}
