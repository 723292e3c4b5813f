package fsp_test

import (
	"errors"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// The master equation of the reactions alone would be another answer.
func TestEventsAreRefused(t *testing.T) {
	n := crn.New("events")
	n.AddSpecies("X", crn.Delta(5), 5)
	n.ReactWith("X -> 0", crn.Number(1))
	n.AddEvent("refill", "X < 1", []string{"X = 5"})
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fsp.Solve(t.Context(), c, fsp.Settings{Times: []float64{1}}); !errors.Is(err, crn.ErrEvent) {
		t.Errorf("Solve: %v", err)
	}
	if _, err := fsp.Stationary(t.Context(), c, fsp.StationarySettings{}); !errors.Is(err, crn.ErrEvent) {
		t.Errorf("Stationary: %v", err)
	}
	if _, err := fsp.NewProjection(c, 100); !errors.Is(err, crn.ErrEvent) {
		t.Errorf("NewProjection: %v", err)
	}
}
