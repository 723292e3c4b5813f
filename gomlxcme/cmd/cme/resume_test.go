package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// smallSolve is a network of a few dozen quick steps.
var smallSolve = []string{"solve", "birth-death", "--times", "0.5,20", "--start-time", "0.25", "--seed", "1", "--cap", "15", "--batch", "16", "--backend", "go"}

// child starts a command line in a process of its own.
func child(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), childVariable+"=1")
	c.Stderr = &strings.Builder{}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	return c
}

// A run that is killed at its first checkpoint and resumed, with another number of workers, leaves the same bytes as one
// that was left alone.
func TestKilledRunsResumeToTheSameBytes(t *testing.T) {
	for name, args := range map[string][]string{
		"ssa":   {"ssa", "gene-expression", "--runs", "10000", "--seed", "4"},
		"solve": smallSolve,
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			whole, broken := filepath.Join(root, "whole"), filepath.Join(root, "broken")
			c := child(t, append(args, "--workers", "1", "--out", broken)...)
			until(t, "there is a checkpoint", func() bool {
				_, err := os.Stat(filepath.Join(broken, "checkpoint", checkpointName))
				return err == nil
			})
			if o := cme(t, append(args, "--out", broken, "--resume")...); o.code != exitUsage || !strings.Contains(o.stderr, "process") {
				t.Errorf("a second writer: %+v", o)
			}
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := c.Wait(); err == nil {
				t.Fatal("the run was over before it was killed; make it longer")
			}
			if r, err := run.ReadRecord(broken); err != nil || r.Status != run.Running {
				t.Fatalf("status %q, error %v", r.Status, err)
			}
			succeed(t, append(args, "--workers", "2", "--out", broken, "--resume")...)
			succeed(t, append(args, "--workers", "2", "--out", whole)...)
			sameResults(t, whole, broken)
			if r, err := run.ReadRecord(broken); err != nil || r.Resumed != 1 || r.Status != run.Complete {
				t.Errorf("record %+v, error %v", r, err)
			}
		})
	}
}

func TestSignalEndsARunWithItsStateKept(t *testing.T) {
	root := t.TempDir()
	whole, broken := filepath.Join(root, "whole"), filepath.Join(root, "broken")
	args := []string{"ssa", "gene-expression", "--runs", "10000", "--seed", "4"}
	c := child(t, append(args, "--workers", "1", "--out", broken)...)
	until(t, "a step is logged", func() bool {
		text, err := os.ReadFile(filepath.Join(broken, "progress.jsonl"))
		return err == nil && strings.Contains(string(text), `"event":"step"`)
	})
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		t.Fatalf("exit %v", err)
	}
	r, err := run.Open(broken) // the trajectories that were done are a result of their own
	if err != nil || r.Record.Status != run.Interrupted || r.Snapshots[0].Dist.Samples() == 0 {
		t.Fatalf("result %+v, error %v", r, err)
	}
	succeed(t, append(args, "--out", broken, "--resume")...)
	succeed(t, append(args, "--out", whole)...)
	sameResults(t, whole, broken)
}

func sameResults(t *testing.T, a, b string) {
	t.Helper()
	x, y := contents(t, a, "moments.csv", "marginals.csv"), contents(t, b, "moments.csv", "marginals.csv")
	for name := range x {
		if x[name] != y[name] {
			t.Errorf("%s differs between %s and %s", name, a, b)
		}
	}
}
