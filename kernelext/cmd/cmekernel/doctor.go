package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gomlx-cme/cme/kernelext/kernelspec"
	"github.com/spf13/cobra"
)

// errSick is returned when a check failed; the report says which.
var errSick = errors.New("the kernel will not work as it is")

func doctorCommand() *cobra.Command {
	var (
		prefix string
		quick  bool
	)
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check what the kernel needs, and say how to mend it",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return examine(c.Context(), c.OutOrStdout(), prefix, quick)
		},
	}
	c.Flags().StringVar(&prefix, "prefix", "", "where the kernel was installed (default: for the user)")
	c.Flags().BoolVar(&quick, "quick", false, "do not build and run a cell, which finds backend and fonts")
	return c
}

// check is one line of the report.
type check struct {
	name     string
	optional bool
	probe    func() (detail string, err error)
	mend     string
}

func examine(ctx context.Context, w io.Writer, prefix string, quick bool) error {
	const setup = `run "make setup" in the repository`
	if ctx == nil {
		ctx = context.Background()
	}
	root := func() (string, error) { return kernelspec.FindModule(".", recordedRoot(prefix)) }
	here, _ := root() // an error shows in the check of the module
	checks := []check{
		{"go", false, func() (string, error) { return oldEnough(here) }, "install Go 1.26 or later: https://go.dev/dl"},
		{"module", false, root, "go into the repository"},
		{"gonb", false, func() (string, error) { return pinned(here) }, setup},
		{"goimports", false, func() (string, error) { return tool("goimports") }, setup},
		{"gopls", true, func() (string, error) { return tool("gopls") }, "completion will be missing; " + setup},
		{"kernelspec", false, func() (string, error) { return installed(prefix) }, `run "cmekernel install", with the same --prefix`},
		{"jupyter", true, func() (string, error) { return tool("jupyter", filepath.Join(prefix, "bin")) }, "notebooks run only where Jupyter is; " + setup},
		{"plotly", true, func() (string, error) { return interactive(prefix) }, "interactive figures are pictures; " + setup},
		{"cache", false, cache, "let GOCACHE name a folder that you may write to, with some GB free"},
	}
	if !quick {
		checks = append(checks, cellChecks(ctx, root)...)
	}
	sick := false
	for _, c := range checks {
		detail, err := c.probe()
		mark := "ok  "
		if err != nil {
			detail = fmt.Sprintf("%v: %s", err, c.mend)
			mark = "FAIL"
			if c.optional || errors.Is(err, errSlow) {
				mark = "warn"
			} else {
				sick = true
			}
		}
		if _, err := fmt.Fprintf(w, "%s  %-10s  %s\n", mark, c.name, detail); err != nil {
			return err
		}
	}
	if sick {
		return errSick
	}
	return nil
}

// tool finds a program as the kernel would: beside cmekernel, then on PATH. The
// other directories are looked at first.
func tool(name string, others ...string) (string, error) {
	if self, err := os.Executable(); err == nil {
		others = append(others, filepath.Dir(self))
	}
	for _, dir := range others {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && info.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return exec.LookPath(name)
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	return strings.TrimSpace(string(out)), err
}

func installed(prefix string) (string, error) {
	spec, file, err := kernelspec.Installed(prefix)
	if err != nil {
		return "", err
	}
	if len(spec.Argv) == 0 {
		return "", fmt.Errorf("%s names no program", file)
	}
	if _, err := os.Stat(spec.Argv[0]); err != nil {
		return "", fmt.Errorf("%s starts a program that is not there: %w", file, err)
	}
	return file, nil
}

// interactive finds plotly.js where JupyterLab serves it.
func interactive(prefix string) (string, error) {
	file, err := kernelspec.Plotly(prefix)
	if err != nil {
		return "", err
	}
	_, err = os.Stat(file)
	return file, err
}

func recordedRoot(prefix string) string {
	spec, _, err := kernelspec.Installed(prefix)
	if err != nil {
		return ""
	}
	for i, arg := range spec.Argv {
		if arg == "--root" && i+1 < len(spec.Argv) {
			return spec.Argv[i+1]
		}
	}
	return ""
}
