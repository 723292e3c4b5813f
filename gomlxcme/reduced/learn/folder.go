package learn

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Folder is a Keeper with one file for each seed. A training that has ended is there at once when it is asked for again; one that was interrupted goes on.
// Trainings of different networks or series need folders of their own: their states are not told apart by more than their sizes.
type Folder string

func (f Folder) path(seed uint64) string {
	return filepath.Join(string(f), fmt.Sprintf("seed-%d.state", seed))
}

// Load returns the state of a seed, or nil if there is none.
func (f Folder) Load(seed uint64) (*State, error) {
	data, err := os.ReadFile(f.path(seed))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &State{}
	if err := s.UnmarshalBinary(data); err != nil {
		return nil, fmt.Errorf("%s: %w; remove it to begin anew", f.path(seed), err)
	}
	return s, nil
}

// Save keeps a state in the place of the one before, in one step.
func (f Folder) Save(s *State) error {
	data, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(string(f), 0o777); err != nil {
		return err
	}
	return run.WriteFile(f.path(s.Seed), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
