package evolve

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// enumerable is the number of states up to which a network's distribution is
	// listed as a whole.
	enumerable = 300_000
	// resultSamples is the number of samples that stand for it otherwise.
	resultSamples = 100_000
)

// distribution lists the network's probabilities where the box is small, and
// quasi-random samples of it otherwise.
func (s *solver) distribution(theta van.Params) (dist.Distribution, error) {
	names := s.system.SpeciesNames()
	box := s.model.Box
	if n, ok := box.States(); ok && n <= enumerable {
		states, err := box.Enumerate(enumerable)
		if err != nil {
			return nil, err
		}
		p := make([]float64, n)
		if err := s.model.LogProb(p, theta, states); err != nil {
			return nil, err
		}
		for i, v := range p {
			p[i] = math.Exp(v)
		}
		return dist.NewTable(names, states, p, 0)
	}
	l := box.Species()
	rng := s.stream(math.MaxUint32, 0)
	shift := make([]float64, l)
	for i := range shift {
		shift[i] = rng.Float64()
	}
	u, x := make([]float64, resultSamples*l), make([]int32, resultSamples*l)
	van.NewSequence(shift).Next(u)
	if err := s.model.Sample(x, theta, u, nil); err != nil {
		return nil, err
	}
	c := newCloud(s.system, box, 0)
	for k := range resultSamples {
		i := c.intern(x[k*l : (k+1)*l])
		if c.rowOf[i] < 0 {
			c.rowOf[i] = int32(len(c.rows))
			c.rows = append(c.rows, row{state: i})
		}
		c.rows[c.rowOf[i]].weight += 1.0 / resultSamples
	}
	return dist.NewTable(names, c.rowStates(0, len(c.rows)), c.normalised(), resultSamples)
}
