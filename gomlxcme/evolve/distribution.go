package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// enumerable is the number of states up to which a network's distribution is
	// listed as a whole.
	enumerable = 300_000
	// resultSamples is the number of samples that stand for it otherwise.
	resultSamples = 100_000
)

func (s *solver) snapshots() ([]dist.Snapshot, error) {
	var list []dist.Snapshot
	for _, o := range s.state.Outputs {
		var d *dist.Table
		var err error
		if o.Time == 0 {
			d, err = s.initial()
		} else {
			d, err = tabulate(s.problem.system.SpeciesNames(), s.problem.model, o.Theta, s.stream(math.MaxUint32, 0))
		}
		if err != nil {
			return list, err
		}
		list = append(list, dist.Snapshot{Time: o.Time, Dist: d, Diagnostics: o.Diagnostics})
	}
	return list, nil
}

// initial lists the initial law.
func (s *solver) initial() (*dist.Table, error) {
	p, err := fsp.NewProjection(s.problem.system, s.set.StartStates)
	if err != nil {
		return nil, fmt.Errorf("evolve: initial law: %w", err)
	}
	l := s.problem.model.Box.Species()
	var states []int32
	var probability []float64
	for i, v := range p.Probabilities() {
		if v > 0 {
			states = append(states, p.States()[i*l:(i+1)*l]...)
			probability = append(probability, v)
		}
	}
	return dist.NewTable(s.problem.system.SpeciesNames(), states, probability, 0)
}

// tabulate lists the network's probabilities where the box is small, and
// quasi-random samples of it otherwise.
func tabulate(names []string, model *van.Model, theta van.Params, rng *rand.Rand) (*dist.Table, error) {
	if n, ok := model.Box.States(); ok && n <= enumerable {
		states, err := model.Box.Enumerate(enumerable)
		if err != nil {
			return nil, err
		}
		p := make([]float64, len(states)/model.Box.Species())
		if err := model.LogProb(p, theta, states); err != nil {
			return nil, err
		}
		for i, v := range p {
			p[i] = math.Exp(v)
		}
		return dist.NewTable(names, states, p, 0)
	}
	c := newCloud(nil, model.Box, 0)
	err := Plain{Draws: resultSamples}.Propose(Draw{Model: model, Params: theta, Rand: rng}, c.bare)
	if err != nil {
		return nil, err
	}
	return dist.NewTable(names, c.rowStates(0, len(c.rows)), c.normalised(), resultSamples)
}
