package main

import (
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/spf13/cobra"
)

// rolloutOptions are those of the second part of a training.
type rolloutOptions struct {
	on                     bool
	steps, starts, updates option[int]
	rate, kick, shrink     option[float64]
}

func (o *rolloutOptions) register(cmd *cobra.Command) {
	o.steps, o.starts, o.updates = counts(0), counts(0), counts(0)
	o.rate = option[float64]{kind: "R", parse: parsePositive}
	o.kick = option[float64]{kind: "SD", parse: parseNumber}
	o.shrink = option[float64]{kind: "S", parse: parseNumber}
	f := cmd.Flags()
	f.BoolVar(&o.on, "rollout", false, "train further by what the networks do over many steps")
	f.Var(&o.steps, "rollout-steps", "steps of a path (default 200)")
	f.Var(&o.starts, "rollout-starts", "paths in each condition for one update (default 1)")
	f.Var(&o.updates, "rollout-updates", "updates (default 150)")
	f.Var(&o.rate, "rollout-rate", "of Adam (default 0.001)")
	f.Var(&o.kick, "rollout-kick", "standard deviation of what is added to where a path begins (default nothing)")
	f.Var(&o.shrink, "rollout-shrink", "by how much of the rate weights shrink in each update (default 3; 0 for not at all)")
}

// settings of the library.
func (o *rolloutOptions) settings(cmd *cobra.Command, clip float64) (r learn.Rollout, err error) {
	if !o.on {
		needs := map[string]string{}
		for _, name := range []string{"steps", "starts", "updates", "rate", "kick", "shrink"} {
			needs["rollout-"+name] = "--rollout"
		}
		return r, foreign(cmd.Flags(), needs)
	}
	r = learn.Rollout{Steps: o.steps.value, Starts: o.starts.value, Updates: o.updates.value, Rate: o.rate.value, Kick: o.kick.value, Shrink: o.shrink.value, Clip: clip}
	if o.shrink.given && r.Shrink <= 0 {
		r.Shrink = -1
	}
	return r.Filled()
}

// record notes them.
func (o *rolloutOptions) record(settings map[string]any, r learn.Rollout) {
	if settings["rollout"] = o.on; !o.on {
		return
	}
	for name, v := range map[string]any{"steps": r.Steps, "starts": r.Starts, "updates": r.Updates, "rate": r.Rate, "kick": r.Kick, "shrink": r.Shrink} {
		settings["rollout-"+name] = v
	}
}
