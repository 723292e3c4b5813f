package main

import (
	"encoding"
	"errors"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

const (
	// checkpointName is the one file in the checkpoint folder.
	checkpointName = "state"
	// saveInterval is the shortest time between two checkpoints; more would cost more than a kill.
	saveInterval = 2 * time.Second
)

// saver stores the newest state of a solver: the first one at once, then one every interval, and the last one by flush.
type saver struct {
	dir     *run.Dir
	last    time.Time
	pending encoding.BinaryMarshaler
}

// save stores the state or keeps it for later.
func (s *saver) save(state encoding.BinaryMarshaler) error {
	s.pending = state
	if time.Since(s.last) < saveInterval {
		return nil
	}
	return s.flush()
}

// flush stores the state that waits, if any.
func (s *saver) flush() error {
	if s.pending == nil {
		return nil
	}
	data, err := s.pending.MarshalBinary()
	if err != nil {
		return err
	}
	if err := s.dir.SaveCheckpoint(checkpointName, data); err != nil {
		return err
	}
	s.pending, s.last = nil, time.Now()
	return nil
}

// load fills state from the checkpoint; found is false when there is none.
func (s *saver) load(state encoding.BinaryUnmarshaler) (found bool, err error) {
	data, err := s.dir.LoadCheckpoint(checkpointName)
	if errors.Is(err, run.ErrNoCheckpoint) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, state.UnmarshalBinary(data)
}
