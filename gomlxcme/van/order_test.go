package van

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// A network in another order is the network of the reordered box, on reordered
// states, for log P and for draws.
func TestOrderIsAPermutationOfTheBox(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	order := []int{2, 0, 3, 1}
	box := Box{Caps: []int{20, 1, 14, 5}, Laws: []Law{{Weights: []int{1, 2, 0, 3}, Total: 12}}}
	turn := func(flat []int32) []int32 {
		out := make([]int32, len(flat))
		for k := 0; k < len(flat); k += 4 {
			for i, s := range order {
				out[k+i] = flat[k+s]
			}
		}
		return out
	}
	heads := Spline{Flat: []bool{true, false, false, false}}
	for _, pair := range [][2]Architecture{
		{NADE{Heads: heads}, NADE{Heads: Spline{Flat: []bool{false, true, false, false}}}},
		{GRU{Hidden: 4}, GRU{Hidden: 4}},
		{Transformer{DModel: 4}, Transformer{DModel: 4}},
	} {
		m, err := New(b, box, Ordered{Network: pair[0], Order: order}, 2)
		if err != nil {
			t.Fatal(err)
		}
		turned := Box{Caps: []int{14, 20, 5, 1}, Laws: []Law{{Weights: []int{0, 1, 3, 2}, Total: 12}}}
		other, err := New(b, turned, pair[1], 2)
		if err != nil {
			t.Fatal(err)
		}
		theta := roughParams(m, 61)
		x := randomStates(t, m, theta, 300, 62)
		got, want := make([]float64, 300), make([]float64, 300)
		if err := m.LogProb(got, theta, x); err != nil {
			t.Fatal(err)
		}
		if err := other.LogProb(want, theta, turn(x)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%v: log P differs from the reordered box", m.Arch)
		}
		for _, v := range got {
			if math.Exp(v) == 0 {
				t.Fatalf("%v: drew a state that breaks the law", m.Arch)
			}
		}
	}
}

func TestOrdersThatAreNoPermutationsAreRefused(t *testing.T) {
	b, _ := backend.Open("go")
	box := Box{Caps: []int{3, 3, 3}}
	for _, arch := range []Architecture{
		Ordered{Order: []int{0, 1}}, Ordered{Order: []int{0, 1, 1}}, Ordered{Order: []int{0, 1, 3}},
		Ordered{Order: []int{0, 1, 2, 0}}, Ordered{Order: []int{-1, 1, 2}},
		Ordered{Order: []int{0, 2, 1}, Network: Ordered{Order: []int{2, 1, 0}}},
	} {
		if _, err := New(b, box, arch, 1); !errors.Is(err, ErrArchitecture) {
			t.Errorf("%v: got %v", arch, err)
		}
	}
}

func TestSettingsThatMakeNoSenseAreRefused(t *testing.T) {
	b, _ := backend.Open("go")
	box := Box{Caps: []int{30, 30}}
	for _, arch := range []Architecture{
		NADE{Hidden: -1}, SharedNADE{Features: -1}, GRU{Layers: -2}, LSTM{Features: -1}, Transformer{DModel: 6, AttentionHeads: 4}, Transformer{DFF: -3},
		NADE{Heads: Logistic{Components: -1}}, NADE{Heads: Logistic{Scale: []float64{-4}}}, GRU{Heads: Logistic{Scale: []float64{math.NaN()}}},
		NADE{Heads: Spline{Knots: -3}},
	} {
		if _, err := New(b, box, arch, 1); !errors.Is(err, ErrArchitecture) {
			t.Errorf("%v: got %v", arch, err)
		}
	}
	law := Law{Weights: []int{1, 1}, Total: 5000}
	if _, err := New(b, Box{Caps: []int{5000, 5000}, Laws: []Law{law}}, NADE{Heads: Logistic{}}, 1); !errors.Is(err, ErrArchitecture) {
		t.Errorf("a law over too many counts: got %v", err)
	}
}
