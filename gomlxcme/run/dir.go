package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

var (
	// ErrOccupied says that the directory holds a run already and that nobody asked to resume it.
	ErrOccupied = errors.New("run: the directory holds a run")
	// ErrMismatch says that the run in the directory was made with other settings.
	ErrMismatch = errors.New("run: other settings")
	// ErrUnwritable says that the directory cannot be made or written to.
	ErrUnwritable = errors.New("run: cannot write to the directory")
)

// Dir is a result directory that is open for writing. It is not safe for concurrent use, except that its Progress hook may
// be called from the solver's goroutine.
type Dir struct {
	path     string
	record   Record
	lock     *Lock
	clock    clock
	wall     float64 // seconds of earlier attempts
	cpu      float64
	progress *os.File
	log      *Log
	finished bool
	fresh    bool     // there was no run before
	made     []string // folders that Begin made
}

// Begin opens a result directory for the run that record describes and makes it if it is missing. Of the record the caller
// fills Command, CommandLine, Model, Settings, Seed and Backend; the rest is filled here.
//
// A directory that holds a run is refused with ErrOccupied, unless resume is set: then a run with the same fingerprint goes
// on (see [Dir.LoadCheckpoint]; without a checkpoint it starts from the beginning), one that is complete is returned as it
// is and Complete says so, and other settings are refused with ErrMismatch. To resume where nothing is yet begins the run,
// so that a job that is requeued needs one command line only. ErrLocked names the process that writes there now,
// ErrUnwritable says that the system refuses. Nothing is changed when Begin refuses.
func Begin(path string, record Record, resume bool) (*Dir, error) {
	d := &Dir{path: path, record: record, clock: startClock()}
	if err := d.describe(); err != nil {
		return nil, err
	}
	// Look before anything is touched, and again under the lock, since another process may have been faster.
	switch done, err := d.inspect(resume); {
	case err != nil:
		return nil, err
	case done:
		return d, nil
	}
	var err error
	if d.made, err = makeFolder(path); err != nil {
		removeFolders(d.made)
		return nil, unwritable(path, err)
	}
	if d.lock, err = Acquire(path); err != nil {
		removeFolders(d.made)
		if errors.Is(err, ErrLocked) {
			return nil, err
		}
		return nil, unwritable(path, err)
	}
	switch done, err := d.inspect(resume); {
	case err != nil:
		d.Close()
		return nil, err
	case done:
		d.Close()
		return d, nil
	}
	if err := d.open(); err != nil {
		d.Close()
		removeFolders(d.made)
		return nil, unwritable(path, err)
	}
	return d, nil
}

func unwritable(path string, err error) error {
	return fmt.Errorf("%w %s: %w; choose another one (--out) or change its permissions", ErrUnwritable, path, err)
}

// describe fills the part of a fresh record that does not come from the caller.
func (d *Dir) describe() (err error) {
	r := &d.record
	r.Schema, r.Versions, r.Status, r.Error = Schema, Versions(), Running, ""
	r.Started, r.Ended, r.Times = d.clock.start.UTC().Truncate(time.Millisecond), nil, []TimeRecord{}
	r.WallSeconds, r.CPUSeconds, r.Resumed = 0, 0, 0
	if err := r.check(); err != nil {
		return fmt.Errorf("run: the record is not usable: %w", err)
	}
	r.Fingerprint, err = r.fingerprint()
	return err
}

// inspect compares the run with what is in the directory. It reads only. done says that a complete run was found.
func (d *Dir) inspect(resume bool) (done bool, err error) {
	info, err := os.Stat(d.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		d.fresh = true
		return false, nil
	case err != nil:
		return false, unwritable(d.path, err)
	case !info.IsDir():
		return false, unwritable(d.path, errors.New("it is a file"))
	}
	then, err := ReadRecord(d.path)
	if errors.Is(err, ErrNoRun) {
		for _, name := range []string{momentsName, marginalsName, progressName, checkpointFolder} {
			if _, err := os.Lstat(filepath.Join(d.path, name)); err == nil {
				return false, fmt.Errorf("%w: %s has a %s but no %s; choose another directory (--out)", ErrOccupied, d.path, name, recordName)
			}
		}
		d.fresh = true
		return false, nil
	}
	if d.fresh = false; err != nil {
		return false, err
	}
	if !resume {
		return false, fmt.Errorf("%w: %s has %s of %s (%s); take it up again with --resume, or choose another directory with --out",
			ErrOccupied, d.path, then.Command, then.Model.Name, then.Status)
	}
	if then.Fingerprint != d.record.Fingerprint {
		what, err := differences(&then, &d.record)
		if err != nil {
			return false, err
		}
		if what == "" {
			what = "its fingerprint was changed"
		}
		return false, fmt.Errorf("%w: the run in %s cannot be resumed: %s; give the same settings or choose another directory (--out)", ErrMismatch, d.path, what)
	}
	if then.Status == Complete {
		d.record, d.finished = then, true
		return true, nil
	}
	d.record.Started, d.record.Resumed = then.Started, then.Resumed+1
	d.wall, d.cpu = then.WallSeconds, then.CPUSeconds
	return false, nil
}

