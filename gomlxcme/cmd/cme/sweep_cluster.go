package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/gomlx-cme/cme/gomlxcme/sweep/cluster"
	"github.com/spf13/cobra"
)

// clusterOptions are those of slurm and kubernetes.
type clusterOptions struct {
	place   sweepPlace
	perTask option[int]
	atOnce  option[int]
	cpus    option[int]
	memory  string
}

func (o *clusterOptions) register(cmd *cobra.Command, memory string) {
	o.place.register(cmd)
	o.perTask = option[int]{kind: "K", parse: parseCount(1)}
	o.atOnce = option[int]{kind: "N", parse: parseCount(1)}
	o.cpus = option[int]{value: 1, given: true, kind: "N", parse: parseCount(1)}
	f := cmd.Flags()
	f.Var(&o.perTask, "per-task", fmt.Sprintf("points of a task (default: so many that there are at most %d tasks)", cluster.MaxTasks))
	f.Var(&o.atOnce, "at-once", "most tasks at once")
	f.Var(&o.cpus, "cpus", "processor cores of a task")
	f.StringVar(&o.memory, "memory", memory, "`SIZE` of the memory of a task")
}

// begin plans the sweep and fills in the points of a task.
func (o *clusterOptions) begin(cmd *cobra.Command, spec string) (*sweep.Sweep, error) {
	planned, err := o.place.plan(cmd.Context(), spec)
	if err != nil {
		return nil, err
	}
	if !o.perTask.given {
		o.perTask.value = cluster.PerTask(planned.Sweep.Head.Points)
	}
	return planned.Sweep, nil
}

func writeText(path string, text []byte) error {
	return run.WriteFile(path, func(w io.Writer) error { _, err := w.Write(text); return err })
}

func newSweepSlurm() *cobra.Command {
	var o clusterOptions
	limit := option[time.Duration]{kind: "DURATION", parse: parseDuration}
	grace := option[time.Duration]{value: time.Minute, given: true, kind: "DURATION", parse: parseDuration}
	cmd := &cobra.Command{
		Use:   "slurm SPEC",
		Short: "Write an array job for Slurm, and the merge job that follows",
		Long: "slurm plans the sweep and writes slurm/array.sh, slurm/merge.sh and slurm/submit.sh into its folder, which the nodes must share, at the\n" +
			"same path as this program. Before the time limit a task keeps a checkpoint and is queued again; the merge runs when all tasks have\n" +
			"ended. Written again, the array has only the tasks that have something left to compute.",
		Example: "  cme sweep slurm sweep.yaml --time 2h --at-once 100 && sh sweep/slurm/submit.sh --partition=short",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.begin(cmd, args[0])
			if err != nil {
				return err
			}
			left, err := s.Left()
			if err != nil {
				return err
			}
			if len(left) == 0 {
				return usagef("all points of %s are done; \"cme sweep merge %s\" makes the tables", s.Path, args[0])
			}
			folder, err := filepath.Abs(s.Path)
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			job := cluster.Slurm{Name: filepath.Base(folder), Program: program, Folder: folder, Tasks: cluster.Tasks(left, o.perTask.value), PerTask: o.perTask.value,
				AtOnce: o.atOnce.value, CPUs: o.cpus.value, Memory: o.memory, Time: limit.value, Grace: grace.value}
			files, err := job.Files()
			if err != nil {
				return refused(err, cluster.ErrOptions)
			}
			if err := os.MkdirAll(filepath.Join(folder, "slurm"), 0o777); err != nil {
				return err
			}
			for _, name := range slices.Sorted(maps.Keys(files)) {
				if err := writeText(filepath.Join(folder, "slurm", name), files[name]); err != nil {
					return sweep.Full(folder, err)
				}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d points in %d tasks; submit with: sh %s\n", len(left), len(job.Tasks), filepath.Join(s.Path, "slurm", "submit.sh"))
			return err
		},
	}
	o.register(cmd, "")
	cmd.Flags().Var(&limit, "time", "time limit of a task (default: the partition's)")
	cmd.Flags().Var(&grace, "grace", "time before the limit in which a checkpoint is kept")
	return cmd
}

func newSweepKubernetes() *cobra.Command {
	var o clusterOptions
	var image, claim, path string
	cmd := &cobra.Command{
		Use:   "kubernetes SPEC",
		Short: "Write an Indexed Job for Kubernetes (checked against a schema, not run)",
		Long: "kubernetes plans the sweep and writes kubernetes.yaml into its folder, which must lie in the volume that the pods share. The manifest\n" +
			"is checked against a part of the schema of batch/v1; it has not been run on a cluster.",
		Example: "  cme sweep kubernetes sweep.yaml --image registry.example.org/cme:1 --claim sweeps --at-once 50",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := o.begin(cmd, args[0])
			if err != nil {
				return err
			}
			per := o.perTask.value
			if path == "" {
				path = filepath.Base(s.Path)
			}
			k := cluster.Kubernetes{Name: filepath.Base(s.Path), Image: image, Claim: claim, Path: path, Tasks: (s.Head.Points + per - 1) / per, PerTask: per,
				CPUs: o.cpus.value, Memory: o.memory}
			if k.AtOnce = o.atOnce.value; k.AtOnce == 0 {
				k.AtOnce = min(k.Tasks, 50)
			}
			text, err := k.Manifest()
			if err != nil {
				return refused(err, cluster.ErrOptions)
			}
			file := filepath.Join(s.Path, "kubernetes.yaml")
			if err := writeText(file, text); err != nil {
				return sweep.Full(s.Path, err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d points in %d pods; start with: kubectl apply -f %s\n", s.Head.Points, k.Tasks, file)
			return err
		},
	}
	o.register(cmd, "1Gi")
	f := cmd.Flags()
	f.StringVar(&image, "image", "", "`NAME` of the container image, which has cme on its path (needed)")
	f.StringVar(&claim, "claim", "", "`NAME` of the persistent volume claim that holds the sweep (needed)")
	f.StringVar(&path, "path", "", "`FOLDER` of the sweep in the volume (default: its name)")
	return cmd
}
