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
	laws, err := fixedLaws(c)
	if err != nil {
		return box, err
	}
	var kept []van.Law
	for _, l := range laws {
		// A law whose joint sums with the others are too many is left to learning.
		with, err := van.NewBox(caps, append(kept, l)...)
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

// fixedLaws returns the conservation laws whose totals the initial law fixes.
func fixedLaws(c *crn.Compiled) ([]van.Law, error) {
	laws, err := c.Network().ConservationLaws()
	if err != nil {
		return nil, fmt.Errorf("evolve: conservation laws: %w", err)
	}
	var fixed []van.Law
	for _, l := range laws {
		total, certain := 0, true
		for i, w := range l.Weights {
			if w == 0 {
				continue
			}
			start, ok := c.Initial(i).(crn.Delta)
			certain = certain && ok
			total += w * int(start)
		}
		if certain {
			fixed = append(fixed, van.Law{Weights: l.Weights, Total: total})
		}
	}
	return fixed, nil
}
