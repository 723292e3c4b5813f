package sweeps

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/gomlx-cme/cme/kernelext"
)

// Write writes a sweep file, and the folder that it lies in.
func Write(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("sweeps: %w", err)
	}
	return run.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, strings.TrimLeft(text, "\n"))
		return err
	})
}

// cme calls the program and returns what it says; its message is the error.
func cme(ctx context.Context, args ...string) (string, error) {
	program, err := Program()
	if err != nil {
		return "", err
	}
	c := exec.CommandContext(ctx, program, args...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGINT) } // it keeps checkpoints
	c.WaitDelay = time.Minute
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it is told once
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	err = c.Run()
	if ctx.Err() != nil {
		return out.String(), fmt.Errorf("interrupted; what is done is kept: run the cell again to go on (%w)", ctx.Err())
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), fmt.Errorf("sweeps: %s", strings.TrimPrefix(strings.TrimSpace(problems.String()), "cme: "))
	}
	return out.String(), err
}

// Plan checks a sweep file and lists its points; it returns how they stand.
func Plan(ctx context.Context, spec string) (sweep.Count, error) {
	if _, err := cme(ctx, "sweep", "plan", spec, "--quiet"); err != nil {
		return sweep.Count{}, err
	}
	s, err := sweep.Open(sweep.DefaultFolder(spec))
	if err != nil {
		return sweep.Count{}, err
	}
	return s.Count()
}

// Compute plans a sweep and computes all of its points that are not done, in so
// many processes, while hooks are told how far it is; without any it is
// kernelext.NewProgress. When the context ends, checkpoints are kept.
func Compute(ctx context.Context, spec string, processes int, hooks ...run.Hook) error {
	count, err := Plan(ctx, spec)
	if err != nil || count.Complete+count.Truncated == count.Points {
		return err
	}
	ended := make(chan error, 1)
	watched, stop := context.WithCancel(ctx)
	go func() {
		_, err := cme(ctx, "sweep", "local", spec, "--quiet", "--jobs", strconv.Itoa(max(1, processes)))
		ended <- err
		stop()
	}()
	err = watch(watched, spec, hooks, false)
	return errors.Join(<-ended, err)
}

// Start is Compute in a process of its own, which goes on when the cell has ended
// and survives the kernel. Follow watches it, and Compute waits for it.
func Start(ctx context.Context, spec string, processes int) error {
	if _, err := Plan(ctx, spec); err != nil {
		return err
	}
	program, err := Program()
	if err != nil {
		return err
	}
	log, err := os.Create(sweep.DefaultFolder(spec) + ".log")
	if err != nil {
		return fmt.Errorf("sweeps: %w", err)
	}
	defer log.Close()
	c := exec.Command(program, "sweep", "local", spec, "--quiet", "--jobs", strconv.Itoa(max(1, processes)))
	c.Stdout, c.Stderr = log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.Start(); err != nil {
		return fmt.Errorf("sweeps: %w", err)
	}
	return c.Process.Release()
}

// Follow shows how a sweep gets on that is computed elsewhere, by Start or on a
// cluster, until no point is left to compute, or the context ends.
func Follow(ctx context.Context, spec string, hooks ...run.Hook) error {
	return watch(ctx, spec, hooks, true)
}

// pollInterval is the shortest time between two looks at a sweep.
const pollInterval = 300 * time.Millisecond

// watch tells hooks how a sweep gets on until the context ends, or, if it is to
// leave by itself, until no point is left.
func watch(ctx context.Context, spec string, hooks []run.Hook, leave bool) error {
	s, err := sweep.Open(sweep.DefaultFolder(spec))
	if err != nil {
		return err
	}
	if len(hooks) == 0 {
		hooks = []run.Hook{kernelext.NewProgress()}
	}
	hook := run.Tee(hooks...)
	hook.Start(run.Start{Solver: "sweep", Model: s.Head.Model})
	for {
		began := time.Now()
		count, err := s.Count()
		if err != nil {
			return err
		}
		ended := count.Complete + count.Truncated + count.Failed
		hook.Step(run.Step{Fraction: float64(ended) / float64(count.Points), Fields: dist.Diagnostics{
			{Name: "done", Value: float64(ended)}, {Name: "failed", Value: float64(count.Failed)}, {Name: "running", Value: float64(count.Running)}}})
		if ctx.Err() != nil || leave && ended == count.Points {
			hook.Done(run.Done{})
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(max(pollInterval, 10*time.Since(began))): // of large sweeps a look takes long
		}
	}
}
