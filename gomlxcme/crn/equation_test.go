package crn_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

func TestParseReaction(t *testing.T) {
	type terms = []crn.NamedTerm
	for text, want := range map[string]crn.Equation{
		"A + 2 B -> C":     {terms{{"A", 1}, {"B", 2}}, terms{{"C", 1}}},
		"0 -> A":           {nil, terms{{"A", 1}}},
		"A -> 0":           {terms{{"A", 1}}, nil},
		"∅→A_1'":           {nil, terms{{"A_1'", 1}}},
		" 2B->3*B ":        {terms{{"B", 2}}, terms{{"B", 3}}},
		"A + B + A -> B+B": {terms{{"A", 2}, {"B", 1}}, terms{{"B", 2}}},
		"α -> 0":           {terms{{"α", 1}}, nil},
		"0 -> ∅":           {},
	} {
		got, err := crn.ParseReaction(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestSyntaxErrorsPointAtTheColumn(t *testing.T) {
	for text, want := range map[string]struct {
		column int
		reason string
	}{
		"":                   {1, "species name"},
		"A":                  {2, "->"},
		"A + -> B":           {5, "species name"},
		"A <-> B":            {3, "two reactions"},
		"A = B":              {3, "two reactions"},
		"A -> B C":           {8, "end"},
		"A -> B -> C":        {8, "end"},
		"0 A -> B":           {1, "leave the term out"},
		"α + 1.5 B -> C":     {6, "whole"},
		"A -> 99999999999 B": {6, "above"},
		"1048576 A + A -> 0": {13, "more than"},
		"0 + A -> B":         {3, "species name"},
		"A -> B + 0":         {11, "species name"},
		"A -> -B":            {6, "species name"},
		"A -> 2":             {7, "species name"},
		"A\xff -> B":         {2, "->"},
		"∅A -> B":            {2, "->"},
	} {
		_, err := crn.ParseReaction(text)
		var syntax *crn.SyntaxError
		if !errors.As(err, &syntax) || !errors.Is(err, crn.ErrSyntax) {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if syntax.Column != want.column || !strings.Contains(syntax.Reason, want.reason) {
			t.Errorf("%q: column %d: %s; want %d: %s", text, syntax.Column, syntax.Reason, want.column, want.reason)
		}
	}
}

func FuzzParseReaction(f *testing.F) {
	for _, seed := range []string{"A + 2 B -> C", "0 -> A", "A → ∅", "2*A->3A", "0 + A -> ", "\xff -> 1048577 X", "A<->B"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := crn.ParseReaction(text)
		if err != nil {
			if !errors.Is(err, crn.ErrSyntax) {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := crn.ParseReaction(e.String())
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Fatalf("%q: %+v is written as %q and read as %+v, %v", text, e, e.String(), again, err)
		}
	})
}

func ExampleParseReaction() {
	e, err := crn.ParseReaction("Gy + 2 Px -> 0")
	fmt.Println(e.Reactants, e.Products, err)
	_, err = crn.ParseReaction("A <-> B")
	fmt.Println(err)
	// Output:
	// [{Gy 1} {Px 2}] [] <nil>
	// cannot read the reaction "A <-> B", column 3: only -> is understood: write a reversible reaction as two reactions
}
