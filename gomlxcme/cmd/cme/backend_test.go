package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func TestBackendNamesItsChoice(t *testing.T) {
	text := succeed(t, "backend", "--backend", "go").stdout
	for _, want := range []string{"backend go (asked for by name)", "device 0", "gomlx v", "installed", "xla-cpu-pjrt", "backend install cuda"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// A plugin that cannot be loaded is named, and the Go backend takes over.
func TestBackendNamesBrokenPlugins(t *testing.T) {
	folder := t.TempDir()
	broken := filepath.Join(folder, "pjrt_c_api_cpu_plugin.so")
	if err := os.WriteFile(broken, []byte("junk"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", folder)
	t.Setenv(backend.Variable, "")
	text := succeed(t, "backend").stdout
	if !strings.HasPrefix(text, "backend go (plugin "+broken+" was skipped") || !strings.Contains(text, "xla:"+broken) {
		t.Errorf("got\n%s", text)
	}
}

// Whatever stands in the way, the exit status is 2, one line says so, and nothing is
// left behind.
func TestBackendInstallRefuses(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	for name, value := range map[string]string{
		"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.DevNull, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1",
	} {
		t.Setenv(name, value) // nothing listens there
	}
	for _, args := range [][]string{{"cpu"}, {"cuda"}, {"tpu"}, {}, {"cpu", "cuda"}} {
		o := cme(t, append([]string{"backend", "install"}, args...)...)
		lines := strings.Split(strings.TrimPrefix(strings.TrimSpace(o.stderr), "fetching the plugin for "+strings.Join(args, "")+"\n"), "\n")
		if o.code != exitUsage || o.stdout != "" || len(lines) != 1 || !strings.HasPrefix(lines[0], "cme: ") {
			t.Errorf("%q: %+v", args, o)
		}
	}
	entries, err := os.ReadDir(filepath.Join(home, "gomlx-cme", "plugins"))
	if err == nil && len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Only the implicit scheme on a very small model keeps to the Go backend by itself.
func TestStatesOfABox(t *testing.T) {
	for name, want := range map[string]float64{"birth-death": 40, "gene-expression": 2400} {
		e, err := systems.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		n := e.Build()
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := boxStates(c); got != want {
			t.Errorf("%s: %v states, want %v", name, got, want)
		}
		if err := n.SetCap(n.Species[0].Name, crn.Unbounded); err != nil {
			t.Fatal(err)
		}
		if c, err = n.Compile(); err != nil {
			t.Fatal(err)
		}
		if got := boxStates(c); !math.IsInf(got, 1) {
			t.Errorf("%s without a cap: %v states", name, got)
		}
	}
}
