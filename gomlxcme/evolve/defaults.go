package evolve

import (
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// DefaultHidden is the number of hidden units of the SharedNADE that DefaultNetwork chooses.
const DefaultHidden = 16

// DefaultNetwork returns the network that suits the model: NADE, whose conditionals
// have weights of their own, for few species, and SharedNADE, whose size grows in
// proportion to their number, from 8 species.
func DefaultNetwork(c *crn.Compiled) van.Architecture {
	if c.NumSpecies() >= manySpecies {
		return van.SharedNADE{Hidden: DefaultHidden, Heads: DefaultHeads(c)}
	}
	return van.NADE{Heads: DefaultHeads(c)}
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

// suited fills what is not set, where it depends on the model. The network is left
// to the caller: it depends on caps that are not known yet.
func (s Settings) suited(c *crn.Compiled) Settings {
	if c.NumSpecies() < manySpecies {
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
