package learn

import (
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
)

// The proximal step is the one that minimises the distance to where it begins plus the norm: outside of it shrinks, inside it is 0.
func TestGroupsShrinkToNothing(t *testing.T) {
	theta := []float64{9, 3, 4, 0.1, 0.1, 7}
	lessen(theta, [][2]int{{1, 3}, {3, 5}}, 0.5)
	factor := 1 - 0.5*math.Sqrt2/5
	for i, want := range []float64{9, 3 * factor, 4 * factor, 0, 0, 7} {
		near(t, "weight", theta[i], want, 1e-15)
	}
}

// Enough sparsity leaves some reactions and not others, which stay out where the network is refined.
func TestSparseNetwork(t *testing.T) {
	reactions, err := study.IP3.Reactions()
	if err != nil {
		t.Fatal(err)
	}
	p, err := Prepare(calcium.ReductionIP3(), Inputs{Polynomials: reactions, Group: 5}, learned(t)[2:4])
	if err != nil {
		t.Fatal(err)
	}
	m, err := Train(t.Context(), open(t), p, Settings{Epochs: 10, Rate: 3e-3, Sparsity: 0.4, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	before, err := m.Importance()
	if err != nil {
		t.Fatal(err)
	}
	refined, err := Refine(t.Context(), open(t), m, learned(t)[2:4], Rollout{Steps: 5, Updates: 2})
	if err != nil {
		t.Fatal(err)
	}
	after, err := refined.Importance()
	if err != nil {
		t.Fatal(err)
	}
	zeros := 0
	for i, v := range before {
		if v == 0 {
			zeros++
		}
		if (v == 0) != (after[i] == 0) {
			t.Errorf("reaction %d has the norm %v, refined %v", i, v, after[i])
		}
	}
	if len(before) != 12 || zeros == 0 || zeros == 12 {
		t.Errorf("norms %v", before)
	}
	if _, err := Train(t.Context(), open(t), tiny(t), Settings{Sparsity: 1}); !errors.Is(err, ErrSettings) {
		t.Errorf("sparsity without groups: error %v", err)
	}
	if _, err := Prepare(calcium.ReductionIP3(), Inputs{Polynomials: reactions, Group: 7}, learned(t)[:1]); !errors.Is(err, ErrSettings) {
		t.Errorf("groups of 7 of 60: error %v", err)
	}
}
