//go:build cgo

package backend

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/go-xla/compute/xla"
)

const hasXLA = true

// pathVariable is go-xla's list of folders with plugins.
const pathVariable = "PJRT_PLUGIN_LIBRARY_PATH"

// plugins lists the paths of installed PJRT plugins, CUDA before others: files
// pjrt_c_api_NAME_plugin.so in the folders of PJRT_PLUGIN_LIBRARY_PATH, or else
// in those that go-xla installs to. The driver's own search loads every file that
// it finds, and panics on a broken one; here nothing is loaded.
func plugins() []string {
	xla.EnableAutoInstall(false) // nothing is downloaded at run time
	folders := filepath.SplitList(os.Getenv(pathVariable))
	if len(folders) == 0 {
		if home, err := os.UserHomeDir(); err == nil {
			folders = append(folders, filepath.Join(home, ".local", "lib", "go-xla"))
		}
		folders = append(folders, "/usr/local/lib/go-xla")
	}
	var found []string
	for _, folder := range folders {
		matches, err := filepath.Glob(filepath.Join(folder, "pjrt_c_api_*_plugin.so"))
		if err != nil {
			continue // the folder's name is no pattern
		}
		for _, path := range matches {
			if path, err = filepath.Abs(path); err == nil {
				found = append(found, path)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b string) int {
		return rank(a) - rank(b)
	})
	return found
}

func rank(path string) int {
	if strings.Contains(filepath.Base(path), "cuda") {
		return 0
	}
	return 1
}
