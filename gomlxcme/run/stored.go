package run

import (
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// stored is a distribution as a result directory keeps it: moments and marginals, no joint distributions.
type stored struct {
	species   []string
	moments   []dist.Moment
	marginals []dist.Marginal
	samples   float64
}

func (s *stored) Species() []string { return slices.Clone(s.species) }

func (s *stored) Marginal(i int) dist.Marginal { return s.marginals[i] }

func (s *stored) Moment(i int) dist.Moment { return s.moments[i] }

func (s *stored) Samples() float64 { return s.samples }

// Joint always fails: result directories hold single species only.
func (s *stored) Joint(a, b int) (dist.Joint, error) {
	return dist.Joint{}, fmt.Errorf("run: the joint distribution of species %d and %d is not kept in result directories; compute it again in the same process", a, b)
}
