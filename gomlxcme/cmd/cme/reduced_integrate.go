package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

// Files with how every network did in every condition, how all of them did together, the parameters along its paths, and its law of the latent variable.
const (
	scoresName   = "scores.csv"
	togetherName = "together.csv"
	pathsName    = "paths.csv"
	latentName   = "latent.csv"
)

// trained is what a directory of train says.
type trained struct {
	record run.Record
	study  *study.Study
	sum    string
	models []*learn.Model
}

// readTrained reads it; the networks run on b.
func readTrained(dir string, b *backend.Backend) (*trained, error) {
	t := &trained{}
	var err error
	if t.record, err = run.ReadRecord(dir); err != nil {
		return nil, refused(err, directoryErrors...)
	}
	if t.record.Command != "reduced train" || t.record.Status != run.Complete {
		return nil, usagef("%s has a %s that is %s; name a directory in which \"cme reduced train\" is complete", dir, t.record.Command, t.record.Status)
	}
	if t.study, t.sum, err = readStudy(dir); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, networksFolder, "*.net"))
	if err != nil || len(files) == 0 {
		return nil, usagef("%s has no networks; train it again", dir)
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		m, err := learn.Load(b, f)
		f.Close()
		if err != nil {
			return nil, usagef("%s: %w", path, err)
		}
		t.models = append(t.models, m)
	}
	slices.SortFunc(t.models, func(a, b *learn.Model) int {
		if a.Seed < b.Seed {
			return -1
		}
		return 1
	})
	return t, nil
}

// role of a case in the training.
func (t *trained) role(c study.Case) study.Role {
	for setting, role := range map[string]study.Role{"train": study.Learned, "validate": study.Validated} {
		names, _ := t.record.Settings[setting].([]any)
		if slices.Contains(names, any(c.Name())) {
			return role
		}
	}
	return study.Unseen
}

func newReducedIntegrate() *cobra.Command {
	var j reducedJob
	var other, backendName string
	method := option[string]{value: "euler", given: true, kind: "euler|adaptive", parse: choice([]string{"euler", "adaptive"}, nil)}
	conditions := option[[]float64]{kind: "V1,V2,...", parse: parseNumbers}
	every := option[int]{value: 10, given: true, kind: "N", parse: parseCount(1)}
	cmd := &cobra.Command{
		Use:   "integrate DIR",
		Short: "Follow trained networks and compare with the known parameters",
		Long: "integrate follows every network in a directory of \"cme reduced train\" from the first parameters of every condition. scores.csv has the\n" +
			"mean squared error of the parameters that move beside that of keeping their first value, and the swing of calcium in µM; together.csv the\n" +
			"same, with 0 for the seed, of all networks as one model, whose derivatives are the medians of theirs; paths.csv the parameters of each; latent.csv the learned law of the latent variable; study.json the known parameters, for the figures of report.",
		Example: "  cme reduced integrate out/reactions --out out/followed\n  cme reduced integrate out/reactions --study out/fit-own --method adaptive --out out/elsewhere",
		Args:    exactly("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := backend.Open(backendName)
			if err != nil {
				return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
			}
			t, err := readTrained(args[0], b)
			if err != nil {
				return err
			}
			judge, sum := t.study, t.sum
			if other != "" {
				if judge, sum, err = readStudy(other); err != nil {
					return err
				}
				if judge.Experiment != t.study.Experiment {
					return usagef("%s is of the experiment %s, and the networks are of %s", other, judge.Experiment, t.study.Experiment)
				}
				if judge.Measure != t.study.Measure {
					return usagef("%s measures its conditions in another way than the networks have learned; fit it with the same --measure", other)
				}
				if !slices.Equal(judge.Reduction.Scale.Mean, t.study.Reduction.Scale.Mean) || !slices.Equal(judge.Reduction.Scale.SD, t.study.Reduction.Scale.SD) {
					return usagef("%s has counts standardised in another way than the networks have learned; fit it with the same --scale and data", other)
				}
			}
			cases := judge.Cases
			if conditions.given {
				if cases, err = judge.Select(conditions.value); err != nil {
					return &usageError{err}
				}
			}
			var by reduced.Integrator = reduced.Euler{}
			if method.value == "adaptive" {
				by = reduced.Adaptive{}
			}
			record := run.Record{Command: "reduced integrate", Backend: b.Config, Settings: map[string]any{
				"networks": t.record.Fingerprint, "study": sum, "method": method.value, "conditions": study.Names(cases), "every": every.value,
				"experiment": string(judge.Experiment), "inputs": t.record.Settings["inputs"], "network": t.record.Settings["network"], "candidate": t.record.Settings["candidate"],
			}}
			return j.run(cmd, record, func(ctx context.Context, dir *run.Dir, hook run.Hook) error {
				hook.Start(run.Start{Solver: "integrate", Model: string(judge.Experiment)})
				f := &following{trained: t, judge: judge, cases: cases, by: by, every: every.value}
				err := f.all(ctx, hook)
				hook.Done(run.Done{Err: err})
				if err != nil {
					return err
				}
				return f.write(dir.Path())
			})
		},
	}
	j.register(cmd)
	f := cmd.Flags()
	f.StringVar(&other, "study", "", "compare with the conditions in `DIR` of \"cme reduced fit\" (default: those of the training)")
	f.Var(&method, "method", "one explicit step for each step of the data, as in the source, or as many as accuracy needs")
	f.Var(&conditions, "conditions", "µM of IP3, or numbers of receptors (default: all)")
	f.Var(&every, "every", "steps between two lines of paths.csv and latent.csv")
	f.StringVar(&backendName, "backend", "go", "`NAME` of the backend")
	return cmd
}

