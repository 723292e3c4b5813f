package fetch

import (
	"bytes"
	"context"
	_ "embed" // the pinned wheels
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

var (
	// ErrDevice is returned for a device that no plugin is known for.
	ErrDevice = errors.New("fetch: no plugin")
	// ErrPython is returned where no Python with pip is found.
	ErrPython = errors.New("fetch: no pip")
	// ErrDownload is returned when pip cannot get the wheels, or gets others than
	// the pinned ones. Nothing has been installed.
	ErrDownload = errors.New("fetch: the plugin could not be fetched")
	// ErrFolder is returned when the folder for plugins cannot be written.
	ErrFolder = errors.New("fetch: cannot write plugins")
)

//go:embed cpu.txt
var cpuWheels string

//go:embed cuda.txt
var cudaWheels string

// Source says where a plugin comes from.
type Source struct {
	Device string // "cpu" or "cuda"
	Wheels string // requirements for pip, each with its hash
	Plugin string // pattern of the plugin's path in the folder that pip fills
}

// SourceOf returns the source of the plugin for "cpu" or "cuda". The error wraps
// ErrDevice for other devices, and where there are no wheels for this computer.
func SourceOf(device string) (Source, error) {
	s := Source{Device: device}
	switch device {
	case "cpu":
		s.Wheels, s.Plugin = cpuWheels, "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"
	case "cuda":
		s.Wheels, s.Plugin = cudaWheels, "jax_plugins/xla_cuda13/xla_cuda_plugin.so"
	default:
		return s, fmt.Errorf("%w for %q; there are those for \"cpu\" and \"cuda\"", ErrDevice, device)
	}
	if platform := runtime.GOOS + "/" + runtime.GOARCH; platform != "linux/amd64" {
		return s, fmt.Errorf("%w for %s on %s, only for linux/amd64; the Go backend works everywhere", ErrDevice, device, platform)
	}
	return s, nil
}

// installed is the name of the file that says which wheels a folder holds.
const installed = "installed.txt"

// Install puts the plugin of s into the folder home/DEVICE and returns its path,
// and whether it was there already. Whatever fails, home/DEVICE is as it was
// before. Errors wrap ErrPython, ErrDownload or ErrFolder.
func Install(ctx context.Context, s Source, home string) (path string, already bool, err error) {
	folder := filepath.Join(home, s.Device)
	path = filepath.Join(folder, filepath.FromSlash(s.Plugin))
	if text, err := os.ReadFile(filepath.Join(folder, installed)); err == nil && string(text) == s.Wheels {
		if _, err := os.Stat(path); err == nil {
			return path, true, nil
		}
	}
	python, err := findPython(ctx)
	if err != nil {
		return "", false, err
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", false, fmt.Errorf("%w: %w; set XDG_DATA_HOME to a folder that can be written", ErrFolder, err)
	}
	stage, err := os.MkdirTemp(home, ".new-"+s.Device+"-")
	if err != nil {
		return "", false, fmt.Errorf("%w: %w; set XDG_DATA_HOME to a folder that can be written", ErrFolder, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	fresh := filepath.Join(stage, "fresh")
	if err := pip(ctx, python, s, stage, fresh); err != nil {
		return "", false, err
	}
	if _, err := os.Stat(filepath.Join(fresh, filepath.FromSlash(s.Plugin))); err != nil {
		return "", false, fmt.Errorf("%w: the wheels hold no %s", ErrDownload, s.Plugin)
	}
	if err := os.WriteFile(filepath.Join(fresh, installed), []byte(s.Wheels), 0o644); err != nil {
		return "", false, fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return path, false, replace(fresh, folder, filepath.Join(stage, "old"))
}

// replace puts fresh in the place of folder; what was there goes to old.
func replace(fresh, folder, old string) error {
	if err := os.Rename(folder, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	if err := os.Rename(fresh, folder); err != nil {
		_ = os.Rename(old, folder) // back to what there was; the first error says what is wrong
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	return nil
}

// findPython returns a Python 3 that has pip.
func findPython(ctx context.Context) (string, error) {
	for _, name := range []string{"python3", "python"} {
		program, err := exec.LookPath(name)
		if err == nil && exec.CommandContext(ctx, program, "-c", "import pip").Run() == nil {
			return program, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return "", fmt.Errorf("%w: plugins come as Python wheels, and no python3 with pip is on PATH; install pip (\"apt-get install python3-pip\" on Debian)", ErrPython)
}

// pip fills the folder target with the wheels, after it has checked their hashes.
func pip(ctx context.Context, python string, s Source, stage, target string) error {
	list := filepath.Join(stage, "wheels.txt")
	if err := os.WriteFile(list, []byte(s.Wheels), 0o644); err != nil {
		return fmt.Errorf("%w: %w", ErrFolder, err)
	}
	cmd := exec.CommandContext(ctx, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--retries", "1",
		"--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes", "--target", target, "--requirement", list)
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, &told
	// Settings of the user's that would lead elsewhere than to target.
	cmd.Env = append(os.Environ(), "PIP_USER=0", "PIP_REQUIRE_VIRTUALENV=0")
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %s; nothing was installed", ErrDownload, reason(told.String(), err))
	}
	return nil
}

// reason picks from pip's messages the one that says what is wrong.
func reason(told string, err error) string {
	if strings.Contains(told, "DO NOT MATCH THE HASHES") {
		return "a wheel is not the pinned one, its hash differs; do not use this index"
	}
	for line := range strings.Lines(told) {
		if text, ok := strings.CutPrefix(line, "ERROR: "); ok {
			return "pip says " + strings.TrimSpace(text) + " (pip's settings, such as PIP_INDEX_URL, say where it looks)"
		}
	}
	return fmt.Sprintf("pip ended with %v", err)
}