// open makes the directory ready for writing; the lock is held.
func (d *Dir) open() error {
	for _, folder := range []string{d.path, filepath.Join(d.path, checkpointFolder)} {
		if err := removeTemporary(folder); err != nil {
			return err
		}
	}
	if err := d.stamp(); err != nil {
		return err
	}
	f, err := openProgress(d.path)
	if err != nil {
		return err
	}
	d.progress, d.log = f, NewLog(f)
	return nil
}

// stamp writes the record with the seconds that have been used so far.
func (d *Dir) stamp() error {
	wall, cpu := d.clock.seconds()
	d.record.WallSeconds, d.record.CPUSeconds = d.wall+wall, d.cpu+cpu
	return writeRecord(d.path, d.record)
}

// Path returns the directory as it was given to Begin.
func (d *Dir) Path() string { return d.path }

// Record returns the record as it stands.
func (d *Dir) Record() Record { return d.record }

// Complete reports whether Begin found the run complete: then there is nothing to do, and nothing may be written.
func (d *Dir) Complete() bool { return d.finished && d.log == nil }

// Progress returns the Hook that writes progress.jsonl; Silence when the run is complete.
func (d *Dir) Progress() Hook {
	if d.log == nil {
		return Silence{}
	}
	return d.log
}

// Finish writes the results, then the record with the status that belongs to cause (see [StatusOf]), and closes the
// directory. Without snapshots result files of an earlier attempt stay. Its error is about writing; cause is not repeated.
func (d *Dir) Finish(snapshots []dist.Snapshot, cause error) error {
	if d.finished {
		return errors.New("run: Finish was called on a run that is finished")
	}
	defer d.Close()
	err := d.log.Err()
	if len(snapshots) > 0 {
		err = errors.Join(err, d.writeResults(snapshots))
	}
	if cause == nil && err != nil {
		cause = err // a run whose results could not be written is not complete
	}
	ended := time.Now().UTC().Truncate(time.Millisecond)
	d.record.Status, d.record.Ended = StatusOf(cause), &ended
	if cause != nil {
		d.record.Error = cause.Error()
	}
	if err := errors.Join(err, d.stamp()); err != nil {
		return fmt.Errorf("run: results could not be written to %s: %w", d.path, err)
	}
	d.finished = true
	return nil
}

// writeResults writes both tables and notes the diagnostics for the record, which follows.
func (d *Dir) writeResults(snapshots []dist.Snapshot) error {
	if err := checkSnapshots(snapshots, d.record.Model); err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(d.path, marginalsName), marginalsWriter(snapshots)); err != nil {
		return err
	}
	if err := WriteFile(filepath.Join(d.path, momentsName), momentsWriter(snapshots)); err != nil {
		return err
	}
	d.record.Times = d.record.Times[:0]
	for _, s := range snapshots {
		diagnostics := s.Diagnostics.Clone()
		if diagnostics == nil {
			diagnostics = dist.Diagnostics{}
		}
		d.record.Times = append(d.record.Times, TimeRecord{Time: s.Time, Samples: s.Dist.Samples(), Diagnostics: diagnostics})
	}
	return nil
}

// checkSnapshots refuses what readers could not take apart again.
func checkSnapshots(snapshots []dist.Snapshot, model Model) error {
	species := model.Species
	for i, s := range snapshots {
		if i > 0 && !(s.Time > snapshots[i-1].Time) {
			return fmt.Errorf("run: snapshot times must increase: %v follows %v", s.Time, snapshots[i-1].Time)
		}
		if !slices.Equal(s.Dist.Species(), species) {
			return fmt.Errorf("run: the snapshot at time %v is over the species %v, the model has %v", s.Time, s.Dist.Species(), species)
		}
		if !slices.EqualFunc(s.Observables, model.Observables, func(o dist.Observed, m Observable) bool { return o.Name == m.Name }) {
			return fmt.Errorf("run: the snapshot at time %v has the observables %v, the model has %v", s.Time, s.Observables, model.Observables)
		}
	}
	return nil
}

// Discard closes the directory and removes everything that Begin wrote, when the computation turns out to be impossible
// with this input. A run that was resumed is left as it is, with the status failed.
func (d *Dir) Discard(cause error) error {
	if d.finished || d.lock == nil {
		return nil
	}
	if !d.fresh {
		return d.Finish(nil, cause)
	}
	d.finished = true
	for _, name := range []string{recordName, progressName, checkpointFolder} {
		if err := os.RemoveAll(filepath.Join(d.path, name)); err != nil {
			d.Close()
			return err
		}
	}
	d.Close()
	removeFolders(d.made)
	return nil
}

// Close releases the directory without a word about the result; after Finish it does nothing.
func (d *Dir) Close() {
	if d.progress != nil {
		_ = d.progress.Close()
		d.progress = nil
	}
	if d.lock != nil {
		d.lock.Release()
		d.lock = nil
	}
}
