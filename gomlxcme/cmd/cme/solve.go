package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
	"github.com/spf13/cobra"
)

// solveOptions are those of solve alone.
type solveOptions struct {
	scheme     option[string]
	net        option[string]
	heads      option[string]
	hidden     option[int]
	batch      option[int]
	order      option[int]
	tolerance  option[float64]
	converged  option[float64]
	iterations option[int]
	damping    option[float64]
	ratio      option[float64]
	states     option[int]
	start      option[float64]
	backend    string
}

func (o *solveOptions) register(cmd *cobra.Command) {
	word := func(value string, absent ...string) option[string] {
		return option[string]{value: value, given: true, kind: value, parse: choice([]string{value}, absent)}
	}
	count := func(value int) option[int] {
		return option[int]{value: value, given: true, kind: "N", parse: parseCount(1)}
	}
	number := func(value float64) option[float64] {
		return option[float64]{value: value, given: true, kind: "X", parse: parsePositive}
	}
	o.scheme = word("implicit", "published")
	o.net = word("nade", "transformer", "gru", "lstm")
	o.heads = option[string]{value: "spline", given: true, kind: "spline|softmax", parse: choice([]string{"spline", "softmax"}, nil)}
	o.hidden, o.batch, o.iterations, o.states = count(8), count(1200), count(8), count(evolve.DefaultStartStates)
	o.order = option[int]{value: 3, given: true, kind: "1|2|3", parse: parseOrder}
	o.tolerance, o.converged, o.damping, o.ratio = number(evolve.DefaultTolerance), number(0.001), number(1e-5), number(evolve.DefaultRatio)
	o.start = option[float64]{kind: "T", parse: parsePositive}
	f := cmd.Flags()
	f.Var(&o.scheme, "scheme", "time stepping")
	f.Var(&o.net, "net", "network")
	f.Var(&o.heads, "heads", "conditionals: smooth ones, or a free logit for every count")
	f.Var(&o.hidden, "hidden", "hidden units per conditional")
	f.Var(&o.batch, "batch", "different states wanted in the batch of a step")
	f.Var(&o.order, "order", "order of the multistep formula")
	f.Var(&o.tolerance, "tolerance", "local error of log P in one step")
	f.Var(&o.converged, "converged", "rms change of log P at which the iteration of a step ends")
	f.Var(&o.iterations, "iterations", "most Gauss-Newton updates of a step")
	f.Var(&o.damping, "damping", "smallest Levenberg-Marquardt damping")
	f.Var(&o.ratio, "ratio", "largest time step, as a share of the time reached")
	f.Var(&o.states, "start-states", "most states of the projection that starts the network")
	f.Var(&o.start, "start-time", "time to which that projection goes, at most the first output time (default: chosen by the number of states)")
	f.StringVar(&o.backend, "backend", "", "`NAME` of the backend: go, xla, xla:PLUGIN or xla:/absolute/path.so (default: see \"cme backend\")")
}

// parseOrder reads 1, 2 or 3.
func parseOrder(text string) (int, error) {
	v, err := parseCount(1)(text)
	if err == nil && v > 3 {
		err = errors.New("it must be 1, 2 or 3")
	}
	return v, err
}

func newSolve() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "solve MODEL",
		Short: "Distribution by an autoregressive neural network",
		Long: "solve moves a network that gives the probability of every state along the master equation. Species without a cap get\n" +
			"one from a pilot ensemble; what the caps hold back is the leak.\n" +
			"The diagnostics tell how well each step was solved; compare with fsp or ssa where these can go.",
		Example: "  cme solve toggle-switch --times 0.25,1 --seed 1 --out out/solve",
		Args:    exactly("MODEL"),
	}
	var shared sharedOptions
	var options solveOptions
	shared.register(cmd)
	options.register(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		t, err := shared.task(args[0])
		if err != nil {
			return err
		}
		if err := checkCaps(t.compiled, usableMemory()); err != nil {
			return err
		}
		if first := firstPositive(t.times); options.start.value > first {
			return usagef("--start-time %v lies behind the first output time %v; choose an earlier one or leave it out", options.start.value, first)
		}
		b, err := backend.Open(options.backend)
		if err != nil {
			return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
		}
		s := options.settings(t, b)
		j := &job{
			task: t, command: "solve", chance: true, backend: b.Config, remark: b.Line(), settings: options.record(s),
			solve: func(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
				return evolveNetwork(ctx, t, s, dir, hook)
			},
		}
		return j.run(cmd)
	}
	return cmd
}

// firstPositive is the first time after the start, or 0 if there is none.
func firstPositive(times []float64) float64 {
	for _, t := range times {
		if t > 0 {
			return t
		}
	}
	return 0
}

// settings builds what the library takes.
func (o *solveOptions) settings(t *task, b *backend.Backend) evolve.Settings {
	heads := evolve.DefaultHeads(t.compiled)
	if o.heads.value == "softmax" {
		heads = van.Softmax{}
	}
	return evolve.Settings{
		Times: t.times, Seed: t.seed, Workers: t.workers, Backend: b,
		Network:  van.NADE{Hidden: o.hidden.value, Heads: heads},
		Proposal: evolve.Tempered{Unique: o.batch.value},
		Scheme: evolve.Implicit{
			Order: o.order.value, Iterations: o.iterations.value, Converged: o.converged.value, Damping: o.damping.value,
		},
		Tolerance: o.tolerance.value, Ratio: o.ratio.value, StartStates: o.states.value, StartTime: o.start.value,
	}
}

// record lists the settings for run.json; network and proposal are written out with the defaults that have no option.
func (o *solveOptions) record(s evolve.Settings) map[string]any {
	return map[string]any{
		"scheme": o.scheme.value, "net": o.net.value, "heads": o.heads.value, "hidden": o.hidden.value, "batch": o.batch.value,
		"order": o.order.value, "tolerance": s.Tolerance, "converged": o.converged.value, "iterations": o.iterations.value, "damping": o.damping.value,
		"ratio": s.Ratio, "start-states": s.StartStates, "start-time": s.StartTime,
		"network": fmt.Sprint(s.Network), "proposal": fmt.Sprint(s.Proposal), "stepping": fmt.Sprint(s.Scheme),
	}
}

// evolveNetwork runs the network, with checkpoints if there is a directory.
func evolveNetwork(ctx context.Context, t *task, s evolve.Settings, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	s.Hook = hook
	store := &saver{dir: dir}
	if dir != nil {
		var state evolve.State
		found, err := store.load(&state)
		if err != nil {
			return nil, err
		}
		if found {
			s.Resume = &state
		}
		s.Checkpoint = func(state evolve.State) error { return store.save(state) }
	}
	result, err := evolve.Run(ctx, t.compiled, s)
	if result == nil {
		return nil, err
	}
	return result.Snapshots, errors.Join(err, store.flush())
}
