package run

import (
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// noted are the dependencies whose versions can change a result.
var noted = []string{"github.com/gomlx/gomlx", "github.com/gomlx/compute", "github.com/gomlx/go-xla", "gonum.org/v1/gonum"}

// Versions says what program computed: the module, the source revision if it was built in, Go, the platform, and those
// dependencies whose numerics matter.
func Versions() map[string]string {
	v := map[string]string{"go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Path != "" {
		v[info.Main.Path] = info.Main.Version
	}
	for _, d := range info.Deps {
		if slices.Contains(noted, d.Path) {
			v[d.Path] = d.Version
			if d.Replace != nil {
				v[d.Path] = strings.TrimSpace(d.Replace.Path + " " + d.Replace.Version)
			}
		}
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision", "vcs.modified", "GOEXPERIMENT":
			v[s.Key] = s.Value
		}
	}
	return v
}
