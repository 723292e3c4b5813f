package evolve

import (
	"fmt"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Proposal chooses the states at which a time step is solved, and their weights
// in the least-squares sum. The weights are the metric of the projection: where
// the network can represent the solution any positive weights lead to it.
type Proposal interface {
	fmt.Stringer
	// Propose calls add for every state that it chooses. Weights need not be
	// normalised. It must draw all its randomness from d.Rand.
	Propose(d Draw, add func(x []int32, weight float64)) error
}

// Draw is what a Proposal may use.
type Draw struct {
	System *crn.Compiled
	Model  *van.Model
	Params van.Params // current parameters of the network
	Old    van.Params // those at the beginning of the step; nil where there is no step
	Time   float64    // at which propensities are taken
	Rand   *rand.Rand
	Unique func() int // number of different states so far
	// Ratio, if not nil, wants to know log P/q of the draws of a proposal that weighs
	// them so, and how many draws have it: the tail index is that of these.
	Ratio func(logRatio, draws float64)
}

// Plain draws from the network itself by quasi-random numbers.
type Plain struct{ Draws int }

func (p Plain) String() string { return fmt.Sprintf("plain(draws=%d)", p.Draws) }

// Propose draws exactly Draws states.
func (p Plain) Propose(d Draw, add func(x []int32, weight float64)) error {
	l := d.Model.Box.Species()
	shift := make([]float64, l)
	for i := range shift {
		shift[i] = d.Rand.Float64()
	}
	u, x := make([]float64, p.Draws*l), make([]int32, p.Draws*l)
	van.NewSequence(shift).Next(u)
	if err := d.Model.Sample(x, d.Params, u, nil); err != nil {
		return err
	}
	for k := range p.Draws {
		add(x[k*l:(k+1)*l], 1)
	}
	return nil
}