// following gathers what the networks do.
type following struct {
	*trained
	judge         *study.Study
	cases         []study.Case
	by            reduced.Integrator
	every         int
	scores        []study.Score
	together      []study.Score
	paths, latent [][]string
}

// all follows every network.
func (f *following) all(ctx context.Context, hook run.Hook) error {
	f.paths = [][]string{{"seed", "ip3", "receptors", "time", "parameter", "variable", "value"}}
	f.latent = [][]string{{"seed", "time", "mean", "variance"}}
	names := f.judge.Experiment.Variables()
	var fields []reduced.Field
	for i, m := range f.models {
		seed := strconv.FormatUint(m.Seed, 10)
		see := func(c study.Case, o study.Outcome) {
			for t := 0; t < len(o.Path); t += f.every {
				head := []string{seed, digits(c.Condition.IP3), strconv.Itoa(c.Condition.Receptors), digits(c.Series.Times[t])}
				for _, k := range f.judge.Reduction.MovingW {
					f.paths = append(f.paths, append(slices.Clone(head), "W", names[k], digits(o.Path[t].W[0][k])))
				}
				for _, k := range f.judge.Reduction.MovingB {
					f.paths = append(f.paths, append(slices.Clone(head), "b", names[k], digits(o.Path[t].B[k])))
				}
			}
		}
		scores, err := f.judge.Score(ctx, m.Seed, f.cases, f.role, f.by, m.Field, see)
		if err != nil {
			return err
		}
		f.scores, fields = append(f.scores, scores...), append(fields, m.Field)
		law, times := m.Latent(), f.cases[0].Series.Times
		for t := 0; t < len(times); t += f.every {
			frame, err := law.Frame(float64(t + 1))
			if err != nil {
				return err
			}
			f.latent = append(f.latent, []string{seed, digits(times[t]), digits(frame.Mean[0]), digits(frame.Var[0])})
		}
		hook.Step(run.Step{Fraction: float64(i+1) / float64(2*len(f.models))})
	}
	var err error
	f.together, err = f.judge.Score(ctx, 0, f.cases, f.role, f.by, reduced.Together(fields...), nil)
	return err
}

// write writes the tables.
func (f *following) write(dir string) error {
	return errors.Join(
		run.WriteFile(filepath.Join(dir, scoresName), func(w io.Writer) error { return study.WriteScores(w, f.scores) }),
		run.WriteFile(filepath.Join(dir, togetherName), func(w io.Writer) error { return study.WriteScores(w, f.together) }),
		writeTable(dir, pathsName, f.paths), writeTable(dir, latentName, f.latent),
		writeStudy(dir, &study.Study{Experiment: f.judge.Experiment, Origin: f.judge.Origin, Reduction: f.judge.Reduction, Measure: f.judge.Measure, Cases: f.cases}))
}
