// Command cmekernel installs and starts the notebook kernel of this project: a
// stock, pinned GoNB whose cells see this module's packages.
//
//	cmekernel install [--prefix DIR] [--root DIR] [--backend NAME]
//	cmekernel start --kernel FILE      (Jupyter calls this)
//	cmekernel doctor [--prefix DIR] [--quick]
//	cmekernel uninstall [--prefix DIR]
//
// gonb, goimports and gopls are expected beside cmekernel itself, where
// "make setup" puts them, or else on PATH.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// errUsage marks bad input, for exit status 2.
var errUsage = errors.New("bad usage")

func main() {
	err := command().Execute()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "cmekernel:", err)
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:           "cmekernel",
		Short:         "The Jupyter kernel \"Go (GoNB, GoMLX-CME)\"",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return fmt.Errorf("%w: %w", errUsage, err)
	})
	root.AddCommand(installCommand(), startCommand(), doctorCommand(), uninstallCommand())
	return root
}
