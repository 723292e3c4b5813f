package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/spf13/cobra"
)

// newRoot builds the whole command line; results go to stdout, progress and remarks to stderr.
func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "cme",
		Short: "Stochastic reaction networks: trajectories, exact projection, neural network",
		Long: "cme computes how the counts of a stochastic reaction network are distributed over time, in three ways:\n" +
			"by trajectories (ssa), by finite state projection (fsp) and by an autoregressive neural network (solve).\n" +
			"MODEL is a name of the catalogue, which \"cme systems\" lists.",
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		newSystems(), newDescribe(),
		newSSA(), newFSP(), newSolve(),
		newCompare(), newExport(), newBackend(), newData(), newReduced(), newAsk(), newSplit(), newRare(), newJudge(), newSweep(),
	)
	root.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return unknownCommand(cmd, args[0])
	}
	return root
}

func unknownCommand(root *cobra.Command, typed string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	hint := ""
	if near := crn.Nearest(typed, names); near != "" {
		hint = fmt.Sprintf("did you mean %q? ", near)
	}
	return usagef("unknown command %q; %scommands are %s", typed, hint, strings.Join(names, ", "))
}
