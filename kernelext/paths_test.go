package kernelext_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext"
)

func TestPathsDrawOnePanelASpecies(t *testing.T) {
	path := &ssa.Path{Species: []string{"A", "B"}, Times: []float64{0, 0.5, 1.5}, States: []int32{0, 0, 1, 0, 1, 3}, End: 2}
	svg, err := kernelext.DrawPaths(kernelext.Style{TimeUnit: "s"}, path, path)
	text := picture(t, svg, err)
	for _, want := range []string{"A", "B", "time (s)", "count (molecules)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
	if _, err := kernelext.DrawPaths(kernelext.Style{Species: []string{"C"}}, path); !errors.Is(err, kernelext.ErrSpecies) {
		t.Errorf("unknown species: %v", err)
	}
	if _, err := kernelext.DrawPaths(kernelext.Style{}); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no trajectory: %v", err)
	}
}

func TestSetupNamesSeedAndBackend(t *testing.T) {
	text := kernelext.Setup(7, "backend go (no XLA plugin is installed)").String()
	for _, want := range []string{"seed", "7", "no XLA plugin is installed", "go1."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
