package kernelext_test

import (
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
)

func TestNetworkDiagramsOfTheCatalogue(t *testing.T) {
	for _, name := range []string{"birth-death", "toggle-switch", "mapk", "epidemic", "schlogl:sites=2", "lambda-phage", "cascade1:species=4", "gene-expression"} {
		t.Run(name, func(t *testing.T) {
			entry, err := systems.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			n := entry.Build()
			svg, err := kernelext.DrawNetwork(kernelext.Style{}, n)
			text := picture(t, svg, err)
			for _, s := range n.Species {
				if !strings.Contains(text, s.Name) {
					t.Errorf("species %s is missing", s.Name)
				}
			}
			if len(n.Reactions) < 20 && !strings.Contains(text, n.Reactions[0].Name) {
				t.Errorf("reaction %s is missing", n.Reactions[0].Name)
			}
		})
	}
}

// What only sets the rate is dashed; what is used up twice has its number.
func TestNetworkDiagramTellsRolesApart(t *testing.T) {
	n := crn.New("roles")
	n.Param("k", 1)
	n.AddSpecies("A", crn.Delta(1), 9)
	n.AddSpecies("E", crn.Delta(1), 9)
	n.React("2 A -> 0", "k")
	svg, err := kernelext.DrawNetwork(kernelext.Style{}, n)
	text := picture(t, svg, err)
	if !strings.Contains(text, "\n2\n") || strings.Contains(text, "dashed") || strings.Contains(string(svg), "stroke-dasharray") {
		t.Errorf("two molecules are used up, and nothing sets a rate:\n%s", text)
	}
	n.React("A + E -> E", "k")
	svg, err = kernelext.DrawNetwork(kernelext.Style{}, n)
	text = picture(t, svg, err)
	if !strings.Contains(text, "dashed") || strings.Count(string(svg), "stroke-dasharray") != 1 {
		t.Errorf("the catalyst is not drawn as one:\n%s", text)
	}
	n.React("A -> B", "k")
	if _, err := kernelext.DrawNetwork(kernelext.Style{}, n); err == nil {
		t.Error("a network with a mistake was drawn")
	}
}
