package recall

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// interval is the shortest time between two times that the state is stored.
const interval = 2 * time.Second

// Solve is evolve.Run that remembers: its state is stored in folder, which is
// made if it is missing, and taken from there if the same has been computed
// before. Settings.Checkpoint, if any, is called as well; Settings.Resume is
// replaced.
func Solve(ctx context.Context, folder string, c *crn.Compiled, s evolve.Settings) (*evolve.Result, error) {
	file, err := File(folder, c, s)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("recall: %w", err)
	}
	if s.Resume, err = load(file); err != nil {
		return nil, err
	}
	also := s.Checkpoint
	var last time.Time
	s.Checkpoint = func(state evolve.State) error {
		if also != nil {
			if err := also(state); err != nil {
				return err
			}
		}
		if time.Since(last) < interval {
			return nil
		}
		last = time.Now()
		return save(file, state)
	}
	result, err := evolve.Run(ctx, c, s)
	if result == nil {
		return nil, err
	}
	return result, errors.Join(err, save(file, result.State))
}

// File returns where Solve stores its state.
func File(folder string, c *crn.Compiled, s evolve.Settings) (string, error) {
	backend := ""
	if s.Backend != nil {
		backend = s.Backend.Config
	}
	// What does not change the result stays out of the key.
	s.Backend, s.Workers, s.Hook, s.Checkpoint, s.Resume = nil, 0, nil, nil, nil
	network := c.Network()
	text, err := json.Marshal([]any{run.ModelOf(network), fmt.Sprintf("%#v", s), backend})
	if err != nil {
		return "", fmt.Errorf("recall: %w", err)
	}
	return filepath.Join(folder, fmt.Sprintf("%s-%.6x.state", network.Name, sha256.Sum256(text))), nil
}

// load returns the stored state, nil if there is none.
func load(file string) (*evolve.State, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("recall: %w", err)
	}
	var state evolve.State
	if err := state.UnmarshalBinary(data); err != nil {
		return nil, fmt.Errorf("recall: %s cannot be used, remove it: %w", file, err)
	}
	return &state, nil
}

func save(file string, state evolve.State) error {
	if len(state.History) == 0 { // it did not come as far as the start
		return nil
	}
	data, err := state.MarshalBinary()
	if err != nil {
		return err
	}
	return run.WriteFile(file, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
