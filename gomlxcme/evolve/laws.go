package evolve

import (
	"errors"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// newBox returns the states on which the network is normalised: those within the
// caps that meet the conservation laws whose totals the initial law fixes.
func newBox(c *crn.Compiled) (van.Box, error) {
	caps := c.Caps()
	box, err := van.NewBox(caps)
	if err != nil {
		return box, fmt.Errorf("evolve: %w", err)
	}
	laws, err := c.Network().ConservationLaws()
	if err != nil {
		return box, fmt.Errorf("evolve: conservation laws: %w", err)
	}
	var kept []van.Law
	for _, l := range laws {
		total, fixed := 0, true
		for i, w := range l.Weights {
			if w == 0 {
				continue
			}
			start, certain := c.Initial(i).(crn.Delta)
			fixed = fixed && certain
			total += w * int(start)
		}
		if !fixed {
			continue
		}
		// A law whose joint sums with the others are too many is left to learning.
		with, err := van.NewBox(caps, append(kept, van.Law{Weights: l.Weights, Total: total})...)
		if errors.Is(err, van.ErrBox) {
			continue
		}
		if err != nil {
			return box, fmt.Errorf("evolve: %w", err)
		}
		box, kept = with, with.Laws
	}
	return box, nil
}
