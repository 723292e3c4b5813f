package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
)

// BenchmarkSweepPoint is the time for a point that has next to nothing to compute: the command alone, without a directory; by
// a runner in this process; and by local in a child, the driver included. What the others take beyond the first is the
// overhead of a point.
func BenchmarkSweepPoint(b *testing.B) {
	plan := func(b *testing.B) *sweep.Sweep {
		b.Helper()
		spec := sweepFile(b, fmt.Sprintf("solver: ssa\nmodel: birth-death\nsettings: {times: [1], runs: 10}\nsampling: {method: random, points: %d}\nvary: {param.birth: {linear: {from: 0.1, to: 1}}}\n", b.N))
		succeed(b, "sweep", "plan", spec)
		s, err := sweep.Open(sweep.DefaultFolder(spec))
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	b.Run("command", func(b *testing.B) {
		for b.Loop() {
			if code := execute(b.Context(), []string{"ssa", "birth-death", "--times", "1", "--runs", "10", "--seed", "1", "--quiet"}, io.Discard, io.Discard); code != 0 {
				b.Fatal(code)
			}
		}
	})
	b.Run("runner", func(b *testing.B) {
		s := plan(b)
		var solver pointSolver
		r := sweep.Runner{Sweep: s, Solve: solver.solve}
		b.ResetTimer()
		for p, err := range s.Points() {
			if err == nil {
				_, err = r.Point(b.Context(), p)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("local", func(b *testing.B) {
		s := plan(b)
		l := sweep.Local{Sweep: s, Workers: 1, Command: func() *exec.Cmd {
			c := exec.Command(os.Args[0], "sweep", "worker", s.Path)
			c.Env = append(os.Environ(), childVariable+"=1")
			return c
		}}
		b.ResetTimer()
		if p, err := l.Run(b.Context()); err != nil || p.Done != s.Head.Points {
			b.Fatal(p, err)
		}
	})
}
