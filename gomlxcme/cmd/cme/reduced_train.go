package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// trainOptions are those of reduced train.
type trainOptions struct {
	inputs, network option[string]
	candidates      []string
	train, validate option[[]float64]
	hidden          option[[]int]
	activation      option[string]
	dropout         option[float64]
	epochs, batch   option[int]
	rate, clip      option[float64]
	sparsity        option[float64]
	single          bool
	seeds           option[int]
	seed            option[uint64]
	workers         option[int]
	backend         string
	rollout         rolloutOptions
}

// networks of the source by name.
func networks() map[string]func() learn.Settings {
	return map[string]func() learn.Settings{"shallow": learn.Shallow, "deep": learn.Deep, "receptors": learn.Receptors}
}

func (o *trainOptions) register(cmd *cobra.Command) {
	o.inputs = option[string]{value: "reactions", given: true, kind: "reactions|parameters", parse: choice([]string{"reactions", "parameters"}, nil)}
	o.network = option[string]{kind: "shallow|deep|receptors", parse: choice([]string{"shallow", "deep", "receptors"}, nil)}
	o.train = option[[]float64]{kind: "V1,V2,...", parse: parseNumbers}
	o.validate = option[[]float64]{kind: "V1,V2,...", parse: parseNumbers}
	o.hidden = option[[]int]{kind: "H1,H2,...", parse: parseWholes}
	o.activation = option[string]{kind: "relu|prelu", parse: choice([]string{"relu", "prelu"}, nil)}
	o.dropout = option[float64]{kind: "P", parse: parseNumber}
	o.epochs, o.batch = counts(0), counts(0)
	o.rate = option[float64]{kind: "R", parse: parsePositive}
	o.clip = option[float64]{kind: "C", parse: parsePositive}
	o.sparsity = option[float64]{kind: "L", parse: parsePositive}
	o.seeds = option[int]{value: 10, given: true, kind: "N", parse: parseCount(1)}
	o.seed = option[uint64]{value: 1, given: true, kind: "S", parse: parseSeed}
	o.workers = option[int]{kind: "W", parse: parseCount(0)}
	f := cmd.Flags()
	f.Var(&o.inputs, "inputs", "what the networks see: approximations of reactions, or the parameters themselves")
	f.StringArrayVar(&o.candidates, "candidate", nil, "a `REACTION` such as \"Ca + X -> 2 Ca\" in place of those of the source; may be repeated")
	f.Var(&o.network, "network", "layers and training as in the source (default: shallow, or receptors for that experiment)")
	f.Var(&o.train, "train", "conditions to learn from: µM of IP3, or numbers of receptors (default: those of the source)")
	f.Var(&o.validate, "validate", "conditions that choose the epoch and are not learned from (default: none, the last epoch is kept)")
	f.Var(&o.hidden, "hidden", "units of each hidden layer")
	f.Var(&o.activation, "activation", "of hidden units")
	f.Var(&o.dropout, "dropout", "share of units left out in training")
	f.Var(&o.epochs, "epochs", "how often all points are visited")
	f.Var(&o.batch, "batch", "points for one update")
	f.Var(&o.rate, "rate", "of Adam")
	f.Var(&o.clip, "clip", "largest size of a weight")
	f.Var(&o.sparsity, "sparsity", "how strongly reactions are made to vanish, such as 0.05 or 0.2 (default: not at all)")
	f.BoolVar(&o.single, "single", false, "layers compute with 32 bits (deep and receptors do anyway)")
	f.Var(&o.seeds, "seeds", "number of networks")
	f.Var(&o.seed, "seed", "seed of the first network; the others have the next ones")
	f.Var(&o.workers, "workers", "networks trained at once; results do not depend on it (default: one a core)")
	o.rollout.register(cmd)
	f.StringVar(&o.backend, "backend", "go", "`NAME` of the backend; results of different ones differ in rounding")
}

