package main

import (
	"errors"

	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/spf13/pflag"
)

// publishedOptions are those of solve --scheme published. Those without a value take the default of the method.
type publishedOptions struct {
	method    option[string]
	dt        option[float64]
	reduce    bool
	epochs    option[int]
	rate      option[float64]
	momentum  option[float64]
	softening option[float64]
	step      option[evolve.Place]
}

func (o *publishedOptions) register(f *pflag.FlagSet) {
	o.method = words("natgrad", "adam", "sgd", "tdvp", "tdvp-heun")
	o.dt = option[float64]{kind: "T", parse: parsePositive}
	o.epochs = counts(0)
	o.rate = option[float64]{kind: "X", parse: parsePositive}
	o.momentum = option[float64]{kind: "X", parse: parseShare}
	o.softening = option[float64]{value: 1e-3, given: true, kind: "X", parse: parseShare}
	o.step = option[evolve.Place]{given: true, kind: "auto|host|device", parse: parsePlace}
	f.Var(&o.method, "method", "optimiser of a step (published); tdvp takes Euler steps with log(1 + dt E), as the papers' code, tdvp-heun those of second order")
	f.Var(&o.dt, "dt", "time step (published; default: 0.9 of the largest that keeps every state positive)")
	f.BoolVar(&o.reduce, "reduce-dt", false, "reduce --dt where a step would not be positive, and report it, instead of ending with an error (published)")
	f.Var(&o.epochs, "epochs", "updates of a step (published; default 5 for natgrad, 100 for adam and sgd)")
	f.Var(&o.rate, "learning-rate", "of an update (published; default 0.5 for natgrad, 0.001 for adam, 0.01 for sgd)")
	f.Var(&o.momentum, "momentum", "of sgd, or of natgrad (SPRING) (published; default none)")
	f.Var(&o.softening, "softening", "share of each species' initial law that is spread over all counts (published)")
	f.Var(&o.step, "step", "where steps are made: the network on the backend and all else on the host, or all of them on the backend's device (published, natgrad, adam and sgd); auto is the host for Go and XLA on the CPU")
}

// names lists the options.
func (publishedOptions) names() []string {
	return []string{"method", "dt", "reduce-dt", "epochs", "learning-rate", "momentum", "softening", "step"}
}

// parsePlace reads the place of steps.
func parsePlace(text string) (evolve.Place, error) {
	p, err := evolve.ParsePlace(text)
	if err != nil {
		return p, errors.New("it is not known; give auto, host or device")
	}
	return p, nil
}

// check refuses options that the method would ignore.
func (o *publishedOptions) check(f *pflag.FlagSet) error {
	method := o.method.value
	needs := map[string]string{}
	if method == "tdvp" || method == "tdvp-heun" {
		needs["epochs"], needs["learning-rate"] = "--method natgrad, adam or sgd", "--method natgrad, adam or sgd"
	}
	if method != "sgd" && method != "natgrad" {
		needs["momentum"] = "--method natgrad or sgd"
	}
	if method == "adam" || method == "sgd" {
		needs["damping"] = "--method natgrad, tdvp or tdvp-heun"
	}
	if o.step.value == evolve.OnDevice && (method == "tdvp" || method == "tdvp-heun" || method == "natgrad" && o.momentum.value > 0) {
		needs["step"] = "--method natgrad without momentum, adam or sgd"
	}
	return foreign(f, needs)
}

// foreign refuses options that were given and need another choice.
func foreign(f *pflag.FlagSet, needs map[string]string) error {
	var err error
	f.Visit(func(flag *pflag.Flag) {
		if n := needs[flag.Name]; n != "" && err == nil {
			err = usagef("--%s has no effect here: it belongs to %s; leave it out or choose that", flag.Name, n)
		}
	})
	return err
}

func (o *publishedOptions) scheme(damping float64) evolve.Scheme {
	metric := evolve.Metric{Damping: damping}
	m := evolve.Published{Dt: o.dt.value, Reduce: o.reduce, Softening: o.softening.value}
	switch o.method.value {
	case "adam":
		m.Optimiser = evolve.Adam{Rate: o.rate.value, Epochs: o.epochs.value}
	case "sgd":
		m.Optimiser = evolve.SGD{Rate: o.rate.value, Epochs: o.epochs.value, Momentum: o.momentum.value}
	case "tdvp":
		m.Optimiser = evolve.TDVP{Log: true, Metric: metric}
	case "tdvp-heun":
		m.Optimiser = evolve.TDVP{Order: 2, Metric: metric}
	default:
		m.Optimiser = evolve.Natural{Rate: o.rate.value, Epochs: o.epochs.value, Metric: metric, Momentum: o.momentum.value}
	}
	return m
}

// record adds the choice to the settings for run.json; the numbers behind it are in "stepping".
func (o *publishedOptions) record(settings map[string]any) {
	settings["method"] = o.method.value
}
