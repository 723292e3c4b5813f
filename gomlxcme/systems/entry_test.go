package systems_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func TestEveryEntryIsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range systems.All() {
		if e.Name == "" || e.Title == "" || e.Source == "" || e.TEnd <= 0 || seen[e.Name] {
			t.Errorf("%+v", e)
		}
		seen[e.Name] = true
		n := e.Build()
		if n.Name != e.Name {
			t.Errorf("%s builds %s", e.Name, n.Name)
		}
		if _, err := n.Compile(); err != nil {
			t.Error(err)
		}
		if err := n.SetParam(n.Parameters[0].Name, 77); err != nil {
			t.Error(err)
		}
		if e.Build().Parameters[0].Value == 77 {
			t.Errorf("%s: the networks that it builds are not independent", e.Name)
		}
		last := 0.0
		for _, k := range e.Known {
			if _, err := n.SpeciesIndex(k.Species); err != nil {
				t.Error(err)
			}
			if k.Time < last || k.Tolerance <= 0 || k.Basis == "" {
				t.Errorf("%s: %+v", e.Name, k)
			}
			last = k.Time
		}
		if found, err := systems.Lookup(e.Name); err != nil || found.Title != e.Title {
			t.Errorf("lookup of %s: %v", e.Name, err)
		}
	}
}

func TestUnknownNameListsTheCatalogue(t *testing.T) {
	_, err := systems.Lookup("togle-switch")
	if !errors.Is(err, systems.ErrUnknownSystem) || !strings.Contains(err.Error(), `did you mean "toggle-switch"?`) {
		t.Errorf("got %v", err)
	}
	for _, e := range systems.All() {
		if !strings.Contains(err.Error(), e.Name) {
			t.Errorf("no %s in: %v", e.Name, err)
		}
	}
}

// TestToggleSwitchStoichiometry holds the reactions against the definition: binding takes two proteins and the gene.
func TestToggleSwitchStoichiometry(t *testing.T) {
	e, err := systems.Lookup("toggle-switch")
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]int32{{0, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, -1, 0}, {0, 0, 0, -1}, {0, -1, -2, 0}, {-1, 0, 0, -2}, {0, 1, 2, 0}, {1, 0, 0, 2}}
	for k, s := range want {
		if fmt.Sprint(c.Change(k)) != fmt.Sprint(s) {
			t.Errorf("reaction %d: %v, want %v", k, c.Change(k), s)
		}
	}
	for _, test := range []struct {
		x    []int32
		want []float64
	}{
		{[]int32{1, 1, 10, 20}, []float64{50, 50, 10, 20, 1e-4 * 90, 1e-4 * 380, 0, 0}},
		{[]int32{0, 0, 10, 78}, []float64{0, 0, 10, 78, 0, 0, 0.1, 0}},
	} {
		for k, w := range test.want {
			if got := c.Propensity(k, test.x, 0); got < w*(1-1e-14) || got > w*(1+1e-14) {
				t.Errorf("a_%d(%v) = %v, want %v", k, test.x, got, w)
			}
		}
	}
	if c.Network().Law != crn.FallingFactorial {
		t.Error("the usual law is the falling factorial")
	}
}

func ExampleLookup() {
	e, err := systems.Lookup("birth-death")
	if err != nil {
		fmt.Println(err)
		return
	}
	n := e.Build()
	for _, r := range n.Reactions {
		fmt.Printf("%-8s %s  at %s\n", r.Format(n), r.Name, r.Rate)
	}
	_, err = systems.Lookup("birthdeath")
	fmt.Println(err)
	// Output:
	// 0 -> X   birth  at birth
	// X -> 0   death  at death
	// systems: unknown system "birthdeath": did you mean "birth-death"? the catalogue has birth-death, gene-expression, toggle-switch, autoregulatory-loop, early-life, epidemic, cascade1, cascade1-inverse, cascade2, cascade3, mapk, schlogl, schlogl-2d, lambda-phage
}
