package learn

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
)

// ErrState marks a state that does not belong to the training that is to go on with it.
var ErrState = errors.New("the state belongs to another training")

// State is what a training has reached after a number of epochs: enough to go on to the same network.
type State struct {
	Seed    uint64
	Theta   []float64
	Losses  []float64 // mean loss of each epoch, with dropout
	Checked []float64 // loss of the validation after each epoch
	Epoch   int       // that has the lowest one so far, from 1
	Best    []float64 // its parameters, if it is not the last one
	// Of the optimiser; nil when the training is over.
	Count         int
	First, Second []float64
	Random        []byte // the generator
}

// Keeper keeps states by seed. It must be safe for concurrent use where networks are trained at once.
type Keeper interface {
	// Load returns the newest state of a seed, or nil if there is none.
	Load(seed uint64) (*State, error)
	// Save keeps a state, which it must not change or hold on to.
	Save(s *State) error
}

// MarshalBinary returns the state as bytes, equal ones for equal states.
func (s *State) MarshalBinary() ([]byte, error) {
	type plain State // without this method
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode((*plain)(s))
	return b.Bytes(), err
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *State) UnmarshalBinary(data []byte) error {
	type plain State
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode((*plain)(s)); err != nil {
		return fmt.Errorf("%w: %w", ErrState, err)
	}
	return nil
}

// Done reports whether no epoch is missing.
func (s *State) Done() bool { return s.First == nil }

// check that the state is one of this training.
func (s *State) check(seed uint64, size, epochs int) error {
	if s.Seed != seed || len(s.Theta) != size || len(s.Losses) > epochs || !s.Done() && (len(s.First) != size || len(s.Second) != size) {
		return fmt.Errorf("%w: %d epochs of %d parameters of seed %d, not up to %d of %d of seed %d", ErrState, len(s.Losses), len(s.Theta), s.Seed, epochs, size, seed)
	}
	return nil
}
