package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/spf13/pflag"
)

// samplingOptions say where the states of a batch come from. Those without a value take the default of the sampling.
type samplingOptions struct {
	kind       option[string]
	share      option[float64]
	exponent   option[float64]
	radius     option[int]
	jumps      option[int]
	along      assignments[float64]
	unweighted bool
	random     bool
}

// samplings are the words of --sampling.
var samplings = []string{"tempered", "vanilla", "mixture", "diffusive", "alpha", "propagated", "history-bias", "full-sum"}

func (o *samplingOptions) register(f *pflag.FlagSet) {
	o.kind = option[string]{kind: strings.Join(samplings, "|"), parse: choice(samplings, nil)}
	o.share = option[float64]{kind: "X", parse: parseUpToOne}
	o.exponent = option[float64]{kind: "X", parse: parsePositive}
	o.radius, o.jumps = counts(0), counts(0)
	o.along = assignments[float64]{kind: "SPECIES=COEFFICIENT", parse: parseNumber}
	f.Var(&o.kind, "sampling", "where the states of a batch come from (default: tempered for implicit, vanilla for published)")
	f.Var(&o.share, "share", "of the batch that is not drawn from the network itself (default 0.1 for mixture, 0.5 for diffusive, alpha and propagated)")
	f.Var(&o.exponent, "exponent", "of the conditionals with --sampling alpha (default 0.3)")
	f.Var(&o.radius, "radius", "by which counts are moved with --sampling diffusive (default 5)")
	f.Var(&o.jumps, "jumps", "most reactions by which states are moved with --sampling propagated (default 3)")
	f.Var(&o.along, "along", "coefficient of a species in the order parameter of --sampling history-bias; may be repeated, others have 0")
	f.BoolVar(&o.unweighted, "unweighted", false, "leave out the weights P/q of the samplings: the papers' \"noreweight\"")
	f.BoolVar(&o.random, "independent", false, "draw by independent instead of quasi-random numbers")
}

// of is the sampling for a scheme.
func (o *samplingOptions) of(scheme string) string {
	switch {
	case o.kind.given:
		return o.kind.value
	case scheme == "published":
		return "vanilla"
	}
	return "tempered"
}

// check refuses options that the sampling would ignore, and an order parameter that makes no sense.
func (o *samplingOptions) check(f *pflag.FlagSet, scheme string, species []string) error {
	sampling := o.of(scheme)
	needs := map[string]string{}
	if sampling != "diffusive" {
		needs["radius"] = "--sampling diffusive"
	}
	if sampling != "alpha" {
		needs["exponent"] = "--sampling alpha"
	}
	if sampling != "propagated" {
		needs["jumps"] = "--sampling propagated"
	}
	if sampling != "history-bias" {
		needs["along"] = "--sampling history-bias"
	}
	switch sampling {
	case "full-sum", "history-bias":
		needs["independent"], needs["share"] = "another --sampling", "--sampling mixture, diffusive, alpha or propagated"
	case "vanilla", "tempered":
		needs["share"] = "--sampling mixture, diffusive, alpha or propagated"
	}
	switch sampling {
	case "full-sum":
		needs["batch"] = "another --sampling"
		fallthrough
	case "vanilla", "tempered":
		needs["unweighted"] = "--sampling mixture, diffusive, alpha, propagated or history-bias"
	}
	if err := foreign(f, needs); err != nil {
		return err
	}
	if sampling != "history-bias" {
		return nil
	}
	coefficients, err := o.coefficients(species)
	if err != nil {
		return err
	}
	for _, c := range coefficients {
		if c != 0 {
			return nil
		}
	}
	return usagef("--sampling history-bias needs an order parameter; give at least one --along SPECIES=COEFFICIENT that is not 0")
}

// coefficients lists those of the order parameter for all species.
func (o *samplingOptions) coefficients(species []string) ([]float64, error) {
	list := make([]float64, len(species))
	for _, a := range o.along.list {
		i := slices.Index(species, a.name)
		if i < 0 {
			return nil, usagef("--along %s: there is no such species; there are %s", a.name, strings.Join(species, ", "))
		}
		list[i] = a.value
	}
	return list, nil
}

// proposal builds what the library takes, for options that were checked.
func (o *samplingOptions) proposal(scheme string, draws int, species []string) evolve.Proposal {
	weights := evolve.Balanced
	switch {
	case o.unweighted:
		weights = evolve.Unweighted
	case scheme == "implicit":
		weights = evolve.Defensive
	}
	switch o.of(scheme) {
	case "tempered":
		return evolve.Tempered{Unique: draws, Independent: o.random}
	case "mixture":
		return evolve.Mixture{Draws: draws, Share: o.share.value, Weighting: weights, Independent: o.random}
	case "diffusive":
		return evolve.Diffusive{Draws: draws, Radius: o.radius.value, Share: o.share.value, Weighting: weights, Independent: o.random}
	case "alpha":
		return evolve.Alpha{Draws: draws, Exponent: o.exponent.value, Share: o.share.value, Weighting: weights, Independent: o.random}
	case "propagated":
		return evolve.Propagated{Draws: draws, Share: o.share.value, Jumps: o.jumps.value, Weighting: weights, Independent: o.random}
	case "history-bias":
		along, _ := o.coefficients(species) // checked
		return evolve.HistoryBias{Along: along, Draws: draws, Weighting: weights}
	case "full-sum":
		if scheme == "published" {
			return evolve.FullSum{Weight: -1}
		}
		return evolve.FullSum{}
	}
	return evolve.Vanilla{Draws: draws, Independent: o.random}
}

// parseUpToOne reads a number above 0 and up to 1.
func parseUpToOne(text string) (float64, error) {
	v, err := parsePositive(text)
	if err == nil && v > 1 {
		err = errors.New("it must be at most 1")
	}
	return v, err
}
