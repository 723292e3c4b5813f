package evolve

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// A chain whose species were added in a scrambled order is found again, from the
// end with the smaller caps.
func TestOrderFindsAScrambledChain(t *testing.T) {
	n := crn.New("chain")
	n.Param("k", 1)
	for _, i := range []int{3, 0, 5, 2, 4, 1} {
		n.AddSpecies(fmt.Sprint("X", i), crn.Delta(0), 10+10*i)
	}
	n.React("0 -> X0", "k")
	for i := range 5 {
		n.React(fmt.Sprintf("X%d -> X%d", i, i+1), "k")
	}
	n.React("X5 -> 0", "k")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	order, err := DefaultOrder(c)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{1, 5, 3, 0, 4, 2}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v", order, want)
	}
}

// Species of a conservation law stand next to each other, although other
// reactions couple them to more distant ones.
func TestOrderKeepsConservedSpeciesTogether(t *testing.T) {
	n := crn.New("two switches")
	n.Param("k", 1)
	for _, name := range []string{"A", "B", "a", "b"} {
		n.AddSpecies(name, crn.Delta(5), 10)
	}
	n.React("A -> a", "k")
	n.React("a -> A", "k")
	n.React("B -> b", "k")
	n.React("b -> B", "k")
	n.React("a + B -> a + b", "k")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	order, err := DefaultOrder(c)
	if err != nil {
		t.Fatal(err)
	}
	at := func(i int) int { return slices.Index(order, i) }
	for _, pair := range [][2]int{{0, 2}, {1, 3}} {
		if d := at(pair[0]) - at(pair[1]); d != 1 && d != -1 {
			t.Errorf("species %d and %d stand %d apart in %v", pair[0], pair[1], d, order)
		}
	}
}

func TestOrderIsAPermutationNoWorseThanTheNetworksOwn(t *testing.T) {
	for _, e := range systems.All() {
		c, err := e.Build().Compile()
		if err != nil {
			t.Fatal(e.Name, err)
		}
		order, err := DefaultOrder(c)
		if err != nil {
			t.Fatal(e.Name, err)
		}
		own := slices.Sorted(slices.Values(order))
		for i, s := range own {
			if i != s {
				t.Fatalf("%s: %v is no permutation", e.Name, order)
			}
		}
		if len(own) != c.NumSpecies() {
			t.Fatalf("%s: %d of %d species", e.Name, len(own), c.NumSpecies())
		}
		coupling, err := couplings(c)
		if err != nil {
			t.Fatal(err)
		}
		if got, before := spread(coupling, order), spread(coupling, own); got > before {
			t.Errorf("%s: spread %v, in the network's own order %v", e.Name, got, before)
		}
	}
}
