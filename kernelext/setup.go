package kernelext

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/janpfeifer/gonb/gonbui/protocol"
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
	if v := os.Getenv(protocol.GONB_VERSION); v != "" {
		t.Rows = append(t.Rows, []string{"GoNB", v})
	}
	var libraries []string
	for name, v := range versions {
		if short := strings.TrimPrefix(name, "github.com/gomlx/"); short != name {
			libraries = append(libraries, short+" "+v)
		}
	}
	if len(libraries) > 0 {
		slices.Sort(libraries)
		t.Rows = append(t.Rows, []string{"GoMLX", strings.Join(libraries, ", ")})
	}
	if backend != "" {
		t.Rows = append(t.Rows, []string{"backend", strings.TrimPrefix(backend, "backend ")})
	}
	t.Rows = append(t.Rows, []string{"seed", fmt.Sprint(seed)})
	return t
}

// ShowSetup displays the table of Setup in the output of the cell.
func ShowSetup(seed uint64, backend string) error { return ShowTable(Setup(seed, backend)) }
