package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

func newSweepLocal() *cobra.Command {
	var place sweepPlace
	var quiet bool
	jobs := option[int]{kind: "N", parse: parseCount(1)}
	cmd := &cobra.Command{
		Use:   "local SPEC",
		Short: "Compute a sweep on this computer",
		Long: "local plans the sweep and computes all points that have something left to compute, in N child processes that take one point after the\n" +
			"other and share the cores. Ctrl-C keeps checkpoints; a child that dies is replaced, and its point tried again as often as the\n" +
			"sweep's retry says. Exit status 0: all points are complete or truncated; 1: some failed; 130: interrupted.",
		Example: "  cme sweep local sweep.yaml -j 4",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			planned, err := place.plan(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			s, n := planned.Sweep, jobs.value
			if n == 0 {
				n = runtime.GOMAXPROCS(0)
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			bar := newSweepBar(cmd, s, quiet)
			l := sweep.Local{Sweep: s, Workers: n, Progress: bar.show, Command: func() *exec.Cmd {
				child := exec.Command(program, "sweep", "worker", s.Path)
				child.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", max(1, runtime.GOMAXPROCS(0)/n)))
				return child
			}}
			p, err := l.Run(cmd.Context())
			bar.end()
			if err != nil {
				return stopped(fmt.Errorf("%d of %d points are done: %w", p.Done, p.Points, err), "the same command")
			}
			if p.Busy > 0 && !quiet {
				fmt.Fprintf(cmd.ErrOrStderr(), "%d points are left to other runners, which compute them\n", p.Busy)
			}
			if p.Failed > 0 {
				return fmt.Errorf("%d of %d points failed; \"cme sweep status %s\" says why, \"cme sweep retry %s\" tries again", p.Failed, p.Points, args[0], args[0])
			}
			if !quiet {
				fmt.Fprintf(cmd.OutOrStdout(), "%d of %d points are done; \"cme sweep merge %s\" makes the tables\n", p.Done, p.Points, args[0])
			}
			return nil
		},
	}
	place.register(cmd)
	f := cmd.Flags()
	f.VarP(&jobs, "jobs", "j", "child processes (default: one a core)")
	f.BoolVar(&quiet, "quiet", false, "no progress bar and no summary")
	return cmd
}

// newSweepWorker is the child process of local; it is not for people.
func newSweepWorker() *cobra.Command {
	return &cobra.Command{
		Use:    "worker FOLDER",
		Short:  "Compute the points that are written to the standard input",
		Hidden: true,
		Args:   exactly("FOLDER"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := sweep.Open(args[0])
			if err != nil {
				return refused(err, sweepErrors...)
			}
			var solver pointSolver
			runner := sweep.Runner{Sweep: s, Solve: solver.solve}
			return runner.Work(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}

// sweepBar is one line of a terminal that shows how far a sweep has come.
type sweepBar struct{ bar *progressbar.ProgressBar }

func newSweepBar(cmd *cobra.Command, s *sweep.Sweep, quiet bool) *sweepBar {
	f, ok := cmd.ErrOrStderr().(*os.File)
	if quiet || !ok || !term.IsTerminal(int(f.Fd())) {
		return &sweepBar{}
	}
	return &sweepBar{progressbar.NewOptions(s.Head.Points, progressbar.OptionSetWriter(f), progressbar.OptionSetWidth(24), progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetDescription(string(s.Head.Solver)+" "+s.Head.Model))}
}

func (b *sweepBar) show(p sweep.Progress) {
	if b.bar == nil {
		return
	}
	if p.Failed > 0 {
		b.bar.Describe(fmt.Sprintf("%d failed", p.Failed))
	}
	_ = b.bar.Set(p.Done + p.Failed + p.Busy) // an error of the terminal must not stop the sweep
}

func (b *sweepBar) end() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}
