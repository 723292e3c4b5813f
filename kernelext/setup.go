package kernelext

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Setup returns a table of what a reader needs to get the same numbers: the
// versions of Go, GoNB and the numerical libraries, the backend (the text of
// backend.Backend's Line, or empty) and the seed.
func Setup(seed uint64, backend string) Table {
	t := Table{Header: []string{"what", "which"}}
	versions := run.Versions()
	for _, name := range []string{"go", "platform", "GOEXPERIMENT"} {
		if v := versions[name]; v != "" {
			t.Rows = append(t.Rows, []string{name, v})
		}
	}
	t.Rows = append(t.Rows, libraries()...)
	if backend != "" {
		t.Rows = append(t.Rows, []string{"backend", strings.TrimPrefix(backend, "backend ")})
	}
	t.Rows = append(t.Rows, []string{"seed", fmt.Sprint(seed)})
	return t
}

// ShowSetup displays the table of Setup in the output of the cell.
func ShowSetup(seed uint64, backend string) error { return ShowTable(Setup(seed, backend)) }

// libraries returns names and versions of the modules in this program whose
// numbers and pictures can change a result.
func libraries() [][]string {
	var found [][]string
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return nil
	}
	for _, m := range info.Deps {
		for _, noted := range []string{"github.com/gomlx/", "gonum.org/v1/gonum", "github.com/janpfeifer/gonb"} {
			if strings.HasPrefix(m.Path, noted) {
				found = append(found, []string{strings.TrimPrefix(m.Path, "github.com/"), m.Version})
			}
		}
	}
	return found
}
