package backend

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func TestOpenGoNeverUsesOpParallelism(t *testing.T) {
	for _, name := range []string{"go", "go:ops_sequential"} {
		b, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if b.Kind != Go || !strings.Contains(b.Config, "ops_sequential") {
			t.Errorf("Open(%q) = %+v", name, b)
		}
	}
}

func TestOpenRefusesWithOneMessage(t *testing.T) {
	for name, want := range map[string]error{
		"torch":                  ErrUnknown,
		"xla:/no/such/plugin.so": ErrUnavailable,
	} {
		if _, err := Open(name); !errors.Is(err, want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%q): got %v, want one line that wraps %v", name, err, want)
		}
	}
}

func TestVariableChooses(t *testing.T) {
	t.Setenv(Variable, "go")
	b, err := Open("")
	if err != nil || b.Kind != Go || !strings.Contains(b.Line(), Variable) {
		t.Errorf("got %v, %v", b, err)
	}
	t.Setenv(Variable, "nonsense")
	if _, err := Open(""); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), Variable) {
		t.Errorf("got %v, want an error that names the variable", err)
	}
}

func TestInstalledEndsWithGo(t *testing.T) {
	list := Installed()
	if list[len(list)-1].Kind != Go {
		t.Errorf("got %v", list)
	}
}

// Names of plugins that are not there are refused with what to do.
func TestMissingPluginsAreRefused(t *testing.T) {
	if !hasXLA {
		t.Skip("built without cgo")
	}
	t.Setenv(searchVariable, t.TempDir())
	for _, name := range []string{"xla", "xla:cpu", "xla:cuda", "xla:tpu", "xla:" + t.TempDir()} {
		if _, err := Open(name); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%q): got %v", name, err)
		}
	}
}

// A very small job stays on the Go backend unless told otherwise, without a look
// into the plugins.
func TestSmallJobsStayOnGo(t *testing.T) {
	if !hasXLA {
		t.Skip("built without cgo")
	}
	broken := brokenPlugin(t)
	t.Setenv(Variable, "")
	b, err := OpenFor("", 40)
	if err != nil || b.Kind != Go || !strings.Contains(b.Reason, "few") {
		t.Errorf("got %+v, %v", b, err)
	}
	if b, err = OpenFor("", 1e6); err != nil || !strings.Contains(b.Reason, broken) {
		t.Errorf("got %+v, %v", b, err)
	}
}

// brokenPlugin makes a file that only looks like a plugin the only one there is.
func brokenPlugin(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	broken := filepath.Join(folder, "pjrt_c_api_broken_plugin.so")
	if err := os.WriteFile(broken, []byte("junk"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv(searchVariable, folder)
	return broken
}

// A file that is no plugin is named and skipped; the Go backend takes over.
func TestBrokenPluginIsSkipped(t *testing.T) {
	if !hasXLA {
		t.Skip("built without cgo")
	}
	broken := brokenPlugin(t)
	t.Setenv(Variable, "")
	b, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	if b.Kind != Go || !strings.Contains(b.Line(), broken) || strings.Contains(b.Line(), "\n") {
		t.Errorf("got %q", b.Line())
	}
	if _, err := Open("xla:" + broken); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

// Several goroutines run the same compiled graph at once: this is how the
// library uses both cores, so it must neither deadlock nor change the result.
func TestConcurrentExecutions(t *testing.T) {
	b, err := Open("go")
	if err != nil {
		t.Fatal(err)
	}
	exec, err := NewExec(b.Backend, func(x, y *Node) *Node { return ReduceAllSum(Exp(MulScalar(MatMul(x, y), 1e-3))) })
	if err != nil {
		t.Fatal(err)
	}
	const n = 256
	x := make([]float64, n*n)
	for i := range x {
		x[i] = float64(i%7) / 7
	}
	call := func() float64 {
		out, err := exec.Call1(tensors.FromFlatDataAndDimensions(x, n, n), tensors.FromFlatDataAndDimensions(x, n, n))
		if err != nil {
			t.Error(err)
			return 0
		}
		return tensors.ToScalar[float64](out)
	}
	want := call()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				if got := call(); got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
}
