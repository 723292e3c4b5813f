package kernelext

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext/internal/keep"
)

// Job is a computation that can be kept in a run directory. Package jobs has
// those of the solvers.
type Job interface {
	// Label is for legends: "exact (FSP)".
	Label() string
	// Record says what is computed: command, model, seed, backend, and every
	// setting that can change the result. Two jobs with equal records are the same.
	Record() (run.Record, error)
	// Do computes. It may keep checkpoints in dir, and finds them there when it is
	// called again after an interruption. It returns what it has, also beside an
	// error.
	Do(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error)
}

// snapshotsName is the file with the whole distributions, in the checkpoint
// folder of a run directory.
const snapshotsName = "snapshots"

// Run computes a job once. Its result lives in a directory below folder that is
// named after the model and a hash of all settings. If that is complete, Run
// returns it at once; if it was interrupted, Run goes on; if another process is
// at work on it, Run follows that until it is done; and other settings have
// another directory. So a cell can be run again at any time.
//
// Hooks are told of the progress; without any it is NewProgress. When the
// context ends the run stops with a checkpoint, and the error says how to go on.
func Run(ctx context.Context, folder string, job Job, hooks ...run.Hook) (Answer, error) {
	dir, err := Dir(folder, job)
	if err != nil {
		return Answer{}, err
	}
	if len(hooks) == 0 {
		hooks = []run.Hook{NewProgress()}
	}
	hook := run.Tee(hooks...)
	for {
		answer, err := attempt(ctx, dir, job, hook)
		if !errors.Is(err, run.ErrLocked) {
			return answer, err
		}
		if err := Follow(ctx, dir, hook); err != nil {
			return Answer{}, err
		}
	}
}

// Dir is the directory in which Run keeps a job.
func Dir(folder string, job Job) (string, error) {
	r, err := job.Record()
	if err != nil {
		return "", err
	}
	r.CommandLine = nil
	text, err := json.Marshal([]any{r.Command, r.Model, r.Settings, r.Seed, r.Backend})
	if err != nil {
		return "", fmt.Errorf("kernelext: %w", err)
	}
	name := strings.NewReplacer("/", "-", ":", "-", ",", "-", "=", "-", " ", "-").Replace(r.Model.Name)
	return filepath.Join(folder, fmt.Sprintf("%s-%s-%.6x", name, r.Command, sha256.Sum256(text))), nil
}

// attempt computes the job, or takes it from its directory.
func attempt(ctx context.Context, path string, job Job, hook run.Hook) (Answer, error) {
	record, err := job.Record()
	if err != nil {
		return Answer{}, err
	}
	dir, err := run.Begin(path, record, true)
	if err != nil {
		return Answer{}, err
	}
	defer dir.Close()
	answer := Answer{Label: job.Label()}
	if dir.Complete() {
		if answer.Snapshots, err = kept(dir); err == nil {
			return answer, nil
		}
		return Answer{}, fmt.Errorf("%w; remove %s to compute it again", err, path)
	}
	snapshots, err := job.Do(ctx, dir, run.Tee(dir.Progress(), resumable{hook}))
	answer.Snapshots = snapshots
	if len(snapshots) > 0 {
		data, failure := keep.Encode(snapshots)
		if failure == nil {
			failure = dir.SaveCheckpoint(snapshotsName, data)
		}
		err = errors.Join(err, failure)
	}
	if failure := dir.Finish(snapshots, err); failure != nil {
		return answer, errors.Join(err, failure)
	}
	return answer, resume(err)
}

// kept returns the snapshots of a complete run.
func kept(dir *run.Dir) ([]dist.Snapshot, error) {
	data, err := dir.LoadCheckpoint(snapshotsName)
	if err != nil {
		return nil, err
	}
	return keep.Decode(data)
}

// resume says how to go on after an interruption.
func resume(err error) error {
	switch run.StatusOf(err) {
	case run.Interrupted:
		return fmt.Errorf("interrupted; what is done is kept: run the cell again to go on (%w)", err)
	case run.Truncated:
		return fmt.Errorf("%w; what is done is kept: run the cell again to go on", err)
	}
	return err
}

// resumable is a hook that tells people how to go on.
type resumable struct{ run.Hook }

// Done passes the end on.
func (r resumable) Done(d run.Done) { r.Hook.Done(run.Done{Err: resume(d.Err)}) }
