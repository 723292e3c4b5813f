package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/spf13/cobra"
)

// indexVariables tell the index of a task in job arrays of Slurm and Kubernetes.
var indexVariables = []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"}

func newSweepRun() *cobra.Command {
	var place sweepPlace
	var quiet bool
	index := option[int]{kind: "I", parse: parseCount(0)}
	perTask := option[int]{value: 1, given: true, kind: "K", parse: parseCount(1)}
	cmd := &cobra.Command{
		Use:   "run SPEC",
		Short: "Compute one task of a planned sweep",
		Long: "run computes point I, or with --per-task K the points I·K to I·K+K-1. Without --index the index is taken from\n" +
			"SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX. What is done is not done again, and what was interrupted goes on from its checkpoint,\n" +
			"so that a task that is requeued is the same command. On SIGINT, SIGTERM and SIGUSR1 it keeps a checkpoint and exits with 130.\n" +
			"Exit status 0: all points of the task are complete or truncated by their budget; 1: some failed; 130: interrupted, to go on\n" +
			"give the same command.",
		Example: "  cme sweep run sweep.yaml --index 3",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := taskIndex(&index); err != nil {
				return err
			}
			s, err := place.open(args[0])
			if err != nil {
				return err
			}
			var solver pointSolver
			runner := sweep.Runner{Sweep: s, Solve: solver.solve}
			first := index.value * perTask.value
			if first >= s.Head.Points || first/perTask.value != index.value {
				return usagef("there is no task %d: %s has %d points, %d to a task", index.value, s.Path, s.Head.Points, perTask.value)
			}
			var failures []error
			for i := first; i < min(first+perTask.value, s.Head.Points); i++ {
				p, err := s.Point(i)
				if err != nil {
					return err
				}
				result, err := runner.Point(cmd.Context(), p)
				if err != nil && !errors.Is(err, sweep.ErrBusy) {
					return stopped(err, "the same command")
				}
				if err != nil {
					fmt.Fprintf(cmd.ErrOrStderr(), "point %d: %s\n", i, message(err))
					continue
				}
				if result.Status == sweep.Failed {
					failures = append(failures, fmt.Errorf("point %d (%s) failed: %s", i, s.Head.Describe(p), result.Error))
				}
				if !quiet {
					fmt.Fprintf(cmd.OutOrStdout(), "point %d (%s): %s\n", i, s.Head.Describe(p), result.Status)
				}
			}
			return errors.Join(failures...)
		},
	}
	place.register(cmd)
	f := cmd.Flags()
	f.Var(&index, "index", "index of the task, from 0 on")
	f.Var(&perTask, "per-task", "points of one task")
	f.BoolVar(&quiet, "quiet", false, "say nothing but what went wrong")
	return cmd
}

// taskIndex finds the index in the environment if it was not given.
func taskIndex(index *option[int]) error {
	for _, name := range indexVariables {
		text := os.Getenv(name)
		if index.given || text == "" {
			continue
		}
		v, err := strconv.Atoi(text)
		if err != nil || v < 0 {
			return usagef("%s is %q, which is no index; give --index", name, text)
		}
		index.value, index.given = v, true
	}
	if !index.given {
		return usagef("which task? give --index I, or run it in a job array (%s, %s)", indexVariables[0], indexVariables[1])
	}
	return nil
}
