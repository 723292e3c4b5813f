package backend_test

import (
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// named is an open backend and what it is called in tables.
type named struct {
	name string
	*backend.Backend
}

// present opens the Go backend and, for each device, the first plugin that loads.
func present(t testing.TB) []named {
	t.Helper()
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	list, known := []named{{"go", b}}, map[string]bool{}
	for _, i := range backend.Installed() {
		if i.Kind != backend.XLA || known[i.Device] {
			continue
		}
		b, err := backend.Open(i.Name)
		if err != nil {
			t.Logf("left out: %v", err)
			continue
		}
		known[i.Device] = true
		list = append(list, named{"xla-" + i.Device, b})
	}
	return list
}

// others returns the Go backend, which is the judge, and the backends that are
// held against it.
func others(t *testing.T) (*backend.Backend, []named) {
	if testing.Short() {
		t.Skip("XLA takes seconds to compile")
	}
	all := present(t)
	if len(all) == 1 {
		t.Skip("only the Go backend is here, there is nothing to compare; \"make setup\" or \"cme backend install cpu\" gets XLA")
	}
	return all[0].Backend, all[1:]
}

// gene is a gene that switches and makes a protein: 26 states.
func gene(t testing.TB) *crn.Compiled {
	t.Helper()
	return geneWith(t, func(*crn.Network) {})
}

// geneWith is gene after a change.
func geneWith(t testing.TB, change func(*crn.Network)) *crn.Compiled {
	t.Helper()
	n := crn.New("gene")
	n.Param("on", 0.5)
	n.Param("off", 0.8)
	n.Param("make", 3)
	n.Param("decay", 1)
	n.AddSpecies("G", crn.Delta(1), 1)
	n.AddSpecies("P", crn.Delta(0), 12)
	n.React("0 -> G", "on", crn.While("G", 0))
	n.React("G -> 0", "off")
	n.React("G -> G + P", "make")
	n.React("P -> 0", "decay")
	change(n)
	c, err := n.Compile()
	must(t, err)
	return c
}
