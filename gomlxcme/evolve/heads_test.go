package evolve

import (
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Counts of ten have smooth heads where many species fill up from nothing, and free logits where few do, or where
// molecules that are there from the beginning bound them.
func TestHeadsOfManySpecies(t *testing.T) {
	for spec, free := range map[string]int{"cascade1": freeCounts, "cascade1:species=7": 0, "mapk": 0} {
		e, err := systems.Lookup(spec)
		if err != nil {
			t.Fatal(err)
		}
		c, err := e.Build().Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := DefaultHeads(c).(van.Spline).FreeBelow; got != free {
			t.Errorf("%s: logits are free up to %d counts, want %d", spec, got, free)
		}
	}
}
