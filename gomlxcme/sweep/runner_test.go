package sweep

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// computeAll computes all points in this process.
func computeAll(t testing.TB, s *Sweep) {
	t.Helper()
	r := Runner{Sweep: s, Solve: fake}
	for p, err := range s.Points() {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Point(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
}

// resultOf is the result of one point.
func resultOf(t testing.TB, s *Sweep, index int) *Result {
	t.Helper()
	p, err := s.Point(index)
	if err != nil {
		t.Fatal(err)
	}
	r, _, err := s.Result(p.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each way in which a point can end has its status, and only what may go better is tried again.
func TestPointsEndAsTheySay(t *testing.T) {
	s := planned(t, hows("", "fail", "refuse", "panic", "budget")+"retry: {attempts: 3}\n")
	computeAll(t, s)
	for i, want := range []struct {
		status   Status
		attempts int
		text     string
		rows     int
	}{{Complete, 1, "", 1}, {Failed, 3, "converge", 0}, {Failed, 1, "no sense", 0}, {Failed, 3, "out of range", 0}, {Truncated, 1, "budget", 1}} {
		r := resultOf(t, s, i)
		if r.Status != want.status || r.Attempts != want.attempts || !strings.Contains(r.Error, want.text) || len(r.Rows) != want.rows {
			t.Errorf("point %d: %+v", i, r)
		}
	}
	r := resultOf(t, s, 0)
	if m := r.Rows[0]; m.Moments.Mean != 0.5 || m.Moments.SD != 0.5 || len(m.Marginal) != 2 || m.Time != 1 || len(r.Diagnostics) != 1 {
		t.Errorf("result %+v", r)
	}
	first, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.RunFolder(first)); err == nil {
		t.Error("the result directory is still there")
	}
	// Asked again, truncated and failed points are computed again, once.
	if n, err := s.Again([]Status{Failed, Truncated}, nil); n != 4 || err != nil {
		t.Fatalf("%d points again, %v", n, err)
	}
	if got := stands(t, s); got != "5 points: 1 complete, 4 waiting" {
		t.Error(got)
	}
	computeAll(t, s)
	if got := stands(t, s); got != "5 points: 1 complete, 1 truncated, 3 failed" {
		t.Error(got)
	}
}

// Half a result, one with a changed byte, and one of another point are noticed and computed again.
func TestDamagedResultsAreComputedAgain(t *testing.T) {
	s := planned(t, small)
	computeAll(t, s)
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Point(1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.pointFolder(p.ID), resultName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := os.ReadFile(filepath.Join(s.pointFolder(other.ID), resultName))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", string(whole[:len(whole)/2]), string(whole[:len(whole)-1]), strings.Replace(string(whole), "0.1", "0.2", 1), string(foreign), "\x00\x00"} {
		if err := os.WriteFile(path, []byte(bad), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, s); got != "2 points: 1 complete, 1 damaged" {
			t.Errorf("%d bytes: %s", len(bad), got)
		}
		computeAll(t, s)
		if got := stands(t, s); got != "2 points: 2 complete" {
			t.Errorf("%d bytes: %s", len(bad), got)
		}
	}
	// What a runner leaves that is killed while it writes is removed by the next one.
	half := filepath.Join(s.pointFolder(p.ID), "."+resultName+".1-1.tmp")
	for _, name := range []string{half, path} {
		if err := os.WriteFile(name, whole[:10], 0o666); err != nil {
			t.Fatal(err)
		}
	}
	computeAll(t, s)
	if _, err := os.Stat(half); err == nil {
		t.Error("the half-written file is still there")
	}
}

// A second runner on a point leaves it alone, and the point has one result.
func TestTwoRunnersOnOnePoint(t *testing.T) {
	s := planned(t, hows("wait"))
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	started, first := make(chan struct{}), make(chan error, 1)
	go func() {
		r := Runner{Sweep: s, Solve: func(ctx context.Context, job Job) error { close(started); return fake(ctx, job) }}
		_, err := r.Point(ctx, p)
		first <- err
	}()
	<-started
	second := Runner{Sweep: s, Solve: fake}
	if _, err := second.Point(t.Context(), p); !errors.Is(err, ErrBusy) {
		t.Errorf("the second runner: %v", err)
	}
	if got := stands(t, s); got != "1 points: 1 running" {
		t.Error(got)
	}
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("the first runner: %v", err)
	}
	if got := stands(t, s); got != "1 points: 1 waiting" {
		t.Error(got)
	}
}

// Many runners at once on all points compute each point once.
func TestManyRunnersComputeEachPointOnce(t *testing.T) {
	s := planned(t, "solver: ssa\nmodel: fake\nvary: {param.p: {linear: {from: 0, to: 1, points: 40}}}\n")
	var mu sync.Mutex
	calls := map[string]int{}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			r := Runner{Sweep: s, Solve: func(ctx context.Context, job Job) error {
				mu.Lock()
				calls[job.Dir]++
				mu.Unlock()
				return fake(ctx, job)
			}}
			for p, err := range s.Points() {
				if err == nil {
					_, err = r.Point(t.Context(), p)
				}
				if err != nil && !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := stands(t, s); got != "40 points: 40 complete" || len(calls) != 40 {
		t.Errorf("%s, %d directories", got, len(calls))
	}
	for dir, n := range calls {
		if n != 1 {
			t.Errorf("%s was computed %d times", dir, n)
		}
	}
}

// A full disk is told as such, burns no attempt, and leaves the point as it was.
func TestAFullDiskIsNoFailureOfThePoint(t *testing.T) {
	s := planned(t, hows("full"))
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	r := Runner{Sweep: s, Solve: fake}
	if _, err := r.Point(t.Context(), p); !errors.Is(err, ErrDiskFull) || !strings.Contains(err.Error(), "make room") {
		t.Errorf("error %v", err)
	}
	if got := stands(t, s); got != "1 points: 1 waiting" {
		t.Error(got)
	}
}

// No decision hangs on a clock: files from the future and from 1970 are as good as others.
func TestClocksDoNotMatter(t *testing.T) {
	s := planned(t, small)
	for i, when := range []time.Time{time.Unix(0, 0), time.Now().AddDate(50, 0, 0)} {
		err := filepath.WalkDir(s.Path, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chtimes(path, when, when)
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Point(i)
		if err != nil {
			t.Fatal(err)
		}
		r := Runner{Sweep: s, Solve: fake}
		if _, err := r.Point(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Count(); err != nil || c.Complete != i+1 {
			t.Errorf("%+v, %v", c, err)
		}
	}
}

// What is spent of a budget counts after an interruption; a budget that was used up is given anew.
func TestBudgetsAreOfThePoint(t *testing.T) {
	s := planned(t, hows("wait")+"budget: {wall_seconds: 3600}\n")
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	var budgets []time.Duration
	r := Runner{Sweep: s, Solve: func(ctx context.Context, job Job) error {
		budgets = append(budgets, job.Budget.Wall)
		record := `{"schema":1,"command":"ssa","model":{"species":["X"]},"status":"interrupted","wall_seconds":1000,"times":[]}`
		if err := os.MkdirAll(job.Dir, 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(job.Dir, "run.json"), []byte(record), 0o666); err != nil {
			return err
		}
		return context.Canceled
	}}
	for range 2 {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Point(ctx, p); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if len(budgets) != 2 || budgets[0] != time.Hour || budgets[1] != time.Hour-1000*time.Second {
		t.Errorf("budgets %v", budgets)
	}
}
