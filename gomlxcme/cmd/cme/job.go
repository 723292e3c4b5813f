package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// job is a computation that ends in a result directory or in a table.
type job struct {
	task     *task
	command  string
	settings map[string]any // beside those that all commands share
	chance   bool           // it draws random numbers
	backend  string
	remark   string // shown before the computation starts
	// report, if not nil, prints what there is beside moments and diagnostics after success: all of it, or in short.
	report func(w io.Writer, all bool) error
	// solve returns the snapshots that it has, also beside an error. dir is nil without --out.
	solve func(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error)
}

// record describes the job for run.json.
func (j *job) record() run.Record {
	o := j.task.options
	end := j.task.times[len(j.task.times)-1]
	settings := map[string]any{"times": j.task.times, "t-end": end, "workers": j.task.workers, "quiet": o.quiet}
	for name, v := range j.settings {
		settings[name] = v
	}
	model := run.ModelOf(j.task.network)
	model.Observables = j.task.observed.recorded
	r := run.Record{
		Command:     j.command,
		CommandLine: os.Args,
		Model:       model,
		Settings:    settings,
		Backend:     j.backend,
	}
	if j.chance {
		seed := j.task.seed
		r.Seed = &seed
	}
	return r
}

// run computes and reports. It is called after all input has been checked.
func (j *job) run(cmd *cobra.Command) error {
	o := j.task.options
	if o.check {
		return nil
	}
	if o.out == "" {
		return j.runToTable(cmd)
	}
	dir, err := run.Begin(o.out, j.record(), o.resume)
	if err != nil {
		return refused(err, directoryErrors...)
	}
	defer dir.Close()
	if dir.Complete() {
		if !o.quiet {
			fmt.Fprintf(cmd.OutOrStdout(), "%s is complete already; nothing to do\n", o.out)
		}
		return nil
	}
	j.announce(cmd)
	snapshots, err := j.answer(cmd, dir, run.Tee(dir.Progress(), j.bar(cmd)))
	if err = refused(err, impossible...); isUsage(err) {
		return errors.Join(err, dir.Discard(err))
	}
	if failure := dir.Finish(snapshots, err); failure != nil && err == nil {
		return failure
	} else if failure != nil {
		return fmt.Errorf("%w; and then: %w", err, failure)
	}
	switch run.StatusOf(err) {
	case run.Interrupted, run.Truncated:
		return fmt.Errorf("%w; what has been done is kept in %s, go on with --resume", err, o.out)
	case run.Failed:
		return fmt.Errorf("%w; the last good state is kept in %s", err, o.out)
	}
	if o.quiet {
		return nil
	}
	if err := printSummary(cmd.OutOrStdout(), dir.Record(), o.out); err != nil || j.report == nil {
		return err
	}
	return j.report(cmd.OutOrStdout(), false)
}

// runToTable computes and prints what there is, also after an interruption.
func (j *job) runToTable(cmd *cobra.Command) error {
	j.announce(cmd)
	snapshots, err := j.answer(cmd, nil, j.bar(cmd))
	if len(snapshots) > 0 {
		failure := err
		err = errors.Join(err, printResult(cmd.OutOrStdout(), j.record(), snapshots))
		if failure == nil && j.report != nil {
			err = errors.Join(err, j.report(cmd.OutOrStdout(), true))
		}
	}
	return refused(err, impossible...)
}

// answer solves, and makes sure that the answers are to the questions: snapshot i is at output time i.
func (j *job) answer(cmd *cobra.Command, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	snapshots, err := j.solve(cmd.Context(), dir, hook)
	for i, s := range snapshots {
		if i >= len(j.task.times) || s.Time != j.task.times[i] {
			wrong := fmt.Errorf("%s answered for time %v at place %d of the output times %v", j.command, s.Time, i+1, shortTimes(j.task.times))
			return snapshots[:i], errors.Join(err, wrong)
		}
	}
	return snapshots, errors.Join(err, j.task.observed.observe(snapshots))
}

// announce says what a user must know before a long computation: a seed that was made here, and which backend computes.
func (j *job) announce(cmd *cobra.Command) {
	if j.task.options.quiet {
		return
	}
	if j.chance && j.task.made {
		fmt.Fprintf(cmd.ErrOrStderr(), "seed %d (repeat the run with --seed %d)\n", j.task.seed, j.task.seed)
	}
	if j.remark != "" {
		fmt.Fprintln(cmd.ErrOrStderr(), j.remark)
	}
}

// bar is the progress bar, or silence.
func (j *job) bar(cmd *cobra.Command) run.Hook {
	if j.task.options.quiet {
		return run.Silence{}
	}
	return run.NewBar(cmd.ErrOrStderr())
}
