package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Job is what a solver's command is asked to do for one point.
type Job struct {
	Solver   Solver
	Input    string // the model or the study
	Settings []Setting
	Seed     uint64 // for solvers with chance
	Budget   Budget // Wall is what is left of it; 0 for no bound
	Dir      string // result directory; a run that is there goes on
}

// Solve computes a job. It returns run.ErrTruncated (wrapped) when the budget was used up, the context's error when it was
// interrupted, and an error that wraps ErrBadInput when the solver refuses the input.
type Solve func(ctx context.Context, job Job) error

// ErrBadInput marks input that a solver refuses; trying again does not help.
var ErrBadInput = errors.New("sweep: bad input")

// ErrBusy says that another runner computes the point.
var ErrBusy = errors.New("sweep: another runner computes it")

// Runner computes points of a sweep, one at a time.
type Runner struct {
	Sweep *Sweep
	Solve Solve
}

// Point computes a point, unless that is done, and returns its result. Errors are about the runner and not about the point,
// which stays as it was: ErrBusy, ErrDiskFull, the context's after an interruption (the checkpoint is kept).
func (r *Runner) Point(ctx context.Context, p *Point) (*Result, error) {
	s := r.Sweep
	folder := s.pointFolder(p.ID)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, Full(s.Path, fmt.Errorf("sweep: %w", err))
	}
	lock, err := run.Acquire(folder)
	if errors.Is(err, run.ErrLocked) {
		return nil, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if err != nil {
		return nil, Full(s.Path, err)
	}
	defer lock.Release()
	cleanup(folder)
	then, _, err := s.Result(p.ID)
	if err != nil && !errors.Is(err, ErrDamaged) {
		return nil, err
	}
	for s.Head.pending(then) {
		if then, err = r.attempt(ctx, p, then); err != nil {
			return nil, Full(s.Path, err)
		}
	}
	return then, nil
}

// attempt computes a point once and writes its result. The lock is held.
func (r *Runner) attempt(ctx context.Context, p *Point, then *Result) (*Result, error) {
	began := time.Now()
	s, dir := r.Sweep, r.Sweep.RunFolder(p)
	now := &Result{ID: p.ID, Attempts: 1, Rows: []Row{}}
	if then != nil && !then.Again {
		now.Attempts = then.Attempts + 1
	}
	job := Job{Solver: s.Head.Solver, Input: s.InputFile(), Settings: s.Head.Assignments(p), Seed: p.Seed, Budget: s.Head.Budget, Dir: dir}
	spent := spentOn(dir)
	if budget := job.Budget.Wall; budget > 0 {
		used := spent
		if then != nil && then.Status == Truncated {
			used -= then.WallSeconds // a budget that was used up is given anew
		}
		job.Budget.Wall = max(budget-time.Duration(used*float64(time.Second)), time.Millisecond)
	}
	failure := r.solve(ctx, job)
	if errors.Is(failure, run.ErrMismatch) || errors.Is(failure, run.ErrCorrupt) || errors.Is(failure, run.ErrOccupied) {
		// What was left there is damaged, or by another version of the program: begin again.
		if err := os.RemoveAll(dir); err != nil {
			return nil, fmt.Errorf("sweep: %w", err)
		}
		spent = 0
		failure = r.solve(ctx, job)
	}
	if ctx.Err() != nil && failure != nil {
		return nil, ctx.Err()
	}
	if isFull(failure) {
		return nil, failure
	}
	switch {
	case failure == nil:
		now.Status = Complete
	case run.StatusOf(failure) == run.Truncated:
		now.Status, now.Error = Truncated, strings.TrimPrefix(oneLine(failure), "run: ")
	default:
		now.Status, now.Error, now.BadInput = Failed, oneLine(failure), errors.Is(failure, ErrBadInput)
	}
	solver := spentOn(dir)
	if err := s.collect(dir, now); err != nil && now.Status != Failed {
		if isFull(err) {
			return nil, err
		}
		now.Status, now.Error = Failed, oneLine(err)
	}
	wall := time.Since(began).Seconds()
	now.WallSeconds, now.Overhead = milli(spent+wall), milli(wall-(solver-spent))
	if err := s.Store(now); err != nil {
		return nil, err
	}
	if s.Head.pending(now) || s.Head.Keep.Directory || now.Status != Complete && !now.BadInput {
		return now, nil // it is wanted, or somebody may go on from it
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	return now, nil
}

// solve calls the solver; what panics there fails.
func (r *Runner) solve(ctx context.Context, job Job) (err error) {
	defer func() {
		if x := recover(); x != nil {
			first, _, _ := strings.Cut(string(debug.Stack()), "\n")
			err = fmt.Errorf("the solver broke down: %v (%s)", x, first)
		}
	}()
	return r.Solve(ctx, job)
}

// spentOn is the wall time in seconds that the run in a result directory has had.
func spentOn(dir string) float64 {
	record, err := run.ReadRecord(dir)
	if err != nil {
		return 0
	}
	return record.WallSeconds
}

func milli(seconds float64) float64 { return math.Round(max(seconds, 0)*1e3) / 1e3 }

// GiveUp writes that a point failed whose process died whenever it was computed.
func (s *Sweep) GiveUp(p *Point, attempts int, why string) error {
	folder := s.pointFolder(p.ID)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return Full(s.Path, err)
	}
	lock, err := run.Acquire(folder)
	if err != nil {
		return err
	}
	defer lock.Release()
	if then, _, err := s.Result(p.ID); err == nil && then != nil && then.Status == Complete {
		return nil // it wrote its result and died after that
	}
	return s.Store(&Result{ID: p.ID, Status: Failed, Error: why, Attempts: max(attempts, s.Head.Attempts), Rows: []Row{}})
}

// cleanup removes half-written files that a killed runner left. The lock is held.
func cleanup(folder string) {
	left, err := filepath.Glob(filepath.Join(folder, "."+resultName+".*.tmp"))
	if err != nil {
		return
	}
	for _, path := range left {
		_ = os.Remove(path)
	}
}
