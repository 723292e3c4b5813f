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
				"get XLA for the CPU: pip install xla-cpu-pjrt==0.0.1, then\n"+
				"  --backend xla:/…/site-packages/xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so\n"+
				"a plugin in ~/.local/lib/go-xla named pjrt_c_api_NAME_plugin.so is found by itself\n", backend.Variable)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "backend", "", "try `NAME` instead of the automatic choice")
	return cmd
}
