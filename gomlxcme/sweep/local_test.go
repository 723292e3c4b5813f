package sweep

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Children compute all points; one that dies is replaced, and its point tried again.
func TestChildrenThatDieAreReplaced(t *testing.T) {
	for _, n := range []int{1, 3} {
		s := planned(t, hows("", "die once", "die", "fail", "budget", "a", "b", "c"))
		told := 0
		l := Local{Sweep: s, Workers: n, Command: worker(s), Progress: func(Progress) { told++ }}
		p, err := l.Run(t.Context())
		if err != nil || p != (Progress{Points: 8, Done: 6, Failed: 2}) || told != 8 {
			t.Errorf("%d children: %+v, %v, told %d times", n, p, err, told)
		}
		if r := resultOf(t, s, 2); r.Status != Failed || !strings.Contains(r.Error, "died: signal: killed") || r.Attempts != DefaultAttempts {
			t.Errorf("the point whose process dies: %+v", r)
		}
		if got := stands(t, s); got != "8 points: 5 complete, 1 truncated, 2 failed" {
			t.Error(got)
		}
		// Again there is nothing left to do.
		if p, err := l.Run(t.Context()); err != nil || p != (Progress{Points: 8, Done: 6, Failed: 2}) {
			t.Errorf("again: %+v, %v", p, err)
		}
	}
}

// The end of the context ends the children, which leave their points to be gone on with.
func TestAnInterruptionEndsTheChildren(t *testing.T) {
	s := planned(t, hows("wait", "a"))
	ctx, cancel := context.WithCancel(t.Context())
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer cancel()
		awaitMark(t, s, p)
	}()
	l := Local{Sweep: s, Workers: 2, Command: worker(s)}
	if _, err := l.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if c, err := s.Count(); err != nil || c.Running != 0 || c.Waiting == 0 || c.Failed != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// awaitMark waits until the fake solver waits at a point.
func awaitMark(t *testing.T, s *Sweep, p *Point) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for {
		if _, err := os.Stat(filepath.Join(s.pointFolder(p.ID), "mark")); err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Error("the point was not begun")
			return
		}
	}
}

// One full disk is one message, whatever the number of children.
func TestAFullDiskEndsTheSweepOnce(t *testing.T) {
	s := planned(t, hows("full", "full ", "a"))
	l := Local{Sweep: s, Workers: 2, Command: worker(s)}
	_, err := l.Run(t.Context())
	if !errors.Is(err, ErrDiskFull) || strings.Count(err.Error(), "make room") != 1 {
		t.Errorf("error %v", err)
	}
	if c, err := s.Count(); err != nil || c.Failed != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// A worker whose orders end, as when the process that gave them was killed, interrupts its point and ends.
func TestAWorkerEndsWithItsOrders(t *testing.T) {
	s := planned(t, hows("wait"))
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	cmd := worker(s)()
	orders, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	news, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(orders).Encode(p); err != nil {
		t.Fatal(err)
	}
	awaitMark(t, s, p)
	if err := orders.Close(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(news).ReadString('\n')
	if err != nil || !strings.Contains(line, `"status":"waiting"`) {
		t.Errorf("%q, %v", line, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	if got := stands(t, s); got != "1 points: 1 waiting" {
		t.Error(got)
	}
}

// A point whose child is killed without a chance to say so is free at once.
func TestAKilledWorkerHoldsNothing(t *testing.T) {
	s := planned(t, hows("wait"))
	p, err := s.Point(0)
	if err != nil {
		t.Fatal(err)
	}
	cmd := worker(s)()
	orders, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer orders.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(orders).Encode(p); err != nil {
		t.Fatal(err)
	}
	awaitMark(t, s, p)
	if got := stands(t, s); got != "1 points: 1 running" {
		t.Error(got)
	}
	if err := syscall.Kill(cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if got := stands(t, s); got != "1 points: 1 waiting" {
		t.Error(got)
	}
	r := Runner{Sweep: s, Solve: func(context.Context, Job) error { return io.ErrUnexpectedEOF }}
	if got, err := r.Point(t.Context(), p); err != nil || got.Status != Failed {
		t.Errorf("%+v, %v", got, err)
	}
}
