package jobs

import (
	"encoding"
	"errors"
	"fmt"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// ErrSettings marks settings that cannot be kept.
var ErrSettings = errors.New("jobs: settings that cannot be kept")

// stateName is the checkpoint of a solver.
const stateName = "state"

// interval is the shortest time between two checkpoints.
const interval = 2 * time.Second

// store keeps the newest state of a solver: one every interval, and the last.
type store struct {
	dir     *run.Dir
	last    time.Time
	pending encoding.BinaryMarshaler
}

func (s *store) save(state encoding.BinaryMarshaler) error {
	s.pending = state
	if time.Since(s.last) < interval {
		return nil
	}
	return s.flush()
}

func (s *store) flush() error {
	if s.pending == nil {
		return nil
	}
	data, err := s.pending.MarshalBinary()
	if err != nil {
		return err
	}
	s.pending, s.last = nil, time.Now()
	return s.dir.SaveCheckpoint(stateName, data)
}

// load fills a state from the checkpoint, if there is one.
func (s *store) load(state encoding.BinaryUnmarshaler) (found bool, err error) {
	data, err := s.dir.LoadCheckpoint(stateName)
	if errors.Is(err, run.ErrNoCheckpoint) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, state.UnmarshalBinary(data)
}

// record is what all jobs record.
func record(command string, n *crn.Network, times []float64, settings map[string]any) (run.Record, error) {
	if n == nil {
		return run.Record{}, fmt.Errorf("%w: the network is missing", ErrSettings)
	}
	settings["times"] = times
	return run.Record{Command: command, Model: run.ModelOf(n), Settings: settings}, nil
}

// given is text, or byDefault if that is empty.
func given(text, byDefault string) string {
	if text == "" {
		return byDefault
	}
	return text
}
