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
	// pilotRuns is the number of trajectories that choose missing caps.
	pilotRuns = 1000
	// pilotMargin is the number of standard deviations between the largest count
	// seen and the cap. With 1000 runs the largest lies about 3.2 above the mean
	// of a normal law, the cap then about 7, where the law has no mass to speak of.
	pilotMargin = 4.0
)

// capped returns the network with a cap for every species: its own where it has
// one, and one that a pilot ensemble suggests otherwise. What the caps hold back
// is reported as the leak.
func capped(ctx context.Context, c *crn.Compiled, set Settings) (*crn.Compiled, error) {
	caps := c.Caps()
	if !slices.Contains(caps, crn.Unbounded) {
		return c, nil
	}
	times := set.Times
	if times[0] == 0 && len(times) > 1 {
		times = times[1:]
	}
	r, err := ssa.Run(ctx, c, ssa.Settings{Times: times, Runs: pilotRuns, Seed: set.Seed, Workers: set.Workers})
	if err != nil {
		return nil, fmt.Errorf("evolve: no pilot ensemble to choose caps from; give every species a cap: %w", err)
	}
	n := c.Network()
	for i, name := range c.SpeciesNames() {
		if caps[i] != crn.Unbounded {
			continue
		}
		limit := 4
		for _, s := range r.Snapshots {
			seen := len(s.Dist.Marginal(i).P) - 1
			limit = max(limit, seen+int(math.Ceil(pilotMargin*s.Dist.Moment(i).SD))+2)
		}
		if err := n.SetCap(name, limit); err != nil {
			return nil, fmt.Errorf("evolve: %w", err)
		}
	}
	return n.Compile()
}
