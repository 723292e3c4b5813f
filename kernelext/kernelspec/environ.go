package kernelspec

import (
	"os"
	"slices"
	"strings"
)

// Toolbox says what Environ puts into the environment of GoNB.
type Toolbox struct {
	// Bin lists directories that come first on PATH: goimports must be there,
	// and gopls for completion.
	Bin []string
	// Backend, if not empty, becomes GOMLX_BACKEND unless that is set already.
	Backend string
}

// Environ returns base, a list of NAME=VALUE as from os.Environ, changed so
// that GoNB compiles cells against the workspace: nothing is fetched from the
// network, the linker leaves out debug information, which halves its time, and
// matrix products use SIMD. A GOFLAGS or GOWORK of the user is replaced, since
// -mod=mod or GOWORK=off would break the workspace.
func Environ(base []string, t Toolbox) []string {
	env := slices.Clone(base)
	set := func(name, value string) {
		env = slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, name+"=") })
		env = append(env, name+"="+value)
	}
	get := func(name string) string {
		value := ""
		for _, e := range env {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				value = v
			}
		}
		return value
	}
	path := slices.DeleteFunc(slices.Clone(t.Bin), func(d string) bool { return d == "" })
	if old := get("PATH"); old != "" {
		path = append(path, old)
	}
	set("PATH", strings.Join(path, string(os.PathListSeparator)))
	set("GOPROXY", "off")
	set("GOFLAGS", "-ldflags=-w")
	set("GOEXPERIMENT", withSIMD(get("GOEXPERIMENT")))
	set("GOMLX_NO_AUTO_INSTALL", "1")
	if t.Backend != "" && get("GOMLX_BACKEND") == "" {
		set("GOMLX_BACKEND", t.Backend)
	}
	env = slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, "GOWORK=") })
	return env
}

// withSIMD adds simd to a comma-separated list of Go experiments.
func withSIMD(experiments string) string {
	if experiments == "" {
		return "simd"
	}
	list := strings.Split(experiments, ",")
	if slices.Contains(list, "simd") || slices.Contains(list, "nosimd") {
		return experiments
	}
	return experiments + ",simd"
}
