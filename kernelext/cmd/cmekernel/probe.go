package main

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gomlx-cme/cme/kernelext/kernelspec"
	"golang.org/x/mod/modfile"
)

const (
	// slowBuild is the processor time of a build from when on the cache was cold.
	slowBuild = 10 * time.Second
	// probeTimeout is enough to build everything on a slow computer.
	probeTimeout = 10 * time.Minute
)

// errSlow says that a build took long.
var errSlow = errors.New("slow")

// oldEnough compares the go command with what a module asks for.
func oldEnough(root string) (string, error) {
	text, err := output("go", "env", "GOVERSION")
	if err != nil {
		return "", err
	}
	wanted, err := goVersion(root)
	if err == nil && wanted != "" && version.Compare(text, "go"+wanted) < 0 {
		return "", fmt.Errorf("%s is too old, the module asks for go%s", text, wanted)
	}
	return text, nil
}

// goVersion is what the go.mod in a directory asks for.
func goVersion(dir string) (string, error) {
	mod, err := goMod(dir)
	if err != nil || mod.Go == nil {
		return "", err
	}
	return mod.Go.Version, nil
}

func goMod(dir string) (*modfile.File, error) {
	name := filepath.Join(dir, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return modfile.ParseLax(name, text, nil)
}

// pinned finds GoNB and compares its version with the one that the tools' go.mod
// names, if there is one.
func pinned(root string) (string, error) {
	file, err := tool("gonb")
	if err != nil {
		return "", err
	}
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return file, nil // made in another way: nothing to compare
	}
	detail := fmt.Sprintf("%s, %s", file, info.Main.Version)
	mod, err := goMod(filepath.Join(root, "kernelext", "tools"))
	if err != nil {
		return detail, nil
	}
	for _, r := range mod.Require {
		if r.Mod.Path == info.Main.Path && r.Mod.Version != info.Main.Version {
			return "", fmt.Errorf("%s, but %s is pinned", detail, r.Mod.Version)
		}
	}
	return detail, nil
}

// cell builds and runs a program like a cell of a notebook in dir, and returns
// what it found, by name.
func cell(ctx context.Context, root string) (found map[string]string, took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	folder, err := os.MkdirTemp("", "cmekernel-")
	if err != nil {
		return nil, 0, err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "cell")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, kernelspec.ModulePath+"/kernelext/cmd/cmeprobe")
	build.Dir, build.Env = root, kernelspec.Environ(os.Environ(), kernelspec.Toolbox{})
	if text, err := build.CombinedOutput(); err != nil {
		return nil, 0, fmt.Errorf("%w: %s", err, firstLines(string(text)))
	}
	took = build.ProcessState.UserTime() + build.ProcessState.SystemTime()
	run := exec.CommandContext(ctx, program)
	run.Env = build.Env
	text, err := run.CombinedOutput()
	if err != nil {
		return nil, took, fmt.Errorf("%w: %s", err, firstLines(string(text)))
	}
	found = map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if name, what, ok := strings.Cut(line, "\t"); ok {
			found[name] = what
		}
	}
	return found, took, nil
}

// firstLines are the first few lines of a message, as one.
func firstLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[:min(3, len(lines))], "; ")
}

// cellChecks build a cell once and report it in parts.
func cellChecks(ctx context.Context, root func() (string, error)) []check {
	var found map[string]string
	part := func(name string) func() (string, error) {
		return func() (string, error) {
			if found[name] == "" {
				return "", errors.New("not known without a cell that runs")
			}
			return found[name], nil
		}
	}
	return []check{
		{"cell", false, func() (detail string, err error) {
			module, err := root()
			if err != nil {
				return "", err
			}
			var took time.Duration
			if found, took, err = cell(ctx, module); err != nil {
				return "", err
			}
			return fmt.Sprintf("built without the network, with %.1f s of the processor", took.Seconds()), isSlow(took)
		}, `run "make setup" in the repository, which builds all packages once`},
		{"backend", true, part("backend"), `see "bin/cme backend" for what can be installed`},
		{"fonts", true, part("fonts"), "figures use the viewer's fonts then"},
	}
}

// isSlow says that the build cache was cold. It is warm now, so that this is no
// reason to call the kernel sick.
func isSlow(took time.Duration) error {
	if took > slowBuild {
		return fmt.Errorf("%w: the first cell took %.0f s of the processor to build, the cache was cold", errSlow, took.Seconds())
	}
	return nil
}

// cache says where Go keeps what it has built, and that it can write there.
func cache() (string, error) {
	dir, err := output("go", "env", "GOCACHE")
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "cmekernel-")
	if err != nil {
		return "", err
	}
	return dir, errors.Join(f.Close(), os.Remove(f.Name()))
}
