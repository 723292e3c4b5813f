package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// solveOptions are those of solve alone. Those without a value take the default of the scheme.
type solveOptions struct {
	scheme     option[string]
	net        option[string]
	heads      option[string]
	hidden     option[int]
	layers     option[int]
	attention  option[int]
	species    orderOption
	batch      option[int]
	formula    option[string]
	order      option[int]
	tolerance  option[float64]
	converged  option[float64]
	iterations option[int]
	damping    option[float64]
	ratio      option[float64]
	states     option[int]
	start      option[float64]
	backend    string
	sampling   samplingOptions
	published  publishedOptions
	control    controlOptions
}

func (o *solveOptions) register(cmd *cobra.Command) {
	number := func(value float64) option[float64] {
		return option[float64]{value: value, given: true, kind: "X", parse: parsePositive}
	}
	o.scheme, o.net = words("implicit", "published"), words("auto", "nade", "shared-nade", "transformer", "gru", "lstm")
	o.heads = option[string]{kind: "spline|softmax", parse: choice([]string{"spline", "softmax"}, nil)}
	o.iterations, o.states = counts(0), counts(evolve.DefaultStartStates)
	o.hidden, o.batch, o.layers, o.attention = counts(0), counts(0), counts(0), counts(0)
	o.formula = words("log", "linear", "hand-over", "richardson")
	o.order = option[int]{kind: "1|2|3", parse: parseOrder}
	o.converged = number(0.001)
	o.ratio = option[float64]{kind: "X", parse: parsePositive}
	o.tolerance = option[float64]{kind: "X", parse: parsePositive}
	o.damping = option[float64]{kind: "X", parse: parsePositive}
	o.start = option[float64]{kind: "T", parse: parsePositive}
	f := cmd.Flags()
	f.Var(&o.scheme, "scheme", "time stepping: our implicit one, or the explicit family of the published methods")
	f.Var(&o.net, "net", "network: auto is nade, and shared-nade from 8 species")
	f.Var(&o.heads, "heads", "conditionals: smooth ones, or a free logit for every count (default: spline for implicit, softmax for published)")
	f.Var(&o.hidden, "hidden", "hidden units: of each conditional (nade, default 8), of all (shared-nade, default 16), of the state (gru, lstm, default 16), width of a token (transformer, default 16)")
	f.Var(&o.layers, "layers", "layers of gru, lstm (default 1) and transformer (default 2)")
	f.Var(&o.attention, "attention-heads", "of a transformer, a divisor of --hidden (default 2)")
	f.StringVar(&o.species.text, "species-order", "model", "`ORDER` in which the network draws the species: model, auto (what reacts together stands together), or all names with commas")
	f.Var(&o.batch, "batch", "different states wanted in a batch with --sampling tempered (default 1200), else draws of a batch (default 2000)")
	f.Var(&o.formula, "formula", "of a step: backward differences of log P, of P, of log P on fronts and of P where log P settles, or backward Euler in log P with Richardson extrapolation (implicit)")
	f.Var(&o.order, "order", "order of the multistep formula (implicit; default 3 in log P, 2 in P; for hand-over that of fronts)")
	f.Var(&o.tolerance, "tolerance", "local error of log P in one step (implicit; default 0.005, and 0.02 from 8 species)")
	f.Var(&o.converged, "converged", "rms change of log P at which the iteration of a step ends (implicit)")
	f.Var(&o.iterations, "iterations", "most Gauss-Newton updates of a step (implicit; default 8, and 4 from 8 species)")
	f.Var(&o.damping, "damping", "smallest Levenberg-Marquardt damping (default 1e-05), or that of a natural gradient (default 0.001)")
	f.Var(&o.ratio, "ratio", "largest time step, as a share of the time reached (implicit; default 0.15, and 0.05 with --basin or --absorb)")
	f.Var(&o.states, "start-states", "most states of the projection that starts the network")
	f.Var(&o.start, "start-time", "time to which that projection goes, at most the first output time (default: chosen by the number of states; none for published)")
	f.StringVar(&o.backend, "backend", "", "`NAME` of the backend: go, xla, xla:cpu, xla:cuda or xla:/absolute/path.so (default: see \"cme backend\")")
	o.sampling.register(f)
	o.published.register(f)
	o.control.register(cmd)
}

// words is an option that takes one of the words; the first one is the default.
func words(list ...string) option[string] {
	return option[string]{value: list[0], given: true, kind: strings.Join(list, "|"), parse: choice(list, nil)}
}

