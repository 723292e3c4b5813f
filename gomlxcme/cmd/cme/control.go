package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// controlOptions say where a solve starts and when it stops.
type controlOptions struct {
	from     string
	at       option[float64]
	maxSteps option[int]
	maxWall  option[time.Duration]

	network *evolve.Network // to start from, nil for none
	sum     string          // SHA-256 of its file
}

func (o *controlOptions) register(cmd *cobra.Command) {
	o.at = option[float64]{kind: "T", parse: parsePositive}
	o.maxSteps = counts(0)
	o.maxWall = option[time.Duration]{kind: "DURATION", parse: parseDuration}
	f := cmd.Flags()
	f.StringVar(&o.from, "from", "", "start from the network that another run left in `DIR`, for example with other parameters or finer settings")
	f.Var(&o.at, "at", "output time of the network to start from (default: the last one of --from)")
	f.Var(&o.maxSteps, "max-steps", "stop after so many steps; --resume goes on, by as many again")
	f.Var(&o.maxWall, "max-wall", "stop after the step at which so much time has passed, like 90s or 2h30m; --resume goes on, by as much again")
}

// parseDuration reads a length of time above 0.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && d <= 0 {
		err = errors.New("it must be above 0")
	} else if err != nil {
		err = errors.New("it is no length of time; give one like 90s, 15m or 2h30m")
	}
	return d, err
}

// check refuses options that the start would ignore.
func (o *controlOptions) check(f *pflag.FlagSet) error {
	if o.from == "" {
		return foreign(f, map[string]string{"at": "--from DIR"})
	}
	needs := map[string]string{}
	for _, name := range []string{"net", "heads", "hidden", "layers", "attention-heads", "species-order", "start-time", "start-states", "softening"} {
		needs[name] = "a run without --from, which brings its network along"
	}
	return foreign(f, needs)
}

// find returns the file of the network to start from, or "" for none.
func (o *controlOptions) find() (path string, err error) {
	if o.from == "" {
		return "", nil
	}
	var at *float64
	if o.at.given {
		at = &o.at.value
	}
	return networkAt(o.from, at)
}

// load reads the network to start from, and lets output times that were not given one by one begin at its time.
func (o *controlOptions) load(t *task, path string, b *backend.Backend) error {
	if path == "" {
		return nil
	}
	n, data, err := readNetwork(path, b, t.workers)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	o.network, o.sum = n, hex.EncodeToString(sum[:])
	if !t.options.times.given {
		end := t.times[len(t.times)-1]
		if end <= n.Time {
			return usagef("the network to start from is of t = %v, and the last output time is %v; give --t-end or --times behind it", n.Time, end)
		}
		share := spaced(1, len(t.times))
		for i := range t.times {
			t.times[i] = n.Time + (end-n.Time)*share[i]
		}
		t.times[len(t.times)-1] = end
	}
	if t.times[0] < n.Time {
		return usagef("output time %v lies before t = %v, of which the network to start from is; leave out earlier times", t.times[0], n.Time)
	}
	return nil
}

// apply fills in the library's settings.
func (o *controlOptions) apply(s *evolve.Settings) {
	s.MaxSteps, s.MaxWall = o.maxSteps.value, o.maxWall.value
	if o.network != nil {
		s.From, s.Network = o.network, o.network.Model.Arch
	}
}

// record fills in those of run.json. Budgets change no result: a run may be resumed with others.
func (o *controlOptions) record(settings map[string]any) {
	if o.network != nil {
		settings["from"], settings["at"] = "sha256:"+o.sum, o.network.Time
	}
	if o.maxSteps.given {
		settings["max-steps"] = o.maxSteps.value
	}
	if o.maxWall.given {
		settings["max-wall"] = o.maxWall.value.String()
	}
}
