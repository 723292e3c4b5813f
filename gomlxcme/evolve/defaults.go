package evolve

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// DefaultHidden is the largest number of hidden units of the SharedNADE that
	// DefaultNetwork chooses, and leastHidden the smallest.
	DefaultHidden, leastHidden = 16, 4
	// fewParameters is the number of parameters for which it takes fewer: the time of
	// a step grows with its square.
	fewParameters = 2000
)

// DefaultNetwork returns the network that suits the model: NADE, whose conditionals
// have weights of their own, for few species, and SharedNADE, whose size grows in
// proportion to their number, from 8 species. Every species must have a cap.
func DefaultNetwork(c *crn.Compiled) (van.Architecture, error) {
	if c.NumSpecies() < ManySpecies {
		return van.NADE{Heads: DefaultHeads(c)}, nil
	}
	box, err := newBox(c)
	if err != nil {
		return nil, err
	}
	for hidden := DefaultHidden; ; hidden-- {
		arch := van.SharedNADE{Hidden: hidden, Heads: DefaultHeads(c)}
		size, err := van.Parameters(arch, box)
		if err != nil {
			return nil, err
		}
		if size <= fewParameters || hidden == leastHidden {
			return arch, nil
		}
	}
}

// What suits many species: more and likelier states in a batch, because far ones are
// too many to be learned; fewer updates, because each costs more; and longer steps,
// because what the network cannot represent is larger than the error of time.
const (
	manyUnique     = 3000
	manyWeight     = 0.02
	manyIterations = 4
	manyTolerance  = 0.02
)

// Suited returns the settings with the network and the bounds of steps that Run would
// choose for the model where none are set. Species without a cap get one from a pilot
// ensemble, as in Run.
func (s Settings) Suited(ctx context.Context, c *crn.Compiled) (Settings, error) {
	if err := c.RefuseEvents("the network"); err != nil {
		return s, fmt.Errorf("evolve: %w", err)
	}
	s = s.suited(c).stepped()
	if s.Network != nil {
		return s, nil
	}
	c, err := s.caps(ctx, c)
	if err != nil {
		return s, err
	}
	s.Network, err = s.network(c)
	return s, err
}

// caps returns the model with a cap for every species.
func (s Settings) caps(ctx context.Context, c *crn.Compiled) (*crn.Compiled, error) {
	if s.From != nil {
		return cappedLike(c, s.From)
	}
	return capped(ctx, c, s)
}

// network chooses the network for a model with caps.
func (s Settings) network(c *crn.Compiled) (van.Architecture, error) {
	if s.From != nil {
		return s.From.Model.Arch, nil
	}
	return DefaultNetwork(c)
}

// suited fills what is not set, where it depends on the model, but for the network:
// that depends on caps, which are not known yet.
func (s Settings) suited(c *crn.Compiled) Settings {
	if c.NumSpecies() < ManySpecies {
		return s
	}
	switch scheme := s.Scheme.(type) {
	case nil:
		s.Scheme = Implicit{Iterations: manyIterations}
	case Implicit:
		if scheme.Iterations == 0 {
			scheme.Iterations = manyIterations
		}
		s.Scheme = scheme
	default:
		return s
	}
	switch proposal := s.Proposal.(type) {
	case nil:
		s.Proposal = Tempered{Unique: manyUnique, Weight: manyWeight}
	case Tempered:
		if proposal.Unique == 0 {
			proposal.Unique = manyUnique
		}
		if proposal.Weight == 0 {
			proposal.Weight = manyWeight
		}
		s.Proposal = proposal
	}
	if s.Tolerance == 0 {
		s.Tolerance = manyTolerance
	}
	return s
}
