package sweeps

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ErrProgram says that the program cme, which computes the points, is not here.
var ErrProgram = errors.New("sweeps: the program cme is missing")

// moduleLine tells the go.mod of this project.
const moduleLine = "module github.com/gomlx-cme/cme\n"

// Program finds the program that computes points: bin/cme of the project that the
// notebook stands in, which is built if it is missing or old, or else the cme that
// is on the path.
func Program() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrProgram, err)
	}
	for at := folder; ; at = filepath.Dir(at) {
		text, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), moduleLine) {
			return build(at)
		}
		if filepath.Dir(at) == at {
			break
		}
	}
	path, err := exec.LookPath("cme")
	if err != nil {
		return "", fmt.Errorf("%w: there is none above %s and none on the path; put bin/cme, which \"make build\" makes, on the path", ErrProgram, folder)
	}
	return path, nil
}

// build brings bin/cme of a project up to date.
func build(root string) (string, error) {
	program := filepath.Join(root, "bin", "cme")
	c := exec.Command("go", "build", "-buildvcs=false", "-o", program, "./gomlxcme/cmd/cme") // a commit alone makes it no older
	c.Dir = root
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: go build: %w: %s", ErrProgram, err, strings.TrimSpace(string(text)))
	}
	return program, nil
}
