package ssa

import (
	"context"
	"fmt"
	"sort"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Path is one trajectory with all its events.
type Path struct {
	Species []string
	Times   []float64 // [n]; the first is 0, the others are those of the events
	States  []int32   // [n*L]; the state from Times[i] on
	End     float64   // time up to which the path is known
}

// Len is the number of states, one more than the events.
func (p *Path) Len() int { return len(p.Times) }

// State returns state i.
func (p *Path) State(i int) []int32 {
	l := len(p.Species)
	return p.States[i*l : (i+1)*l : (i+1)*l]
}

// At returns the state at time t from 0 to End.
func (p *Path) At(t float64) []int32 {
	next := sort.Search(len(p.Times), func(i int) bool { return p.Times[i] > t })
	return p.State(max(0, next-1))
}

// Trajectory returns trajectory index of the ensemble that Run draws with the same settings, up to the last output time, with
// every event. When it is interrupted or runs out of events it returns what there is together with the error.
func Trajectory(ctx context.Context, c *crn.Compiled, s Settings, index int) (*Path, error) {
	s, err := s.filled(c, defaultPathEvents)
	if err != nil {
		return nil, err
	}
	if index < 0 {
		return nil, fmt.Errorf("ssa: %w: trajectory %d: count them from 0", ErrSettings, index)
	}
	w, err := newWorker(c, &s)
	if err != nil {
		return nil, err
	}
	if err := w.start(uint64(index)); err != nil {
		return nil, err
	}
	p := &Path{Species: c.SpeciesNames(), Times: []float64{0}, States: append([]int32(nil), w.sim.State()...)}
	used := uint64(0)
	end := s.Times[len(s.Times)-1]
	err = w.advance(ctx, uint64(index), end, &used, func(t float64, x []int32) {
		p.Times = append(p.Times, t)
		p.States = append(p.States, x...)
	})
	if p.End = end; err != nil {
		p.End = p.Times[len(p.Times)-1]
	}
	return p, err
}
