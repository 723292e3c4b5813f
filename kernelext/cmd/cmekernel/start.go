package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gomlx-cme/cme/kernelext/kernelspec"
	"github.com/spf13/cobra"
)

func startCommand() *cobra.Command {
	var kernel, root, goDir, backend string
	c := &cobra.Command{
		Use:   "start",
		Short: "Become GoNB for one notebook; Jupyter calls this",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if kernel == "" {
				return fmt.Errorf("%w: --kernel FILE is missing: Jupyter passes its connection file there", errUsage)
			}
			modules, err := kernelspec.Workspace(".", root)
			if err != nil {
				return fmt.Errorf("%w: move the notebook below the module, or run \"cmekernel install\" again inside it", err)
			}
			box, err := toolbox(goDir, backend)
			if err != nil {
				return err
			}
			env := kernelspec.Environ(os.Environ(), box)
			// The search below must see the PATH that GoNB will see.
			for _, e := range env {
				if len(e) > 5 && e[:5] == "PATH=" {
					if err := os.Setenv("PATH", e[5:]); err != nil {
						return err
					}
				}
			}
			gonb, err := exec.LookPath("gonb")
			if err != nil {
				return fmt.Errorf("%w: run \"make setup\" in %s", err, modules[len(modules)-1])
			}
			err = syscall.Exec(gonb, []string{"gonb", "--kernel", kernel, "-go_work=" + strings.Join(modules, ",")}, env)
			return fmt.Errorf("starting %s: %w", gonb, err)
		},
	}
	c.Flags().StringVar(&kernel, "kernel", "", "connection file")
	c.Flags().StringVar(&root, "root", "", "module to use if none lies above the notebook")
	c.Flags().StringVar(&goDir, "go-bin", "", "directory of the go command, used if it is not on PATH")
	c.Flags().StringVar(&backend, "backend", "", "value for GOMLX_BACKEND if that is not set")
	return c
}

// toolbox puts the directory of cmekernel first, where gonb and goimports lie.
func toolbox(goDir, backend string) (kernelspec.Toolbox, error) {
	program, err := os.Executable()
	if err != nil {
		return kernelspec.Toolbox{}, err
	}
	box := kernelspec.Toolbox{Bin: []string{filepath.Dir(program)}, Backend: backend}
	if _, err := exec.LookPath("go"); err != nil {
		box.Bin = append(box.Bin, goDir)
	}
	return box, nil
}
