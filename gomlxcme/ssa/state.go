package ssa

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// State is what an ensemble has gathered after a number of trajectories: enough to go on later.
type State struct {
	Seed   uint64
	Method string // its name
	Runs   int    // trajectories 0 … Runs−1 are counted
	Events uint64
	Times  []float64
	Counts []*dist.Counts // one an output time
	// Observed has the observables, [output time][observable].
	Observed [][]dist.Accumulator
	Blocked  []float64 // sum of the leaks of all trajectories, one an output time
}

func (s *State) clone() *State {
	c := *s
	c.Times, c.Blocked = slices.Clone(s.Times), slices.Clone(s.Blocked)
	c.Counts = make([]*dist.Counts, len(s.Counts))
	for i, k := range s.Counts {
		c.Counts[i] = k.Clone()
	}
	c.Observed = slices.Clone(s.Observed)
	for i, o := range s.Observed {
		c.Observed[i] = slices.Clone(o)
	}
	return &c
}

// continued returns a copy of s to go on with, after a check that it belongs to the run whose empty state is given.
func (s *State) continued(empty *State, runs int) (*State, error) {
	switch {
	case s.Seed != empty.Seed:
		return nil, fmt.Errorf("ssa: %w: the stored run has seed %d, this one %d", ErrResume, s.Seed, empty.Seed)
	case s.Method != empty.Method:
		return nil, fmt.Errorf("ssa: %w: the stored run has method %q, this one %q", ErrResume, s.Method, empty.Method)
	case !slices.Equal(s.Times, empty.Times):
		return nil, fmt.Errorf("ssa: %w: the stored run has other output times", ErrResume)
	case s.Runs > runs:
		return nil, fmt.Errorf("ssa: %w: the stored run has %d trajectories already, this one asks for %d", ErrResume, s.Runs, runs)
	case !slices.EqualFunc(s.Observed, empty.Observed, func(a, b []dist.Accumulator) bool { return len(a) == len(b) }):
		return nil, fmt.Errorf("ssa: %w: the stored run has other observables", ErrResume)
	case s.Runs < 0 || len(s.Counts) != len(s.Times) || len(s.Blocked) != len(s.Times):
		return nil, fmt.Errorf("ssa: %w: the stored run is damaged", ErrResume)
	}
	out := *empty
	kept := s.clone()
	out.Runs, out.Events, out.Blocked, out.Observed = s.Runs, s.Events, kept.Blocked, kept.Observed
	for i, k := range s.Counts {
		if err := out.Counts[i].Merge(k); err != nil {
			return nil, fmt.Errorf("ssa: %w: %w", ErrResume, err)
		}
		if int(k.Samples()) != s.Runs {
			return nil, fmt.Errorf("ssa: %w: the stored run is damaged", ErrResume)
		}
	}
	return &out, nil
}

// stored is the layout of a stored State, without its methods.
type stored State

// MarshalBinary stores the state.
func (s *State) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode((*stored)(s))
	return b.Bytes(), err
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *State) UnmarshalBinary(data []byte) error {
	var out stored
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&out); err != nil {
		return fmt.Errorf("ssa: %w: %w", ErrResume, err)
	}
	*s = State(out)
	return nil
}
