package crn_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

func laws(t *testing.T, species string, reactions ...string) []string {
	t.Helper()
	n := crn.New("laws")
	for _, s := range species {
		n.AddSpecies(string(s), crn.Delta(0), crn.Unbounded)
	}
	for _, r := range reactions {
		n.ReactWith(r, crn.Number(1))
	}
	found, err := n.ConservationLaws()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range found {
		out = append(out, l.Format(n))
	}
	return out
}

func TestConservationLaws(t *testing.T) {
	for _, test := range []struct {
		species   string
		reactions []string
		want      []string
	}{
		{"A", []string{"0 -> A", "A -> 0"}, nil},
		{"AB", []string{"A -> B", "B -> A"}, []string{"A + B"}},
		{"AB", []string{"2 A -> 3 B"}, []string{"3 A + 2 B"}},
		{"AB", []string{"A + B -> 0"}, []string{"A - B"}},
		// Enzyme E, substrate S, complex C, product P (Michaelis and Menten): the enzyme and the substrate stay.
		{"ESCP", []string{"E + S -> C", "C -> E + S", "C -> E + P"}, []string{"E + C", "S + C + P"}},
		{"SAB", []string{"S + A -> 2 A", "S + B -> 2 B", "A -> S", "B -> S"}, []string{"S + A + B"}},
		{"AB", []string{"A -> A + B", "B -> 0"}, []string{"A"}},
		{"ABC", []string{"A -> A"}, []string{"A", "B", "C"}},
	} {
		got := laws(t, test.species, test.reactions...)
		if test.species == "ESCP" { // one basis of the two laws among several
			if len(got) != 2 {
				t.Errorf("%v: %q", test.reactions, got)
			}
			t.Logf("enzyme: %q", got)
			continue
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v: %q, want %q", test.reactions, got, test.want)
		}
	}
}

func TestConservationLawsBeyondSixtyFourBits(t *testing.T) {
	n := crn.New("large")
	names := "ABCDEF"
	for _, s := range names {
		n.AddSpecies(string(s), crn.Delta(0), crn.Unbounded)
	}
	for i := range len(names) - 1 { // each law's weight is 2^20 times the one before
		n.Reactions = append(n.Reactions, crn.Reaction{Reactants: []crn.Term{{Species: i + 1, Order: 1}},
			Products: []crn.Term{{Species: i, Order: crn.MaxOrder}}, Rate: crn.Number(1)})
	}
	if _, err := n.ConservationLaws(); !errors.Is(err, crn.ErrOverflow) {
		t.Errorf("got %v", err)
	}
}
