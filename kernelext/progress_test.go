package kernelext

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// stage is a notebook with a clock that the test moves.
type stage struct {
	lines []string
	time  time.Time
}

func (s *stage) hook() *Progress {
	s.time = time.Unix(1_000_000, 0)
	return newProgress(func(line string) { s.lines = append(s.lines, line) }, func() time.Time { return s.time })
}

func TestProgressRedrawsSeldomAndEndsWithOneLine(t *testing.T) {
	var s stage
	p := s.hook()
	p.Start(run.Start{Solver: "ssa", Model: "toggle-switch", TEnd: 2})
	for i := range 1000 {
		s.time = s.time.Add(10 * time.Millisecond) // ten seconds in all
		p.Step(run.Step{Time: float64(i) / 500, Fraction: float64(i) / 1000, Fields: dist.Diagnostics{{Name: "kl", Value: 0.0125}}})
	}
	p.Done(run.Done{})
	if n := len(s.lines); n < 35 || n > 42 {
		t.Errorf("%d pictures in ten seconds", n)
	}
	for _, line := range s.lines {
		if strings.Count(line, "\n") > 0 {
			t.Errorf("more than one line: %q", line)
		}
	}
	half := s.lines[len(s.lines)/2]
	for _, want := range []string{"ssa toggle-switch", "t = 1", "of 2", "left", "kl 0.0125"} {
		if !strings.Contains(half, want) {
			t.Errorf("%q is not in %q", want, half)
		}
	}
	if last := s.lines[len(s.lines)-1]; !strings.Contains(last, "ssa toggle-switch: done, in 10 s") {
		t.Errorf("ends with %q", last)
	}
}

func TestProgressSaysWhereItStopped(t *testing.T) {
	var s stage
	p := s.hook()
	p.Step(run.Step{Fraction: 0.5})
	p.Done(run.Done{Err: context.Canceled})
	if last := s.lines[len(s.lines)-1]; !strings.Contains(last, "stopped at 50 %") || !strings.Contains(last, "context canceled") {
		t.Errorf("ends with %q", last)
	}
}