// counts is an option that takes a whole number of at least 1; 0 means no default.
func counts(value int) option[int] {
	return option[int]{value: value, given: value > 0, kind: "N", parse: parseCount(1)}
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
			"The diagnostics tell how well each step was solved; compare with fsp or ssa where these can go.\n" +
			"With --basin the probabilities of sets of states go to rare.csv as time,quantity,value,lower,upper,method, however small they are;\n" +
			"the network is fitted to them, too.\n" +
			"With --absorb the network is the law of what has not entered the basin; rare.csv has survival and rates.\n" +
			"With --out, the folder networks keeps the network of every output time, for --from and for cme export --samples.",
		Example: "  cme solve toggle-switch --times 0.25,1 --seed 1 --out out/solve\n" +
			"  cme solve gene-expression --scheme published --method natgrad --dt 0.05 --times 10 --out out/natgrad",
		Args: exactly("MODEL"),
	}
	var shared sharedOptions
	var options solveOptions
	shared.register(cmd)
	options.register(cmd)
	var absorb absorption
	var named basins
	absorb.register(cmd)
	named.register(cmd)
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
		if err := errors.Join(options.check(cmd.Flags(), t.compiled.SpeciesNames()), options.control.check(cmd.Flags())); err != nil {
			return err
		}
		found := map[string]any{}
		if err := errors.Join(named.read(t, found), absorb.read(cmd, t, &named, found)); err != nil {
			return err
		}
		start, err := options.control.find()
		if err != nil {
			return err
		}
		states := math.Inf(1) // explicit schemes take thousands of steps: compiling is nothing beside them
		if options.scheme.value == "implicit" {
			states = boxStates(t.compiled)
		}
		b, err := poolOf(cmd.Context()).OpenFor(options.backend, states)
		if err != nil {
			return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
		}
		if err := options.control.load(t, start, b); err != nil {
			return err
		}
		s := options.settings(t, b)
		if absorb.given() {
			s.Absorb = &absorb.basin
		}
		s.Basins = named.sets()
		order, err := options.species.find(t.compiled)
		if err != nil {
			return err
		}
		if s, err = s.Suited(cmd.Context(), t.compiled); err != nil {
			return refused(err, impossible...)
		}
		s.Network = options.species.apply(s.Network, order)
		place, err := s.StepPlace()
		if err != nil {
			return refused(err, impossible...)
		}
		remark := b.Line()
		if place == evolve.OnDevice {
			remark += "; whole steps on the device"
		}
		settings := options.record(s)
		maps.Copy(settings, found)
		j := &job{
			task: t, command: "solve", chance: true, backend: b.Config, remark: remark, settings: settings,
			report: func(w io.Writer, _ bool) error { return named.report(w) },
			solve: func(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
				result, err := evolveNetwork(ctx, t, s, dir, hook)
				if result == nil || err != nil {
					return snapshotsOf(result), err
				}
				if err := named.ask(result, result.Snapshots, t.seed); err != nil {
					return result.Snapshots, err
				}
				if absorb.given() {
					absorb.ask(result.Snapshots, &named)
				}
				return result.Snapshots, named.write(dir)
			},
		}
		return j.run(cmd)
	}
	return cmd
}

// boxStates is the number of states within the caps, infinite where there is no cap.
func boxStates(c *crn.Compiled) float64 {
	n := 1.0
	for _, cap := range c.Caps() {
		if cap == crn.Unbounded {
			return math.Inf(1)
		}
		n *= float64(cap) + 1
	}
	return n
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
	set := evolve.Settings{
		Times: t.times, Seed: t.seed, Workers: t.workers, Backend: b, Network: o.network(t),
		Proposal:  o.sampling.proposal(o.scheme.value, o.batch.value, t.compiled.SpeciesNames()),
		Scheme:    o.implicit(),
		Tolerance: o.tolerance.value, Ratio: o.ratio.value, StartStates: o.states.value, StartTime: o.start.value,
	}
	if o.scheme.value == "published" {
		set.Scheme = o.published.scheme(o.damping.value)
		set.Step = o.published.step.value
	}
	o.control.apply(&set)
	return set
}

