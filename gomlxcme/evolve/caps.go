package evolve

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

const (
	// pilotRuns is the number of trajectories that choose caps.
	pilotRuns = 1000
	// pilotMargin is the number of standard deviations between the largest count
	// seen and the cap. With 1000 runs the largest lies about 3.2 above the mean
	// of a normal law, the cap then about 7, where the law has no mass to speak of.
	pilotMargin = 4.0
	// ManySpecies is the number of species from which DefaultNetwork is SharedNADE, and caps of the model are lowered
	// to those of the pilot ensemble: every count that a cap allows costs weights
	// in the conditionals of all later species. Other choices depend on it as well.
	ManySpecies = 8
)

// capped returns the network with a cap for every species: its own where it has
// one, or what the conservation laws leave of it, and one that a pilot ensemble
// suggests otherwise. With many species the pilot ensemble lowers caps as well.
// What the caps hold back is reported as the leak.
func capped(ctx context.Context, c *crn.Compiled, set Settings) (*crn.Compiled, error) {
	caps, err := conserved(c)
	if err != nil {
		return nil, err
	}
	tight := len(caps) >= ManySpecies
	if tight || slices.Contains(caps, crn.Unbounded) {
		reached, err := pilot(ctx, c, set)
		if err != nil {
			return nil, err
		}
		for i, limit := range reached {
			if caps[i] == crn.Unbounded || tight && limit < caps[i] {
				caps[i] = limit
			}
		}
	}
	if slices.Equal(caps, c.Caps()) {
		return c, nil
	}
	n := c.Network()
	for i, name := range c.SpeciesNames() {
		if err := n.SetCap(name, caps[i]); err != nil {
			return nil, fmt.Errorf("evolve: %w", err)
		}
	}
	return n.Compile()
}

// conserved returns the caps, lowered to what conservation laws without negative
// weights leave to a species: nothing is lost by that.
func conserved(c *crn.Compiled) ([]int, error) {
	caps := c.Caps()
	laws, err := fixedLaws(c)
	if err != nil {
		return nil, err
	}
	for _, l := range laws {
		if slices.Min(l.Weights) < 0 {
			continue
		}
		for i, w := range l.Weights {
			if w > 0 && (caps[i] == crn.Unbounded || l.Total/w < caps[i]) {
				caps[i] = l.Total / w
			}
		}
	}
	return caps, nil
}

// pilot returns caps well above what an ensemble of trajectories reaches, and not
// below what a molecule more or less of each kind would need.
func pilot(ctx context.Context, c *crn.Compiled, set Settings) ([]int, error) {
	times := set.Times
	if times[0] == 0 && len(times) > 1 {
		times = times[1:]
	}
	r, err := ssa.Run(ctx, c, ssa.Settings{Times: times, Runs: pilotRuns, Seed: set.Seed, Workers: set.Workers})
	if err != nil {
		return nil, fmt.Errorf("evolve: no pilot ensemble to choose caps from; give every species a cap: %w", err)
	}
	caps := make([]int, c.NumSpecies())
	for i := range caps {
		caps[i] = 2
		for _, s := range r.Snapshots {
			seen := len(s.Dist.Marginal(i).P) - 1
			caps[i] = max(caps[i], seen+int(math.Ceil(pilotMargin*s.Dist.Moment(i).SD))+1)
		}
	}
	return caps, nil
}
