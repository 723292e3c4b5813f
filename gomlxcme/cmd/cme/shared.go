package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/spf13/cobra"
)

// sharedOptions are those of ssa, fsp and solve alike.
type sharedOptions struct {
	model   modelOptions
	tEnd    option[float64]
	times   option[[]float64]
	points  option[int]
	seed    option[uint64]
	workers option[int]
	out     string
	quiet   bool
	resume  bool
	check   bool
}

func (s *sharedOptions) register(cmd *cobra.Command) {
	s.model.register(cmd)
	s.tEnd = option[float64]{kind: "T", parse: parsePositive}
	s.times = option[[]float64]{kind: "T1,T2,...", parse: parseTimes}
	s.points = option[int]{kind: "N", parse: parsePoints}
	s.seed = option[uint64]{kind: "S", parse: parseSeed}
	s.workers = option[int]{kind: "W", parse: parseCount(0)}
	f := cmd.Flags()
	f.Var(&s.tEnd, "t-end", "last time (default: the model's)")
	f.Var(&s.times, "times", "output times, rising")
	f.Var(&s.points, "points", fmt.Sprintf("number of output times, equally spaced from 0 to the end (default %d)", defaultPoints))
	f.Var(&s.seed, "seed", "seed of all randomness (default: a new one, which is printed and recorded)")
	f.Var(&s.workers, "workers", "goroutines; results do not depend on it (default: one a core)")
	f.StringVar(&s.out, "out", "", "write run.json, moments.csv, marginals.csv to `DIR` instead of a table to stdout")
	f.BoolVar(&s.quiet, "quiet", false, "no progress bar and no summary")
	f.BoolVar(&s.check, "check", false, "check the input and compute nothing")
	f.BoolVar(&s.resume, "resume", false, "take up again the run in --out; same options, same bytes as without a break")
}

// parsePoints reads a number of output times.
func parsePoints(text string) (int, error) {
	n, err := parseCount(2)(text)
	if err == nil && n > maxPoints {
		err = fmt.Errorf("it must be at most %d", maxPoints)
	}
	return n, err
}

// task is what is to be computed, after all options were understood.
type task struct {
	entry    systems.Entry
	network  *crn.Network
	compiled *crn.Compiled
	observed *observables
	times    []float64
	seed     uint64
	made     bool // the seed was not given but made here
	workers  int
	options  *sharedOptions
}

// task loads the model and decides on times and seed. Every error is a usage error, and nothing is written.
func (s *sharedOptions) task(model string) (*task, error) {
	if s.resume && s.out == "" {
		return nil, usagef("--resume needs the directory of the run; give it with --out DIR")
	}
	t := &task{options: s, workers: s.workers.value}
	if t.workers == 0 {
		t.workers = runtime.GOMAXPROCS(0)
	}
	var err error
	if t.entry, t.network, t.compiled, err = s.model.load(model); err != nil {
		return nil, err
	}
	if err := checkStarts(t.compiled); err != nil {
		return nil, err
	}
	if t.observed, err = observablesOf(s.model.sbml, t.network); err != nil {
		return nil, &usageError{err}
	}
	if t.times, err = s.outputTimes(t.entry.TEnd); err != nil {
		return nil, err
	}
	t.chooseSeed()
	return t, nil
}

// outputTimes joins --times, --points and --t-end; usual is the end time of the model.
func (s *sharedOptions) outputTimes(usual float64) ([]float64, error) {
	end := usual
	if s.tEnd.given {
		end = s.tEnd.value
	}
	if !s.times.given {
		if end == 0 {
			return nil, usagef("the model has no usual end time; give --t-end T or --times T1,T2,...")
		}
		n := defaultPoints
		if s.points.given {
			n = s.points.value
		}
		return spaced(end, n), nil
	}
	if s.points.given {
		return nil, usagef("--times and --points exclude each other; give one of them")
	}
	times := s.times.value
	if last := times[len(times)-1]; s.tEnd.given && last > end {
		return nil, usagef("--times goes on to %v, beyond --t-end %v; leave out --t-end or the later times", last, end)
	}
	return times, nil
}

// chooseSeed takes the seed that was given, the one of the run to be resumed, or a new one. New seeds have 53 bits, which
// every reader of JSON keeps exactly.
func (t *task) chooseSeed() {
	if t.options.seed.given {
		t.seed = t.options.seed.value
		return
	}
	if t.options.resume {
		if r, err := run.ReadRecord(t.options.out); err == nil && r.Seed != nil {
			t.seed = *r.Seed
			return
		}
	}
	t.seed, t.made = rand.Uint64()>>11, true
}
