package kernelext

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// pollInterval is how often a run of another process is looked at.
const pollInterval = 200 * time.Millisecond

// Follow tells a hook how the run in a directory gets on, from its progress.jsonl,
// until nobody works on it any more. It returns the context's error if that ends
// first; the run itself goes on then.
func Follow(ctx context.Context, dir string, hook run.Hook) error {
	f := follower{dir: dir, hook: &started{Hook: hook}}
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		// Asked before reading, so that what is read afterwards is all there is.
		_, running, err := run.HolderOf(dir)
		if err != nil {
			return fmt.Errorf("kernelext: %w", err)
		}
		if err := f.read(); err != nil {
			return err
		}
		if !running {
			return f.end()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("kernelext: %w; the run in %s goes on", ctx.Err(), dir)
		case <-ticker.C:
		}
	}
}

// follower reads a file that grows.
type follower struct {
	dir    string
	hook   *started
	offset int64
}

// read tells the hook what has been written since the last time.
func (f *follower) read() error {
	file, err := os.Open(filepath.Join(f.dir, progressFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.NewSectionReader(file, f.offset, 1<<40))
	if err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	n, err := run.Replay(data, f.hook)
	f.offset += int64(n)
	return err
}

// progressFile is the name of the log in a run directory.
const progressFile = "progress.jsonl"

// errGone says that a run ended without a word.
var errGone = errors.New("the process that computed it is gone; run the cell again to go on from its last checkpoint")

// end tells the hook of a run that was killed.
func (f *follower) end() error {
	if f.hook.open {
		f.hook.Done(run.Done{Err: errGone})
	}
	return nil
}

// started notes whether a run is under way.
type started struct {
	run.Hook
	open bool
}

// Began passes the time on, if the hook wants it.
func (s *started) Began(at time.Time) {
	if b, ok := s.Hook.(run.Beginner); ok {
		b.Began(at)
	}
}

// Start passes it on.
func (s *started) Start(v run.Start) {
	s.open = true
	s.Hook.Start(v)
}

// Done passes it on.
func (s *started) Done(v run.Done) {
	s.open = false
	s.Hook.Done(run.Done{Err: resume(v.Err)})
}
