package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newReducedFit() *cobra.Command {
	var j reducedJob
	var cache dataOptions
	var publication string
	experiment := option[string]{value: string(study.IP3), given: true, kind: "ip3|receptors", parse: choice([]string{string(study.IP3), string(study.Receptors)}, nil)}
	measure := option[string]{value: "linear", given: true, kind: "linear|logarithmic|bounded", parse: choice([]string{"linear", "logarithmic", "bounded"}, nil)}
	scale := option[string]{value: "source", given: true, kind: "source|own", parse: choice([]string{"source", "own"}, nil)}
	cmd := &cobra.Command{
		Use:   "fit SOURCE...",
		Short: "Parameters of the effective distribution over time",
		Long: "fit identifies the parameters of the effective distribution at every time, differentiates those that move, and integrates them again.\n" +
			"SOURCE is a data set (\"cme data list\") or a directory of \"cme reduced simulate\"; several must differ in their\n" +
			"conditions. study.json has the result for train and integrate; parameters.csv has it for people. With --published FOLDER it reads the files that were published with the source instead.",
		Example: "  cme reduced fit ip3-small --scale own --out out/fit\n  cme reduced fit receptors-train receptors-small --experiment receptors --scale own --out out/fit\n" +
			"  cme reduced fit --published ../shared/data/ip3 --experiment receptors --out out/fit",
		RunE: func(cmd *cobra.Command, args []string) error {
			e := study.Experiment(experiment.value)
			settings := map[string]any{"experiment": experiment.value}
			as := study.Linear
			if measure.value != "linear" {
				as = study.Measure(measure.value)
				settings["measure"] = measure.value
			}
			var make func() (*study.Study, error)
			if publication != "" {
				if err := exactly()(cmd, args); err != nil {
					return err
				}
				if err := foreign(cmd.Flags(), map[string]string{"scale": "a SOURCE of runs", "cache": "a SOURCE of runs"}); err != nil {
					return err
				}
				settings["published"] = true
				make = func() (*study.Study, error) {
					if e == study.Receptors {
						return study.PublishedReceptors(os.DirFS(publication))
					}
					return study.PublishedIP3(os.DirFS(publication))
				}
			} else {
				if len(args) == 0 {
					return exactly("SOURCE")(cmd, args)
				}
				var sets []*datasets.Data
				var numbers []string
				for _, source := range args {
					data, err := cache.data(source)
					if err != nil {
						return err
					}
					sets, numbers = append(sets, data), append(numbers, data.Description.Numbers)
				}
				settings["data"], settings["scale"] = strings.Join(numbers, " "), scale.value
				make = func() (*study.Study, error) { return study.Reduce(e, sets[0], scale.value == "own", sets[1:]...) }
			}
			return j.run(cmd, run.Record{Command: "reduced fit", Settings: settings}, func(_ context.Context, dir *run.Dir, hook run.Hook) error {
				hook.Start(run.Start{Solver: "fit", Model: experiment.value})
				s, err := make()
				if err == nil {
					s, err = s.In(as)
				}
				hook.Done(run.Done{Err: err})
				if err != nil {
					return err
				}
				return errors.Join(writeStudy(dir.Path(), s), writeTable(dir.Path(), "parameters.csv", parameterRows(s)))
			})
		},
	}
	j.register(cmd)
	cache.register(cmd)
	f := cmd.Flags()
	f.Var(&experiment, "experiment", "visible counts: calcium and IP3, or the number of receptors as well")
	f.Var(&scale, "scale", "standardisation of counts: the numbers of the source, or those of the first and last condition")
	f.Var(&measure, "measure", "how networks see IP3, or the number of receptors: as counts, their logarithm, or what is bounded, c/(c + 0.13 µM) and 1/N")
	f.StringVar(&publication, "published", "", "read the published files in `FOLDER` instead of runs")
	return cmd
}

// data loads a data set by its name, or the one that simulate left in a directory.
func (o *dataOptions) data(source string) (*datasets.Data, error) {
	store := datasets.Store{Folder: source}
	text, err := os.ReadFile(store.Description(datasets.Set{Name: simulated, Version: 1}))
	if errors.Is(err, fs.ErrNotExist) {
		if _, none := run.ReadRecord(source); none == nil {
			return nil, usagef("%s has no runs, or unfinished ones; make them with \"cme reduced simulate --out %s --resume\"", source, source)
		}
		store, set, err := o.find(filepath.Clean(source))
		if err != nil {
			return nil, err
		}
		d, err := store.Load(set)
		if errors.Is(err, datasets.ErrAbsent) {
			return nil, usagef("%s is %w; make it with \"cme data make %s\"", set.Name, err, set.Name)
		}
		return d, err
	}
	if err != nil {
		return nil, usagef("%w", err)
	}
	var d datasets.Description
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, usagef("%s: %w", store.Description(datasets.Set{Name: simulated, Version: 1}), err)
	}
	return store.Load(d.Set)
}

// parameterRows are all parameters of a study at all times, one a line.
func parameterRows(s *study.Study) [][]string {
	rows := [][]string{{"ip3", "receptors", "time", "parameter", "variable", "raw", "filtered", "derivative"}}
	names := s.Experiment.Variables()
	for _, c := range s.Cases {
		for t, p := range c.Series.Filtered {
			add := func(parameter, variable string, filtered float64, raw func() float64, derivative []float64) {
				row := []string{digits(c.Condition.IP3), digits(float64(c.Condition.Receptors)), digits(c.Series.Times[t]), parameter, variable, "", digits(filtered), ""}
				if c.Series.Raw != nil {
					row[5] = digits(raw())
				}
				if t < len(derivative) {
					row[7] = digits(derivative[t])
				}
				rows = append(rows, row)
			}
			for i := range p.B {
				add("W", names[i], p.W[0][i], func() float64 { return c.Series.Raw[t].W[0][i] }, c.Series.DW[i])
				add("b", names[i], p.B[i], func() float64 { return c.Series.Raw[t].B[i] }, c.Series.DB[i])
			}
			add("noise", "", p.Noise, func() float64 { return c.Series.Raw[t].Noise }, nil)
		}
	}
	return rows
}
