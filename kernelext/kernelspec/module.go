package kernelspec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

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

// usable says whether dir holds a go.mod through which cells can import us.
func usable(dir string) bool {
	name := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	mod, err := modfile.ParseLax(name, text, nil)
	if err != nil || mod.Module == nil {
		return false
	}
	if mod.Module.Mod.Path == ModulePath {
		return true
	}
	for _, r := range mod.Require {
		if r.Mod.Path == ModulePath {
			return true
		}
	}
	return false
}
