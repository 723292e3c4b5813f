package kernelspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
)

const (
	// Name is the kernel's name: the directory of its kernel.json, and what
	// notebooks name in their metadata.
	Name = "gomlx-cme"
	// DisplayName is what people see in Jupyter's menus.
	DisplayName = "Go (GoNB, GoMLX-CME)"
	// PlotlyPath is where plotly.js lies below the folder labextensions of Jupyter's
	// data directory, from which JupyterLab serves it to pages.
	PlotlyPath = Name + "/plotly.min.js"
)

// Plotly returns the file of plotly.js below prefix (see DataDir), there or not.
func Plotly(prefix string) (string, error) {
	data, err := DataDir(prefix)
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "labextensions", filepath.FromSlash(PlotlyPath)), nil
}

// ErrForeign is returned when a kernel of our name was not made by Install.
var ErrForeign = errors.New("kernelspec: a kernel named " + Name + " is there that cmekernel did not install")

// Spec is the content of a kernel.json.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata,omitempty"`
}

// Launch says how Jupyter starts the kernel.
type Launch struct {
	Program string // absolute path of cmekernel
	Root    string // module to use for notebooks that lie outside any
	GoBin   string // directory of the go command, for a Jupyter with a short PATH
	Backend string // value for GOMLX_BACKEND, or empty
}

// New returns the kernel specification for l.
func New(l Launch) Spec {
	argv := []string{l.Program, "start"}
	for _, f := range [][2]string{{"--root", l.Root}, {"--go-bin", l.GoBin}, {"--backend", l.Backend}} {
		if f[1] != "" {
			argv = append(argv, f[0], f[1])
		}
	}
	return Spec{
		Argv:          append(argv, "--kernel", "{connection_file}"),
		DisplayName:   DisplayName,
		Language:      "go",
		InterruptMode: "message",
		Env:           map[string]string{},
		Metadata:      map[string]any{"installed_by": "cmekernel"},
	}
}

// DataDir returns Jupyter's data directory: PREFIX/share/jupyter for a prefix
// such as a virtual environment, and the user's own for an empty prefix.
func DataDir(prefix string) (string, error) {
	if prefix != "" {
		abs, err := filepath.Abs(prefix)
		if err != nil {
			return "", fmt.Errorf("kernelspec: %w", err)
		}
		return filepath.Join(abs, "share", "jupyter"), nil
	}
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("kernelspec: no home directory (%w): use --prefix", err)
	}
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", "Jupyter"), nil
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), nil
}

// Install writes the specification below prefix (see DataDir) and returns the
// path of the kernel.json. Installing again replaces the earlier one.
func Install(prefix string, s Spec) (string, error) {
	data, err := DataDir(prefix)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(data, "kernels", Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	file := filepath.Join(dir, "kernel.json")
	temporary := file + ".new"
	if err := os.WriteFile(temporary, append(text, '\n'), 0o644); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	if err := os.Rename(temporary, file); err != nil {
		return "", fmt.Errorf("kernelspec: %w", err)
	}
	return file, nil
}

// Installed reads the specification below prefix and says where it lies. The
// error wraps os.ErrNotExist if there is none.
func Installed(prefix string) (Spec, string, error) {
	data, err := DataDir(prefix)
	if err != nil {
		return Spec{}, "", err
	}
	file := filepath.Join(data, "kernels", Name, "kernel.json")
	text, err := os.ReadFile(file)
	if err != nil {
		return Spec{}, file, fmt.Errorf("kernelspec: %w", err)
	}
	var s Spec
	if err := json.Unmarshal(text, &s); err != nil {
		return Spec{}, file, fmt.Errorf("kernelspec: %s: %w", file, err)
	}
	return s, file, nil
}

// Uninstall removes the specification below prefix and returns where it was.
// It returns ErrForeign, and removes nothing, if something else put it there.
func Uninstall(prefix string) (string, error) {
	s, file, err := Installed(prefix)
	if err != nil {
		return file, err
	}
	if !slices.Contains(s.Argv, "start") || s.Metadata["installed_by"] != "cmekernel" {
		return file, fmt.Errorf("%w: %s", ErrForeign, file)
	}
	if err := os.RemoveAll(filepath.Dir(file)); err != nil {
		return file, fmt.Errorf("kernelspec: %w", err)
	}
	return file, nil
}
