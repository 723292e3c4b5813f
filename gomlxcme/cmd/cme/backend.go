package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/backend/fetch"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func newBackend() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "backend",
		Short: "Show which compute backend is used and which are installed",
		Long: "backend shows on which backend the networks of solve are computed and why, which others are installed, and how to get them.\n" +
			"The first of these decides: --backend, the variable " + backend.Variable + ", a CUDA plugin of XLA where there is an NVIDIA GPU,\n" +
			"a CPU plugin, and otherwise GoMLX's pure-Go backend, which is always there. Very small models stay on the Go backend.\n" +
			"A plugin that cannot be loaded is named and passed over.",
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := backend.Open(name)
			if err != nil {
				return refused(err, backend.ErrUnknown, backend.ErrUnavailable)
			}
			return printBackend(cmd.OutOrStdout(), b)
		},
	}
	cmd.Flags().StringVar(&name, "backend", "", "try `NAME` instead of the automatic choice")
	cmd.AddCommand(newBackendInstall())
	return cmd
}

// printBackend says what is used, what else is there, and how to get what is not.
func printBackend(w io.Writer, b *backend.Backend) error {
	// GoMLX puts what was asked for before what it got.
	fmt.Fprintf(w, "%s\n  %s\n", b.Line(), strings.TrimPrefix(b.Description(), b.Config+" - "))
	for i, d := range b.Devices() {
		fmt.Fprintf(w, "  device %d: %s\n", i, d)
	}
	var versions []string
	for _, module := range []string{"github.com/gomlx/gomlx", "github.com/gomlx/compute", "github.com/gomlx/go-xla"} {
		if v := run.Versions()[module]; v != "" {
			versions = append(versions, strings.TrimPrefix(module, "github.com/gomlx/")+" "+v)
		}
	}
	fmt.Fprintf(w, "  %s\n\ninstalled, in the order of preference:\n", strings.Join(versions, ", "))
	var rows [][]string
	for _, i := range backend.Installed() {
		rows = append(rows, []string{i.Kind.String(), i.Device, i.Detail, i.Name})
	}
	if err := leftTable(w, []string{"backend", "device", "from", "name"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nchoose with --backend NAME or %s=NAME; short names are go, xla:cpu, xla:cuda\n"+
		"get XLA for the CPU: cme backend install cpu (\"make setup\" does so too), or pip install xla-cpu-pjrt==0.0.1\n"+
		"get XLA for NVIDIA GPUs: cme backend install cuda (about 2 GB; driver 580 or later)\n", backend.Variable)
	return err
}

func newBackendInstall() *cobra.Command {
	return &cobra.Command{
		Use:   "install cpu|cuda",
		Short: "Fetch a plugin of XLA with pip, in a pinned version with its hash",
		Long: "install fetches the plugin of XLA for the CPU, or for NVIDIA GPUs together with the libraries of CUDA that it needs, as Python\n" +
			"wheels, with pip and from the index that pip is set to use. Versions and hashes are pinned. The plugin goes to\n" +
			"gomlx-cme/plugins in XDG_DATA_HOME or ~/.local/share, where it is found by itself; to be rid of it, remove that folder.",
		Example: "  cme backend install cpu",
		Args:    exactly("cpu|cuda"),
		RunE: func(cmd *cobra.Command, args []string) error {
			source, err := fetch.SourceOf(args[0])
			if err != nil {
				return refusedFetch(err)
			}
			home, err := backend.Home()
			if err != nil {
				return &usageError{err}
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "fetching the plugin for %s\n", source.Device)
			path, already, err := fetch.Install(cmd.Context(), source, home)
			if err != nil {
				return refusedFetch(err)
			}
			what := "installed"
			if already {
				what = "already there:"
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s\n", what, path)
			return err
		},
	}
}

func refusedFetch(err error) error {
	return refused(err, fetch.ErrDevice, fetch.ErrPython, fetch.ErrDownload, fetch.ErrFolder)
}
