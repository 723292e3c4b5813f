package main

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/spf13/cobra"
)

func newBackend() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "backend",
		Short: "Show which compute backend is used and which are installed",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := backend.Open(name)
			if err != nil {
				return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
			}
			w := cmd.OutOrStdout()
			fmt.Fprintf(w, "%s\n\ninstalled, in the order of preference:\n", b.Line())
			var rows [][]string
			for _, i := range backend.Installed() {
				rows = append(rows, []string{i.Name, i.Detail})
			}
			if err := leftTable(w, []string{"name", "detail"}, rows); err != nil {
				return err
			}
			_, err = fmt.Fprintf(w, "\nchoose with --backend NAME or %s=NAME\n"+
				"get more: an XLA plugin (PJRT) for CPU or CUDA, installed by\n"+
				"  go run github.com/gomlx/go-xla/cmd/pjrt_installer@latest\n"+
				"is found by itself in ~/.local/lib/go-xla; any other is named as xla:/absolute/path.so\n", backend.Variable)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "backend", "", "try `NAME` instead of the automatic choice")
	return cmd
}
