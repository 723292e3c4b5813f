package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/spf13/cobra"
)

func newSweep() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Many values of parameters: on this computer, by Slurm, by Kubernetes",
		Long: "sweep computes a model at many points. A sweep file (YAML or JSON; \"cme sweep schema\" prints its schema) says which:\n\n" +
			"  solver: ssa\n  model: toggle-switch\n  settings: {times: [5], runs: 1000}\n  vary:\n" +
			"    param.synthesis: {log: {from: 10, to: 100, points: 6}}\n    param.decay: [1, 2]\n\n" +
			"plan lists the points in a folder; local computes them here, run one task of them (as in a job array); merge makes two tables,\n" +
			"results.parquet and runs.sqlite. SPEC is the sweep file, or its folder after it was planned. Any of these commands can be\n" +
			"stopped, killed and given again: no point is lost, and none is counted twice.",
		Example: "  cme sweep local sweep.yaml -j 4\n  cme sweep status sweep.yaml\n  cme sweep merge sweep.yaml\n" +
			"  cme sweep slurm sweep.yaml && sh sweep/submit.sh",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return usagef("unknown command %q; sweep has plan, local, run, merge, status, retry, slurm, kubernetes, schema", args[0])
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSweepPlan(), newSweepRun(), newSweepLocal(), newSweepMerge(), newSweepStatus(), newSweepRetry(), newSweepSlurm(), newSweepKubernetes(),
		newSweepSchema(), newSweepWorker())
	return cmd
}

// sweepErrors are the errors of sweeps that mean bad input.
var sweepErrors = []error{sweep.ErrSpec, sweep.ErrNotPlanned, sweep.ErrIndex, run.ErrLocked}

// sweepPlace finds a sweep by its file or its folder.
type sweepPlace struct {
	out string
}

func (o *sweepPlace) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.out, "out", "", "`FOLDER` of the sweep (default: the sweep file without its ending)")
}

// folder is that of the sweep; spec is the path of the sweep file, "" if the folder was named.
func (o *sweepPlace) folder(arg string) (folder, spec string, err error) {
	info, err := os.Stat(arg)
	switch {
	case err != nil:
		return "", "", usagef("%w; give the path of a sweep file, or of the folder of a planned sweep", err)
	case info.IsDir() && o.out != "":
		return "", "", usagef("%s is a folder already; leave out --out", arg)
	case info.IsDir():
		return arg, "", nil
	case o.out != "":
		return o.out, arg, nil
	}
	folder = sweep.DefaultFolder(arg)
	if folder == arg {
		return "", "", usagef("%s has no ending that could be left out for the name of the folder; give one with --out", arg)
	}
	return folder, arg, nil
}

// open finds a sweep that was planned, and makes sure that it is that of the file.
func (o *sweepPlace) open(arg string) (*sweep.Sweep, error) {
	folder, spec, err := o.folder(arg)
	if err != nil {
		return nil, err
	}
	s, err := sweep.Open(folder)
	if err != nil || spec == "" {
		return s, refused(err, sweepErrors...)
	}
	wanted, err := sweep.ReadSpec(spec)
	if err != nil {
		return nil, refused(err, sweepErrors...)
	}
	if wanted.Hash() != s.Head.Spec {
		return nil, usagef("%s was changed since it was planned; give \"cme sweep plan %s\", results of points that stay are kept", spec, spec)
	}
	return s, nil
}

// plan plans the sweep of a file, or opens that of a folder.
func (o *sweepPlace) plan(ctx context.Context, arg string) (*sweep.Planned, error) {
	folder, spec, err := o.folder(arg)
	if err != nil {
		return nil, err
	}
	if spec == "" {
		s, err := sweep.Open(folder)
		return &sweep.Planned{Sweep: s}, refused(err, sweepErrors...)
	}
	s, err := sweep.ReadSpec(spec)
	if err != nil {
		return nil, refused(err, sweepErrors...)
	}
	input, file, err := inputOf(s, spec)
	if err != nil {
		return nil, err
	}
	checker, err := newPointChecker(ctx, s, input)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spec, err)
	}
	planned, err := sweep.Plan(s, folder, file, checker)
	return planned, refused(err, sweepErrors...)
}

// inputOf is what the solver's command is given, and the file of it that a sweep copies, "" for a model of the catalogue.
func inputOf(s *sweep.Spec, spec string) (input, file string, err error) {
	beside := func(path string) string {
		if filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(filepath.Dir(spec), path)
	}
	if s.Solver == sweep.Train {
		dir := beside(s.Study)
		return dir, filepath.Join(dir, studyName), nil
	}
	if !isSBML(s.Model) {
		return s.Model, "", nil
	}
	return beside(s.Model), beside(s.Model), nil
}

// stopped says how to go on after an interruption.
func stopped(err error, command string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted (%w); what is done is kept, go on with %s", err, command)
	}
	return err
}