// settings of the library.
func (o *trainOptions) settings(s *study.Study) (learn.Settings, error) {
	if !o.network.given {
		o.network.value = "shallow"
		if s.Experiment == study.Receptors {
			o.network.value = "receptors"
		}
	}
	l := networks()[o.network.value]()
	if o.hidden.given {
		l.Hidden = o.hidden.value
	}
	if o.activation.given {
		l.Activation = map[string]learn.Activation{"relu": learn.ReLU, "prelu": learn.PReLU}[o.activation.value]
	}
	if o.dropout.given {
		if l.Dropout = o.dropout.value; l.Dropout <= 0 {
			l.Dropout = -1
		}
	}
	for _, x := range []struct {
		from *option[int]
		to   *int
	}{{&o.epochs, &l.Epochs}, {&o.batch, &l.Batch}} {
		if x.from.given {
			*x.to = x.from.value
		}
	}
	for _, x := range []struct {
		from *option[float64]
		to   *float64
	}{{&o.rate, &l.Rate}, {&o.clip, &l.Clip}} {
		if x.from.given {
			*x.to = x.from.value
		}
	}
	l.Sparsity = o.sparsity.value
	l.Single = l.Single || o.single
	l.Seed = o.seed.value
	return l.Filled()
}

// split chooses what is learned from and what chooses the epoch.
func (o *trainOptions) split(s *study.Study) (train, validate []study.Case, err error) {
	train = s.Where(s.Experiment.Training)
	if o.train.given {
		if train, err = s.Select(o.train.value); err != nil {
			return nil, nil, err
		}
	}
	if len(train) == 0 {
		return nil, nil, fmt.Errorf("%w: it has none of the conditions that the source trained with; it has %v; choose some with --train", study.ErrStudy, s.Values())
	}
	if !o.validate.given {
		return train, nil, nil
	}
	if validate, err = s.Select(o.validate.value); err != nil {
		return nil, nil, err
	}
	if train = study.Without(train, validate); len(train) == 0 {
		return nil, nil, fmt.Errorf("%w: all conditions choose the epoch, and none is left to learn from", study.ErrStudy)
	}
	return train, validate, nil
}

// problem prepares what is learned.
func (o *trainOptions) problem(s *study.Study, train []study.Case) (*learn.Problem, error) {
	in := learn.Inputs{Polynomials: s.Experiment.Parameters(), Guard: s.Experiment.Guard()}
	if o.inputs.value == "reactions" {
		var err error
		if in.Polynomials, err = s.Experiment.Reactions(o.candidates...); err != nil {
			return nil, err
		}
		in.Group = 2*len(s.Experiment.Variables()) - 1
	} else if len(o.candidates) > 0 {
		return nil, usagef("--candidate has no effect on --inputs parameters; leave it out")
	}
	return learn.Prepare(s.Reduction, in, study.Series(train))
}

func newReducedTrain() *cobra.Command {
	var j reducedJob
	var o trainOptions
	cmd := &cobra.Command{
		Use:   "train DIR",
		Short: "Networks that learn how the parameters move",
		Long: "train fits networks to the derivatives of the parameters in a directory of \"cme reduced fit\". networks/ has one file for each seed,\n" +
			"losses.csv how their errors fell. What is trained does not see the other conditions unless --validate names them.",
		Example: "  cme reduced train out/fit --seeds 10 --out out/reactions\n  cme reduced train out/fit --inputs parameters --network deep --backend xla:cpu --seeds 3 --out out/deep\n" +
			"  cme reduced train out/fit --validate 0.7 --out out/honest",
		Args: exactly("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, sum, err := readStudy(args[0])
			if err != nil {
				return err
			}
			train, validate, err := o.split(s)
			if err != nil {
				return refused(err, unfit...)
			}
			l, err := o.settings(s)
			if err != nil {
				return refused(err, unfit...)
			}
			r, err := o.rollout.settings(cmd, l.Clip)
			if err != nil {
				return refused(err, unfit...)
			}
			p, err := o.problem(s, train)
			if err != nil {
				return refused(err, unfit...)
			}
			b, err := poolOf(cmd.Context()).OpenFor(o.backend, math.Inf(1))
			if err != nil {
				return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
			}
			workers := o.workers.value
			if workers == 0 {
				workers = runtime.GOMAXPROCS(0)
			}
			l.Validation = study.Series(validate)
			record := run.Record{Command: "reduced train", Backend: b.Config, Seed: &o.seed.value, Settings: map[string]any{
				"study": sum, "inputs": o.inputs.value, "candidate": o.candidates, "train": study.Names(train), "validate": study.Names(validate), "network": o.network.value,
				"hidden": l.Hidden, "activation": l.Activation.String(), "dropout": l.Dropout, "epochs": l.Epochs, "batch": l.Batch, "rate": l.Rate, "clip": l.Clip, "sparsity": l.Sparsity,
				"single": l.Single, "seeds": o.seeds.value, "workers": workers,
			}}
			o.rollout.record(record.Settings, r)
			return j.run(cmd, record, func(ctx context.Context, dir *run.Dir, hook run.Hook) error {
				l.Hook, l.Keeper = hook, &seedKeeper{dir: dir, last: map[uint64]time.Time{}}
				models, err := learn.TrainSeeds(ctx, b, p, l, o.seeds.value, workers)
				if err == nil && o.rollout.on {
					r.Hook = hook
					models, err = learn.RefineSeeds(ctx, b, models, study.Series(train), r, workers)
				}
				if err != nil {
					return err
				}
				if err := writeNetworks(dir.Path(), s, models); err != nil || o.inputs.value != "reactions" {
					return err
				}
				return writeImportance(dir.Path(), s.Experiment, o.candidates, models)
			})
		},
	}
	j.register(cmd)
	o.register(cmd)
	return cmd
}

