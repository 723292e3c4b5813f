package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// withHole takes an absorbing basin out of the box of the network. Nothing flows back from there, since sources outside
// of the box give no inflow, while reactions into it stay part of the outflow.
func withHole(box van.Box, b rare.Basin) (van.Box, error) {
	r, err := b.Within(box.Caps)
	if err != nil {
		return box, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	if b.Everything(box.Caps) {
		return box, fmt.Errorf("%w: the absorbing basin %s holds all states; bound a species", ErrSettings, b)
	}
	// A law that says something about the species that the basin bounds last is left to learning.
	for laws := box.Laws; ; laws = laws[:len(laws)-1] {
		holed, err := van.NewBoxWithout(box.Caps, r, laws...)
		if err == nil || len(laws) == 0 {
			return holed, err
		}
	}
}

const (
	// entrySum bounds the states of a region next to the basin that are summed up for the rate of entering; from larger ones entryDraws
	// states are drawn in each of entryBlocks repetitions.
	entrySum, entryDraws, entryBlocks = 20_000, 512, 4
)

// absorbed adds to the hazard what has entered the basin during the last step of length dt. Between the two
// times the rate is taken to change exponentially, as it does while the first probability arrives.
func (s *solver) absorbed(dt float64) error {
	if s.set.Absorb == nil {
		return nil
	}
	st := s.state
	before := st.Entry
	e := rare.Evaluation{Model: s.problem.model, Theta: st.History[0].Theta, Sum: entrySum, Draws: entryDraws, Block: entryBlocks, Seed: s.set.Seed ^ st.Step<<16}
	flux, err := e.Flux(s.problem.system, *s.set.Absorb, st.Time)
	if err != nil {
		return err
	}
	st.Entry = flux.Value
	st.Hazard += dt * logMean(before, st.Entry)
	return nil
}

// logMean is the mean of a function that goes exponentially from a to b.
func logMean(a, b float64) float64 {
	if !(a > 0 && b > 0) || math.Abs(math.Log(b/a)) < 1e-4 {
		return (a + b) / 2
	}
	return (b - a) / math.Log(b/a)
}

// survival adds what is known of the absorbing basin to diagnostics.
func (s *solver) survival(d *dist.Diagnostics) {
	if s.set.Absorb == nil {
		return
	}
	d.Set("survival", math.Exp(-s.state.Hazard))
	d.Set("absorbed", -math.Expm1(-s.state.Hazard))
	d.Set("entry_rate", s.state.Entry)
}

// absorbs is the absorbing basin as the projection takes it, nil if there is none.
func (s *solver) absorbs() func(x []int32) bool {
	if s.set.Absorb == nil {
		return nil
	}
	return s.set.Absorb.Contains
}

// surviving takes the states of an absorbing basin out of early laws, and returns −ln of what is left of each.
func (s *solver) surviving(laws []early) []float64 {
	box, l := s.problem.model.Box, s.problem.model.Box.Species()
	hazards := make([]float64, len(laws))
	if box.Hole == nil {
		return hazards
	}
	for k, law := range laws {
		kept := early{time: law.time, lost: law.lost, leak: law.leak}
		inside := 0.0
		for i, p := range law.probability {
			if x := law.states[i*l : (i+1)*l]; box.Contains(x) {
				kept.states, kept.probability = append(kept.states, x...), append(kept.probability, p)
			} else {
				inside += p
			}
		}
		hazards[k] = -math.Log1p(-inside)
		for i := range kept.probability {
			kept.probability[i] /= 1 - inside
		}
		laws[k] = kept
	}
	return hazards
}
