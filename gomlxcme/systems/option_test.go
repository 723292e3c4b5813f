package systems_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func TestOptionsChooseTheKind(t *testing.T) {
	for _, test := range []struct {
		text, name         string
		species, reactions int
	}{
		{"schlogl", "schlogl", 2, 10},
		{"schlogl:sites=1", "schlogl:sites=1", 1, 4},
		{"schlogl:sites=2", "schlogl", 2, 10},
		{"schlogl: sites = 3 , constants=rounded", "schlogl:sites=3,constants=rounded", 3, 16},
		{"schlogl:constants=rounded,sites=3", "schlogl:sites=3,constants=rounded", 3, 16},
		{"schlogl-2d", "schlogl-2d", 4, 24},
		{"schlogl-2d:rows=2,cols=4", "schlogl-2d:cols=4", 8, 52},
		{"cascade1:species=20", "cascade1:species=20", 20, 40},
		{"cascade2:species=4", "cascade2:species=4", 4, 8},
		{"mapk:caps=binary", "mapk:caps=binary", 16, 35},
		{"autoregulatory-loop:set=2", "autoregulatory-loop:set=2", 2, 5},
	} {
		e, err := systems.Lookup(test.text)
		if err != nil {
			t.Error(err)
			continue
		}
		n := e.Build()
		if e.Name != test.name || n.Name != test.name || len(n.Species) != test.species || len(n.Reactions) != test.reactions {
			t.Errorf("%s: %s, builds %s with %d species and %d reactions", test.text, e.Name, n.Name, len(n.Species), len(n.Reactions))
		}
		if err := n.Validate(); err != nil {
			t.Error(err)
		}
		if again, err := systems.Lookup(e.Name); err != nil || again.Name != e.Name {
			t.Errorf("%s does not lead back to itself: %v", e.Name, err)
		}
	}
}

func TestBadOptionsNameTheValidOnes(t *testing.T) {
	for text, words := range map[string][]string{
		"schlogl:site=3":            {`"site"`, `did you mean "sites"?`, "constants", "schlogl:sites=2"},
		"schlogl:sites=0":           {"sites=0", "1 to 256"},
		"schlogl:sites=2.5":         {"sites=2.5", "1 to 256"},
		"schlogl:sites":             {"no value", "sites=2"},
		"schlogl:sites=2,sites=3":   {"twice"},
		"schlogl:":                  {"sites, constants"},
		"schlogl:constants=true":    {"exact or rounded"},
		"schlogl-2d:rows=2,columns": {"rows, cols"},
		"birth-death:x=1":           {"no options", "birth-death"},
		"birth-death:":              {"no options"},
		"mapk:caps=10":              {"wide or binary"},
	} {
		_, err := systems.Lookup(text)
		if !errors.Is(err, systems.ErrOption) {
			t.Errorf("%s: got %v", text, err)
			continue
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: no %q in: %v", text, w, err)
			}
		}
	}
	if _, err := systems.Lookup("schloegl:sites=2"); !errors.Is(err, systems.ErrUnknownSystem) {
		t.Errorf("got %v", err)
	}
}

// A chain of three voxels, with the constants as published.
func ExampleLookup_options() {
	e, err := systems.Lookup("schlogl:sites=3")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Name, "has", len(e.Build().Species), "species")
	for _, o := range e.Options {
		fmt.Printf("%s=%s (%s): %s\n", o.Name, o.Value, o.Allowed, o.Help)
	}
	_, err = systems.Lookup("schlogl:voxels=3")
	fmt.Println(err)
	// Output:
	// schlogl:sites=3 has 3 species
	// sites=3 (1 to 256): voxels of the chain
	// constants=exact (exact or rounded): rate constants as their authors define them, or as later papers round them
	// systems: schlogl: bad option of a system: unknown "voxels": the options are sites, constants, as in schlogl:sites=2
}
