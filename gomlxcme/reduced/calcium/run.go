package calcium

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
)

// Settings of a run; the zero value is that of the source.
type Settings struct {
	TEnd  float64 // last time recorded, s; 0 means 50
	Every float64 // time between two records, s; 0 means 0.1
	Seed  uint64  // any number, 0 as well
	// Constants of the model; nil means DeYoungKeizer.
	Constants *Constants
}

const (
	defaultEnd   = 50
	defaultEvery = 0.1
	maxRecords   = 1 << 24
)

// filled returns the settings with defaults in place of zeros, or an error that wraps ErrSettings.
func (s Settings) filled() (Settings, error) {
	if s.TEnd == 0 {
		s.TEnd = defaultEnd
	}
	if s.Every == 0 {
		s.Every = defaultEvery
	}
	if s.Constants == nil {
		k := DeYoungKeizer()
		s.Constants = &k
	}
	switch {
	case !(s.TEnd > 0) || math.IsInf(s.TEnd, 0):
		return s, fmt.Errorf("%w: a run to %v s: give a number above 0", ErrSettings, s.TEnd)
	case !(s.Every > 0) || s.TEnd/s.Every > maxRecords:
		return s, fmt.Errorf("%w: a record every %v s to %v s: give a number above 0 that makes at most %d records", ErrSettings, s.Every, s.TEnd, maxRecords)
	}
	return s, nil
}

// Check returns an error that wraps ErrSettings if no run can be drawn with the settings.
func (s Settings) Check() error {
	_, err := s.filled()
	return err
}

// records is the number of records: at 0 and every Every s after it.
func (s *Settings) records() int { return int(s.TEnd/s.Every+1e-9) + 1 }

// Run is one recorded trajectory.
type Run struct {
	Every   float64  // s between two records
	Counts  []Counts // record i is at i · Every
	Events  uint64   // reactions that fired
	Missing uint64   // reactions that did not fire because the current had taken the last ion in between
}

// Time of record i, in s.
func (r *Run) Time(i int) float64 { return float64(i) * r.Every }

// patience is the number of events between two looks at the context.
const patience = 1 << 16

// Simulate draws run index of a condition. The same seed, condition and index give the same run.
func Simulate(ctx context.Context, c Condition, s Settings, index uint64) (*Run, error) {
	s, err := s.filled()
	if err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	rng := newRNG(s.Seed, c, index)
	x := newState(c, s.Constants)
	x.start(c, s.Constants, rng)
	r := &Run{Every: s.Every, Counts: make([]Counts, 0, s.records())}
	return r, r.follow(ctx, &x, newCurrent(c, s.Constants), s.records(), rng)
}

// follow fires reactions until all records are taken. The order within a step is the source's: the reaction and its time are drawn,
// then come the records and the ticks of the current that lie before it, then it fires.
func (r *Run) follow(ctx context.Context, x *state, flow current, records int, rng *rand.Rand) error {
	flow.gather(x)
	var p [numGroups]float64
	t, ticks, nextTick := 0.0, 1, tick
	nextRecord := 0.0
	for steps := uint64(1); ; steps++ {
		if steps%patience == 0 && ctx.Err() != nil {
			return fmt.Errorf("stopped at t = %.4g s: %w", t, ctx.Err())
		}
		total := x.propensities(&p)
		t += rng.ExpFloat64() / total // with nothing to react, +Inf
		for nextRecord < t {
			r.Counts = append(r.Counts, x.counts())
			if len(r.Counts) == records {
				return nil
			}
			nextRecord = r.Time(len(r.Counts))
		}
		if nextTick < t {
			for ; nextTick < t; nextTick = float64(ticks) * tick {
				flow.apply(x)
				ticks++
			}
		}
		if x.fire(x.choose(rng, &p, total)) {
			r.Events++
		} else {
			r.Missing++
		}
	}
}
