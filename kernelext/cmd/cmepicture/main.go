// Command cmepicture draws the picture of the README: the marginals of the
// toggle switch at t = 1 by the network, beside the exact ones and an ensemble.
//
//	go run ./kernelext/cmd/cmepicture FILE.svg
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: cmepicture FILE.svg")
		os.Exit(2)
	}
	if err := draw(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "cmepicture:", err)
		os.Exit(1)
	}
}

func draw(path string) error {
	const end, runs, seed = 1.0, 10_000, 1
	ctx, times := context.Background(), []float64{end}
	entry, err := systems.Lookup("toggle-switch")
	if err != nil {
		return err
	}
	c, err := entry.Build().Compile()
	if err != nil {
		return err
	}
	exact, err := fsp.Solve(ctx, c, fsp.Settings{Times: times})
	if err != nil {
		return err
	}
	ensemble, err := ssa.Run(ctx, c, ssa.Settings{Times: times, Runs: runs, Seed: seed})
	if err != nil {
		return err
	}
	network, err := evolve.Run(ctx, c, evolve.Settings{Times: times, Seed: seed, Hook: run.NewBar(os.Stderr)})
	if err != nil {
		return err
	}
	svg, err := kernelext.DrawMarginals(
		kernelext.Style{Title: "Toggle switch", Species: []string{"Px", "Py"}}, end,
		kernelext.Answer{Label: "exact (FSP)", Snapshots: exact.Snapshots},
		kernelext.Answer{Label: "SSA", Snapshots: ensemble.Snapshots},
		kernelext.Answer{Label: "network", Snapshots: network.Snapshots},
	)
	if err != nil {
		return err
	}
	return os.WriteFile(path, svg, 0o644)
}
