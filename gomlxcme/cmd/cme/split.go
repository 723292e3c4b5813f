package main

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/rare/splitting"
	"github.com/spf13/cobra"
)

// splitOptions are those of cme split.
type splitOptions struct {
	model   modelOptions
	into    string
	method  option[string]
	trials  option[int]
	repeats option[int]
	times   option[[]float64]
	absorb  bool
	seed    option[uint64]
	workers option[int]
}

func newSplit() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "split MODEL --into BASIN",
		Short: "Rates and probabilities of rare events by trajectories that are split on their way",
		Long: "split needs no network and no projection, and so is a witness of both. forward-flux gives the rate of entering the basin from\n" +
			"the start, the inverse of the mean time of first passage; weighted-ensemble gives the probability of the basin at --times, or with\n" +
			"--hold that of having entered it by then. Every species must start at a certain count outside of the basin.\n" +
			"Intervals are those of 95 per cent by independent repetitions. Output is quantity,time,value,lower,upper,method,events as CSV.",
		Example: "  cme split schlogl:sites=4 --into 'X1<=15,X2<=15,X3<=15,X4<=15' --seed 1\n" +
			"  cme split schlogl --into 'X1<=15,X2<=15' --method weighted-ensemble --times 0.1,0.5,1 --seed 1",
		Args: exactly("MODEL"),
	}
	var o splitOptions
	o.model.register(cmd)
	o.method = words("forward-flux", "weighted-ensemble")
	o.trials, o.repeats = option[int]{kind: "N", parse: parseCount(2)}, option[int]{kind: "N", parse: parseCount(2)}
	o.times = option[[]float64]{kind: "T1,T2,...", parse: parseTimes}
	o.seed = option[uint64]{kind: "S", given: true, parse: parseSeed}
	o.workers = option[int]{kind: "W", parse: parseCount(1)}
	f := cmd.Flags()
	f.StringVar(&o.into, "into", "", "the `BASIN`, as in 'X1<=15,X2<=15'")
	f.Var(&o.method, "method", "how trajectories are split")
	f.Var(&o.trials, "trials", "trajectories from every level (forward-flux, default 1000), or walkers of every bin (weighted-ensemble, default 40)")
	f.Var(&o.repeats, "repeats", "independent repetitions, from which the intervals come (default 8)")
	f.Var(&o.times, "times", "output times of weighted-ensemble, rising")
	f.BoolVar(&o.absorb, "hold", false, "hold what enters the basin (weighted-ensemble)")
	f.Var(&o.seed, "seed", "seed of all randomness")
	f.Var(&o.workers, "workers", "repetitions at a time; results do not depend on it (default: one a core)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return o.run(cmd, args[0]) }
	return cmd
}

func (o *splitOptions) run(cmd *cobra.Command, model string) error {
	_, _, c, err := o.model.load(model)
	if err != nil {
		return err
	}
	if o.into == "" {
		return usagef("cme split needs the basin; give it with --into, as in --into 'X1<=15,X2<=15'")
	}
	basin, err := readBasin("--into", o.into, c.SpeciesNames(), c.Caps())
	if err != nil {
		return err
	}
	start := make([]int32, c.NumSpecies())
	for i, name := range c.SpeciesNames() {
		at, ok := c.Initial(i).(crn.Delta)
		if !ok {
			return usagef("cme split needs a certain start, and %s has a law; give its count with --init %s=COUNT", name, name)
		}
		start[i] = int32(at)
	}
	workers := o.workers.value
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	out := cmd.OutOrStdout()
	row := func(quantity, time string, e rare.Estimate) {
		fmt.Fprintf(out, "%s,%s,%g,%g,%g,%s,%d\n", quantity, time, e.Value, e.Low, e.High, e.Method, e.Cost)
	}
	const header = "quantity,time,value,lower,upper,method,events\n"
	if o.method.value == "forward-flux" {
		if err := foreign(cmd.Flags(), map[string]string{"times": "--method weighted-ensemble", "hold": "--method weighted-ensemble"}); err != nil {
			return err
		}
		w, err := splitting.ForwardFlux{System: c, Basin: basin, Start: start, Trials: o.trials.value, Repeats: o.repeats.value, Seed: o.seed.value, Workers: workers}.Run(cmd.Context())
		if err != nil {
			return refused(err, append(slices.Clone(impossible), splitting.ErrSettings)...)
		}
		fmt.Fprint(out, header)
		row("rate", "", w.Rate)
		levels := make([]string, len(w.Levels))
		for i, v := range w.Levels {
			levels[i] = strconv.FormatFloat(v, 'g', -1, 64)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "home from %g, levels %s\n", w.Home, strings.Join(levels, " "))
		return nil
	}
	if !o.times.given {
		return usagef("--method weighted-ensemble needs --times")
	}
	list, err := splitting.WeightedEnsemble{System: c, Basin: basin, Start: start, Times: o.times.value, Absorb: o.absorb, Walkers: o.trials.value, Repeats: o.repeats.value, Seed: o.seed.value, Workers: workers}.Run(cmd.Context())
	if err != nil {
		return refused(err, append(slices.Clone(impossible), splitting.ErrSettings)...)
	}
	fmt.Fprint(out, header)
	for i, e := range list {
		row("probability", strconv.FormatFloat(o.times.value[i], 'g', -1, 64), e)
	}
	return nil
}

// readBasin reads the basin of an option, and refuses one without a state within the caps.
func readBasin(name, text string, species []string, caps []int) (rare.Basin, error) {
	b, err := rare.ParseBasin(text, species)
	if err == nil {
		_, err = b.Within(caps)
	}
	if err != nil {
		return b, usagef("%s: %s", name, message(err))
	}
	return b, nil
}
