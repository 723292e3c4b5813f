package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gomlx-cme/cme/kernelext/kernelspec"
	"github.com/spf13/cobra"
)

func installCommand() *cobra.Command {
	var prefix, root, backend string
	c := &cobra.Command{
		Use:   "install",
		Short: "Write the kernel specification, for the user or below a prefix such as .venv",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			program, err := os.Executable()
			if err != nil {
				return err
			}
			if root == "" {
				if root, err = kernelspec.FindModule("."); err != nil {
					return fmt.Errorf("%w: run this inside the repository, or name it with --root", err)
				}
			} else if root, err = kernelspec.FindModule(root); err != nil {
				return fmt.Errorf("%w: --root: %w", errUsage, err)
			}
			file, err := kernelspec.Install(prefix, kernelspec.New(kernelspec.Launch{
				Program: program, Root: root, GoBin: goBin(), Backend: backend,
			}))
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "installed %q in %s\n", kernelspec.DisplayName, filepath.Dir(file))
			return err
		},
	}
	c.Flags().StringVar(&prefix, "prefix", "", "install below this directory, for example .venv (default: for the user)")
	c.Flags().StringVar(&root, "root", "", "module for notebooks that lie outside any (default: the one here)")
	c.Flags().StringVar(&backend, "backend", "", "value for GOMLX_BACKEND in notebooks (default: automatic)")
	return c
}

func uninstallCommand() *cobra.Command {
	var prefix string
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Remove the kernel specification",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			file, err := kernelspec.Uninstall(prefix)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), "removed", filepath.Dir(file))
			return err
		},
	}
	c.Flags().StringVar(&prefix, "prefix", "", "where it was installed (default: for the user)")
	return c
}

// goBin is the directory of the go command, or empty if there is none.
func goBin() string {
	path, err := exec.LookPath("go")
	if err != nil {
		return ""
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	return filepath.Dir(path)
}
