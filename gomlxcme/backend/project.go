package backend

import (
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// modulePath is the module in whose checkout a .venv may hold plugins.
const modulePath = "github.com/gomlx-cme/cme"

// projects lists the checkouts above the working directory, where notebooks and
// tests run, and above the program, which may be called from anywhere.
func projects() []string {
	var list []string
	add := func(folder string) {
		if root := projectAbove(folder); root != "" && !slices.Contains(list, root) {
			list = append(list, root)
		}
	}
	if folder, err := os.Getwd(); err == nil {
		add(folder)
	}
	if program, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(program); err == nil {
			program = real
		}
		add(filepath.Dir(program))
	}
	return list
}

// projectAbove returns the nearest folder from here upwards with the go.mod of
// our module, or nothing.
func projectAbove(folder string) string {
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil && modfile.ModulePath(text) == modulePath {
			return folder
		}
		up := filepath.Dir(folder)
		if up == folder {
			return ""
		}
		folder = up
	}
}
