package backend

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Plugin is a PJRT plugin that was found on this computer. Nothing of it has been
// loaded: the file may be broken.
type Plugin struct {
	Path    string // absolute
	Device  string // what it computes on, by its name: "cuda", "cpu", …
	Version string // of the wheel that it came in, or empty
	Place   string // what found it, for people
}

const (
	cpuPlugin  = "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"      // in the wheel xla-cpu-pjrt
	cudaPlugin = "jax_plugins/xla_cuda[0-9]*/xla_cuda_plugin.so" // in the wheels jax-cuda12-pjrt, jax-cuda13-pjrt
	goxlaName  = "pjrt_c_api_*_plugin.so"                        // what go-xla's installer writes
)

// searchVariable is go-xla's list of folders with plugins. If it is set, plugins
// are looked for there alone.
const searchVariable = "PJRT_PLUGIN_LIBRARY_PATH"

// Plugins lists the installed PJRT plugins, CUDA before others and otherwise in
// this order: the .venv of the project above the working directory or the
// program, the active virtual environment, what "cme backend install" has fetched
// (Home), and the folders that go-xla's own installer writes to. GoMLX's driver
// loads every file that it finds in a search, and panics on a broken one; here
// nothing is loaded.
func Plugins() []Plugin {
	var found []Plugin
	add := func(pattern, place string) {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return // the folder's name is no pattern
		}
		for _, path := range matches {
			path, err := filepath.Abs(path)
			if err != nil || slices.ContainsFunc(found, func(p Plugin) bool { return p.Path == path }) {
				continue
			}
			found = append(found, Plugin{Path: path, Device: deviceOf(path), Version: wheelVersion(path), Place: place})
		}
	}
	if folders := filepath.SplitList(os.Getenv(searchVariable)); len(folders) > 0 {
		for _, folder := range folders {
			add(filepath.Join(folder, goxlaName), searchVariable)
		}
	} else {
		for _, t := range trees() {
			add(filepath.Join(t.folder, cudaPlugin), t.place)
			add(filepath.Join(t.folder, cpuPlugin), t.place)
		}
		for _, folder := range goxlaFolders() {
			add(filepath.Join(folder, goxlaName), "go-xla's folder")
		}
	}
	slices.SortStableFunc(found, func(a, b Plugin) int { return rank(a) - rank(b) })
	return found
}

// called returns the first plugin for a device, or of all if none is named.
func called(device string) (Plugin, error) {
	found := Plugins()
	for _, p := range found {
		if device == "" || p.Device == device {
			return p, nil
		}
	}
	if device == "" {
		device = "cpu"
	} else if len(found) > 0 {
		return Plugin{}, fmt.Errorf("%w: no XLA plugin for %q is installed, only for %q; get one with \"cme backend install\", or name a PJRT plugin as xla:/absolute/path.so", ErrUnavailable, device, found[0].Device)
	}
	return Plugin{}, fmt.Errorf("%w: no XLA plugin is installed; use \"go\", run \"cme backend install %s\", or name a PJRT plugin as xla:/absolute/path.so", ErrUnavailable, device)
}

func rank(p Plugin) int {
	if p.Device == "cuda" {
		return 0
	}
	return 1
}

// deviceOf tells by the name of a file what it computes on.
func deviceOf(path string) string {
	name := filepath.Base(path)
	switch {
	case strings.Contains(name, "cuda"):
		return "cuda"
	case strings.Contains(name, "cpu"):
		return "cpu"
	}
	name = strings.TrimPrefix(name, "pjrt_c_api_")
	return strings.TrimSuffix(name, "_plugin.so")
}

// tree is a folder laid out as Python's site-packages.
type tree struct{ folder, place string }

func trees() []tree {
	var list []tree
	venv := func(root, place string) {
		folders, _ := filepath.Glob(filepath.Join(root, "lib", "python3*", "site-packages"))
		for _, f := range folders {
			list = append(list, tree{f, place})
		}
	}
	for _, root := range projects() {
		venv(filepath.Join(root, ".venv"), "the project's .venv")
	}
	if v := os.Getenv("VIRTUAL_ENV"); v != "" {
		venv(v, "the active virtual environment")
	}
	if home, err := Home(); err == nil {
		folders, _ := filepath.Glob(filepath.Join(home, "*"))
		for _, f := range folders {
			// What begins with a point is on its way, not installed.
			if !strings.HasPrefix(filepath.Base(f), ".") {
				list = append(list, tree{f, "cme backend install"})
			}
		}
	}
	return list
}

// Home is the folder in which "cme backend install" puts plugins, one folder for
// each device: gomlx-cme/plugins in XDG_DATA_HOME, or in ~/.local/share.
func Home() (string, error) {
	data := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(data) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("backend: no home directory for plugins: %w; set XDG_DATA_HOME", err)
		}
		data = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(data, "gomlx-cme", "plugins"), nil
}

func goxlaFolders() []string {
	list := []string{"/usr/local/lib/go-xla"}
	if home, err := os.UserHomeDir(); err == nil {
		list = append([]string{filepath.Join(home, ".local", "lib", "go-xla")}, list...)
	}
	var all []string
	for _, folder := range list {
		all = append(all, folder, filepath.Join(folder, "nvidia")) // CUDA's lies beside its libraries
	}
	return all
}

// wheelVersion reads the version of the wheel from the folder that pip leaves
// beside its packages, as in xla_cpu_pjrt-0.0.1.dist-info.
func wheelVersion(plugin string) string {
	packages := filepath.Dir(filepath.Dir(filepath.Dir(plugin)))
	name := filepath.Base(filepath.Dir(plugin))
	for _, stem := range []string{name, strings.Replace(name, "xla_cuda", "jax_cuda", 1) + "_pjrt"} {
		folders, _ := filepath.Glob(filepath.Join(packages, stem+"-*.dist-info"))
		for _, f := range folders {
			return strings.TrimSuffix(strings.TrimPrefix(filepath.Base(f), stem+"-"), ".dist-info")
		}
	}
	return ""
}

// hasGPU tells whether the driver of an NVIDIA GPU is at work. A CUDA plugin
// without one fails only after having been loaded, and not without noise.
func hasGPU() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	for _, pattern := range []string{"/dev/nvidia*", "/dev/dxg"} { // the second is that of Windows' subsystem
		if found, err := filepath.Glob(pattern); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}
