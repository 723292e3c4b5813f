package kernelspec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// ModulePath is the module whose packages the notebooks use.
const ModulePath = "github.com/gomlx-cme/cme"

// ErrNoModule is returned when no usable go.mod was found.
var ErrNoModule = errors.New("kernelspec: no go.mod found that is, or requires, " + ModulePath)

// FindModule returns the directory of the nearest go.mod, from dir upwards,
// whose module is ModulePath or requires it. The second case lets people keep
// notebooks in projects of their own. If there is none, FindModule falls back
// to the first of the other directories that qualifies, and otherwise returns
// ErrNoModule.
func FindModule(dir string, others ...string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	for at := abs; ; at = filepath.Dir(at) {
		if usable(at) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, other := range others {
		if other != "" && usable(other) {
			return filepath.Abs(other)
		}
	}
	return "", fmt.Errorf("%w (looked in %s and above)", ErrNoModule, abs)
}

// Workspace returns the directories of the modules that the cells of a notebook
// in dir see: that of FindModule and, if it only requires ours, also root, so
// that our packages are those on disk, with no need to fetch the version that
// it asks for.
func Workspace(dir, root string) ([]string, error) {
	found, err := FindModule(dir, root)
	if err != nil {
		return nil, err
	}
	modules := []string{found}
	if path, _ := modulePath(found); path == ModulePath || root == "" {
		return modules, nil
	}
	if path, _ := modulePath(root); path != ModulePath {
		return modules, nil
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, fmt.Errorf("kernelspec: %w", err)
	}
	return append(modules, root), nil
}

// usable says whether dir holds a go.mod through which cells can import us.
func usable(dir string) bool {
	path, required := modulePath(dir)
	return path == ModulePath && holdsPackages(dir) || slices.Contains(required, ModulePath)
}

// holdsPackages tells our module from a go.mod of ours that somebody has left
// elsewhere.
func holdsPackages(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "kernelext"))
	return err == nil && info.IsDir()
}

// modulePath returns the path of the module in dir and of those that it
// requires; both are empty if there is none that can be read.
func modulePath(dir string) (path string, required []string) {
	name := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return "", nil
	}
	mod, err := modfile.ParseLax(name, text, nil)
	if err != nil || mod.Module == nil {
		return "", nil
	}
	for _, r := range mod.Require {
		required = append(required, r.Mod.Path)
	}
	return mod.Module.Mod.Path, required
}