// seedKeeper keeps one checkpoint for each seed: one an interval, and the last one.
type seedKeeper struct {
	lock sync.Mutex
	dir  *run.Dir
	last map[uint64]time.Time
}

func seedName(seed uint64) string { return fmt.Sprintf("seed-%d", seed) }

// Load returns the newest state of a seed, or nil.
func (k *seedKeeper) Load(seed uint64) (*learn.State, error) {
	k.lock.Lock()
	defer k.lock.Unlock()
	data, err := k.dir.LoadCheckpoint(seedName(seed))
	if errors.Is(err, run.ErrNoCheckpoint) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &learn.State{}
	return s, s.UnmarshalBinary(data)
}

// Save keeps a state.
func (k *seedKeeper) Save(s *learn.State) error {
	k.lock.Lock()
	defer k.lock.Unlock()
	if !s.Done() && time.Since(k.last[s.Seed]) < saveInterval {
		return nil
	}
	data, err := s.MarshalBinary()
	if err != nil {
		return err
	}
	k.last[s.Seed] = time.Now()
	return k.dir.SaveCheckpoint(seedName(s.Seed), data)
}

// networksFolder has the trained networks.
const networksFolder = "networks"

// writeNetworks writes what the next step needs: the study, the networks, and how they were learned.
func writeNetworks(dir string, s *study.Study, models []*learn.Model) error {
	if err := writeStudy(dir, s); err != nil {
		return err
	}
	folder := filepath.Join(dir, networksFolder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	rows := [][]string{{"seed", "epoch", "loss", "validation", "kept"}}
	for _, m := range models {
		if err := run.WriteFile(filepath.Join(folder, seedName(m.Seed)+".net"), m.Save); err != nil {
			return err
		}
		for i, loss := range m.Losses {
			row := []string{strconv.FormatUint(m.Seed, 10), strconv.Itoa(i + 1), digits(loss), "", strconv.FormatBool(m.Epoch == i+1)}
			if i < len(m.Checked) {
				row[3] = digits(m.Checked[i])
			}
			rows = append(rows, row)
		}
	}
	return writeTable(dir, "losses.csv", rows)
}

// writeImportance writes how much each reaction matters to each network.
func writeImportance(dir string, e study.Experiment, candidates []string, models []*learn.Model) error {
	if len(candidates) == 0 {
		candidates = e.Candidates()
	}
	rows := [][]string{{"seed", "reaction", "norm"}}
	for _, m := range models {
		norms, err := m.Importance()
		if err != nil {
			return err
		}
		for i, v := range norms {
			rows = append(rows, []string{strconv.FormatUint(m.Seed, 10), candidates[i], digits(v)})
		}
	}
	return writeTable(dir, "reactions.csv", rows)
}
