package main

import (
	"errors"
	"io"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
	"github.com/spf13/cobra"
)

const (
	// listable is the number of states up to which export lists them all.
	listable = 300_000
	// exportable is the number of counts up to which samples are drawn: 800 MB while they are written.
	exportable = 100_000_000
)

// exportNetworks writes what the networks of a result directory say: samples with their log-probabilities, or all states
// with theirs.
type exportNetworks struct {
	samples option[int]
	states  bool
	at      option[float64]
	backend string
}

func (o *exportNetworks) register(cmd *cobra.Command) {
	o.samples, o.at = counts(0), option[float64]{kind: "T", parse: parsePositive}
	f := cmd.Flags()
	f.Var(&o.samples, "samples", "draw so many states from each network, into samples.npz")
	f.BoolVar(&o.states, "states", false, "list all states with the probabilities that each network gives them, in states.npz")
	f.Var(&o.at, "at", "one output time of --samples and --states (default: all)")
	f.StringVar(&o.backend, "backend", "", "`NAME` of the backend that computes --samples and --states (default: see \"cme backend\")")
}

// needs are the options that belong to others.
func (o *exportNetworks) needs() map[string]string {
	if o.given() {
		return map[string]string{"format": "an export without --samples and --states"}
	}
	return map[string]string{"at": "--samples or --states", "backend": "--samples or --states"}
}

// given reports whether networks are asked for.
func (o *exportNetworks) given() bool { return o.samples.given || o.states }

// networks loads those that are asked for: at one time, or at all.
func (o *exportNetworks) networks(dir string) ([]*evolve.Network, error) {
	times, err := networkTimes(dir)
	if err != nil {
		return nil, err
	}
	if o.at.given {
		times = []float64{o.at.value}
	}
	b, err := backend.Open(o.backend)
	if err != nil {
		return nil, refused(err, backend.ErrUnknown, backend.ErrUnavailable)
	}
	var list []*evolve.Network
	for _, t := range times {
		path, err := networkAt(dir, &t)
		if err != nil {
			return nil, err
		}
		n, _, err := readNetwork(path, b, runtime.GOMAXPROCS(0))
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// files returns what is to be written, by name. Samples depend on the seed of the run.
func (o *exportNetworks) files(dir string) (map[string]func(io.Writer) error, []string, error) {
	list, err := o.networks(dir)
	if err != nil {
		return nil, nil, err
	}
	record, err := run.ReadRecord(dir)
	if err != nil {
		return nil, nil, refused(err, directoryErrors...)
	}
	times, species := make([]float64, len(list)), list[0].Species
	for i, n := range list {
		times[i] = n.Time
	}
	files, names := map[string]func(io.Writer) error{}, []string{}
	if o.samples.given {
		if total := float64(o.samples.value) * float64(len(list)*len(species)); total > exportable {
			return nil, nil, usagef("--samples %d of %d times and %d species are %.2g counts; give a smaller number, or one time with --at", o.samples.value, len(list), len(species), total)
		}
		var seed uint64
		if record.Seed != nil {
			seed = *record.Seed
		}
		states, logp := make([][]int32, len(list)), make([][]float64, len(list))
		for i, n := range list {
			if states[i], logp[i], err = n.Sample(o.samples.value, seed); err != nil {
				return nil, nil, err
			}
		}
		names = append(names, "samples.npz")
		files["samples.npz"] = func(w io.Writer) error { return run.ExportSamples(w, times, species, states, logp) }
	}
	if o.states {
		states, err := list[0].Model.Box.Enumerate(listable)
		if errors.Is(err, van.ErrTooLarge) {
			return nil, nil, usagef("--states: there are more than %d states; draw some with --samples N", listable)
		}
		if err != nil {
			return nil, nil, err
		}
		logp := make([][]float64, len(list))
		for i, n := range list {
			logp[i] = make([]float64, len(states)/len(species))
			if err := n.Model.LogProb(logp[i], n.Theta, states); err != nil {
				return nil, nil, err
			}
		}
		names = append(names, "states.npz")
		files["states.npz"] = func(w io.Writer) error { return run.ExportStates(w, times, species, states, logp) }
	}
	return files, names, nil
}
