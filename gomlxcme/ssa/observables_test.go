package ssa_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// A product of two counts cannot be had from the marginals; the mean and the standard deviation are those of the joint
// frequencies, to the last digits, for any number of workers and also after a break.
func TestObservablesAreThoseOfTheSamples(t *testing.T) {
	n := crn.New("pair")
	n.AddSpecies("A", crn.Delta(12), crn.Unbounded)
	n.AddSpecies("B", crn.Delta(3), crn.Unbounded)
	n.ReactWith("A -> B", crn.Number(1))
	n.ReactWith("B -> A", crn.Number(0.5))
	n.ReactWith("B -> 0", crn.Number(0.2))
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	product := ssa.Observable{Name: "AB", Value: func(x []int32, t float64) float64 { return float64(x[0])*float64(x[1]) + t }}
	settings := ssa.Settings{Times: []float64{0, 0.5, 2}, Runs: 1000, Seed: 9, Workers: 1, Pairs: [][2]int{{0, 1}}, Observables: []ssa.Observable{product}}
	a, err := ssa.Run(t.Context(), c, settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range a.Snapshots {
		j, err := s.Dist.Joint(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		mean, second := 0.0, 0.0
		for x, row := range j.P {
			for y, p := range row {
				v := float64(x*y) + s.Time
				mean += p * v
				second += p * v * v
			}
		}
		m := s.Observables[0].Moment
		sd := math.Sqrt(max(0, second-mean*mean) * 1000 / 999)
		if math.Abs(m.Mean-mean) > 1e-11 || math.Abs(m.SD-sd) > 1e-9 || math.Abs(m.MeanSE-m.SD/math.Sqrt(1000)) > 1e-12 {
			t.Errorf("at %v: %+v, want %v ± %v", s.Time, m, mean, sd)
		}
	}
	var kept *ssa.State
	settings.Workers, settings.Runs = 3, 512
	settings.Checkpoint = func(s *ssa.State) error { kept = s; return nil }
	if _, err := ssa.Run(t.Context(), c, settings); err != nil {
		t.Fatal(err)
	}
	stored, err := kept.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	settings.Resume, settings.Runs = &ssa.State{}, 1000
	if err := settings.Resume.UnmarshalBinary(stored); err != nil {
		t.Fatal(err)
	}
	b, err := ssa.Run(t.Context(), c, settings)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Snapshots {
		if !slices.Equal(a.Snapshots[i].Observables, b.Snapshots[i].Observables) {
			t.Errorf("at %v: %v, and %v after a break", a.Snapshots[i].Time, a.Snapshots[i].Observables, b.Snapshots[i].Observables)
		}
	}
	settings.Observables = nil
	if _, err := ssa.Run(t.Context(), c, settings); !errors.Is(err, ssa.ErrResume) {
		t.Errorf("resumed with other observables: %v", err)
	}
	settings.Resume, settings.Observables = nil, []ssa.Observable{{Name: "ln", Value: func(x []int32, _ float64) float64 { return math.Log(float64(x[0]) - 12) }}}
	if _, err := ssa.Run(t.Context(), c, settings); !errors.Is(err, ssa.ErrSettings) {
		t.Errorf("ln 0: %v", err)
	}
}
