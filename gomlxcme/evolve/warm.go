package evolve

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// checkFrom refuses a network to start from that does not fit the output times
// or the species.
func (s Settings) checkFrom(species []string) error {
	n := s.From
	switch {
	case n == nil:
		return nil
	case s.Times[0] < n.Time:
		return fmt.Errorf("%w: output time %g lies before t = %g, of which the network to start from is; leave out earlier times", ErrSettings, s.Times[0], n.Time)
	case s.StartTime > 0:
		return fmt.Errorf("%w: a start time %g beside a network to start from, which has its own; leave one out", ErrSettings, s.StartTime)
	case !slices.Equal(n.Species, species):
		return fmt.Errorf("%w: the network to start from is over the species %v, the model has %v", ErrSettings, n.Species, species)
	}
	return nil
}

// cappedLike gives species without a cap that of the network to start from.
func cappedLike(c *crn.Compiled, n *Network) (*crn.Compiled, error) {
	model := c.Network()
	for i, name := range c.SpeciesNames() {
		if c.Caps()[i] == crn.Unbounded {
			if err := model.SetCap(name, n.Model.Box.Caps[i]); err != nil {
				return nil, fmt.Errorf("evolve: %w", err)
			}
		}
	}
	return model.Compile()
}

// warm starts from a network n instead of the initial law. The multistep formula
// begins with one time and order 1, so the first step is short: so that log P
// changes by about the tolerance. Steps grow from there.
func (s *solver) warm(n *Network) error {
	p := s.problem
	if !reflect.DeepEqual(n.Model.Box, p.model.Box) || n.Model.Arch.String() != p.model.Arch.String() {
		return fmt.Errorf("%w: the network to start from is %v on %+v, not %v on %+v; use the same network, caps and totals",
			ErrSettings, n.Model.Arch, n.Model.Box, p.model.Arch, p.model.Box)
	}
	st := s.state
	st.Time = n.Time
	st.History = []point{{Time: n.Time, Theta: slices.Clone(n.Theta)}}
	if s.marching() == nil {
		rate := 0.0
		err := Plain{Draws: validationDraws}.Propose(Draw{Model: p.model, Params: n.Theta, Rand: s.stream(0, 0)}, func(x []int32, _ float64) {
			rate += p.system.Propensities(make([]float64, p.system.NumReactions()), x, n.Time) / validationDraws
		})
		if err != nil {
			return err
		}
		if rate > 0 {
			st.Next = s.set.Tolerance / rate
		}
	}
	if s.set.Times[0] == n.Time {
		st.Outputs = append(st.Outputs, Output{Time: n.Time, Theta: slices.Clone(n.Theta)})
	}
	return nil
}