// implicit is the implicit scheme with the formula that was asked for.
func (o *solveOptions) implicit() evolve.Scheme {
	s := evolve.Implicit{Iterations: o.iterations.value, Converged: o.converged.value, Damping: o.damping.value}
	switch o.formula.value {
	case "richardson":
		return evolve.Richardson{Solver: s}
	case "linear":
		s.Formula = evolve.LinearBDF{Order: o.order.value}
	case "hand-over":
		s.Formula = evolve.HandOver{Front: evolve.LogBDF{Order: o.order.value}}
	default:
		s.Formula = evolve.LogBDF{Order: o.order.value}
	}
	return s
}

// check refuses options that do not belong to the scheme or network: they would be ignored.
func (o *solveOptions) check(f *pflag.FlagSet, species []string) error {
	needs := map[string]string{}
	if o.scheme.value == "published" {
		for _, name := range []string{"formula", "order", "tolerance", "converged", "iterations", "ratio"} {
			needs[name] = "--scheme implicit"
		}
	} else {
		for _, name := range o.published.names() {
			needs[name] = "--scheme published"
		}
	}
	if o.scheme.value == "implicit" && o.formula.value == "richardson" {
		needs["order"] = "--formula log, linear or hand-over"
	}
	switch o.net.value {
	case "auto", "nade", "shared-nade":
		needs["layers"] = "--net transformer, gru or lstm"
	}
	if o.net.value != "transformer" {
		needs["attention-heads"] = "--net transformer"
	}
	if err := errors.Join(foreign(f, needs), o.sampling.check(f, o.scheme.value, species)); err != nil || o.scheme.value != "published" {
		return err
	}
	return o.published.check(f)
}

// network builds the architecture, nil for the one that suits the model; sizes that
// were not given are the library's.
func (o *solveOptions) network(t *task) van.Architecture {
	if o.net.value == "auto" && o.scheme.value == "implicit" && !o.hidden.given && o.heads.value != "softmax" {
		return nil
	}
	heads := evolve.DefaultHeads(t.compiled)
	if o.heads.value == "softmax" || o.scheme.value == "published" && !o.heads.given {
		heads = van.Softmax{}
	}
	name := o.net.value
	if name == "auto" && o.scheme.value == "implicit" && t.compiled.NumSpecies() >= evolve.ManySpecies {
		name = "shared-nade"
	}
	switch name {
	case "shared-nade":
		return van.SharedNADE{Hidden: cmp.Or(o.hidden.value, evolve.DefaultHidden), Heads: heads}
	case "transformer":
		return van.Transformer{DModel: o.hidden.value, Layers: o.layers.value, AttentionHeads: o.attention.value, Heads: heads}
	case "gru":
		return van.GRU{Hidden: o.hidden.value, Layers: o.layers.value, Heads: heads}
	case "lstm":
		return van.LSTM{Hidden: o.hidden.value, Layers: o.layers.value, Heads: heads}
	}
	return van.NADE{Hidden: o.hidden.value, Heads: heads}
}

// record lists the settings for run.json; network, proposal and stepping are written out with all defaults.
func (o *solveOptions) record(s evolve.Settings) map[string]any {
	record := map[string]any{
		"scheme": o.scheme.value, "net": o.net.value, "ratio": s.Ratio, "start-states": s.StartStates, "start-time": s.StartTime,
		"sampling": o.sampling.of(o.scheme.value), "network": fmt.Sprint(s.Network), "proposal": fmt.Sprint(s.Proposal), "stepping": fmt.Sprint(s.Scheme),
	}
	o.control.record(record)
	if o.scheme.value == "published" {
		o.published.record(record)
		record["step"] = fmt.Sprint(s.Step)
		return record
	}
	record["formula"], record["tolerance"], record["iterations"], record["converged"] = o.formula.value, s.Tolerance, o.iterations.value, o.converged.value
	return record
}

// snapshotsOf are those of a result, which may be nil.
func snapshotsOf(r *evolve.Result) []dist.Snapshot {
	if r == nil {
		return nil
	}
	return r.Snapshots
}

// evolveNetwork runs the network, with checkpoints if there is a directory.
func evolveNetwork(ctx context.Context, t *task, s evolve.Settings, dir *run.Dir, hook run.Hook) (*evolve.Result, error) {
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
		s.Output = func(n *evolve.Network) error { return storeNetwork(dir.Path(), n) }
	}
	result, err := evolve.Run(ctx, t.compiled, s)
	if result == nil {
		return nil, err
	}
	return result, errors.Join(err, store.flush())
}
