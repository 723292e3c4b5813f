//go:build cgo

package backend

import (
	"slices"
	"strings"

	"github.com/gomlx/go-xla/compute/xla"
)

const hasXLA = true

// plugins lists the names of installed PJRT plugins, CUDA before CPU.
func plugins() []string {
	xla.EnableAutoInstall(false) // nothing is downloaded at run time
	names := slices.Clone(xla.GetAvailablePlugins())
	slices.SortFunc(names, func(a, b string) int {
		if ca, cb := strings.Contains(a, "cuda"), strings.Contains(b, "cuda"); ca != cb {
			if ca {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}
