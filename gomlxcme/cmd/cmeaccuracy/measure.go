package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// bench runs cme and keeps what it finds.
type bench struct {
	cme   string        // program
	out   string        // folder of the result directories
	limit time.Duration // of one run
	until float64       // output times beyond it are left out, 0 for none
	today string
	say   func(format string, a ...any)
}

// question is the row that a preset asks for with a seed.
func (b *bench) question(p preset, seed uint64) (row, error) {
	q := row{System: p.system, Seed: seed, Date: b.today}
	var kept []string
	for _, text := range p.times {
		t, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return q, err
		}
		if b.until == 0 || t <= b.until {
			kept, q.Until = append(kept, text), t
		}
	}
	if len(kept) == 0 {
		return q, fmt.Errorf("no output time of %s lies before %g", p.system, b.until)
	}
	times := []string{"--times", strings.Join(kept, ",")}
	q.Options = strings.Join(slices.Concat(times, p.options), " ")
	q.Reference = strings.Join(slices.Concat(p.reference[:1], times, p.reference[1:]), " ")
	return q, nil
}

// measure answers a question. A run that fails is an answer, not an error; the
// error is that of an interruption.
func (b *bench) measure(ctx context.Context, q row) (row, error) {
	fields := strings.Fields(q.Reference)
	name := fmt.Sprintf("%s-%g", q.System, q.Until)
	reference := filepath.Join(b.out, name, fields[0])
	solved := filepath.Join(b.out, name, fmt.Sprintf("seed-%d", q.Seed))
	fail := func(err error) (row, error) {
		q.Failure = err.Error()
		return q, ctx.Err()
	}
	if err := b.run(ctx, reference, append([]string{fields[0], q.System}, fields[1:]...)); err != nil {
		return fail(fmt.Errorf("reference: %w", err))
	}
	options := append([]string{"solve", q.System, "--seed", strconv.FormatUint(q.Seed, 10), "--max-wall", b.limit.String()}, strings.Fields(q.Options)...)
	if err := b.run(ctx, solved, options); err != nil {
		return fail(err)
	}
	want, err := run.Open(reference)
	if err != nil {
		return fail(err)
	}
	got, err := run.Open(solved)
	if err != nil {
		return fail(err)
	}
	if q.deviation, err = deviate(want.Snapshots, got.Snapshots); err != nil {
		return fail(err)
	}
	q.Wall, q.CPU = got.Record.WallSeconds, got.Record.CPUSeconds
	q.Network, _ = got.Record.Settings["network"].(string)
	if v := got.Record.Versions; v["vcs.revision"] != "" {
		q.Revision = v["vcs.revision"][:min(12, len(v["vcs.revision"]))]
		if v["vcs.modified"] == "true" {
			q.Revision += "+"
		}
	}
	for _, s := range got.Snapshots {
		if v, ok := s.Diagnostics.Get("kl_bound"); ok {
			q.Bound = max(q.Bound, v)
		}
	}
	return q, ctx.Err()
}

// run brings a result directory to its end, from where an earlier attempt stopped.
func (b *bench) run(ctx context.Context, dir string, args []string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, 2*b.limit) // cme ends a solve by itself, after a step
	defer cancel()
	b.say("cme %s", strings.Join(args, " "))
	c := exec.CommandContext(limited, b.cme, append(args, "--out", dir, "--resume", "--quiet")...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = time.Minute
	var text bytes.Buffer
	c.Stderr = &text
	err := c.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && limited.Err() != nil:
		return fmt.Errorf("not finished after %v", 2*b.limit)
	case text.Len() > 0:
		return errors.New(strings.TrimSpace(text.String()))
	}
	return err
}
