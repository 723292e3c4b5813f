package ssa_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// Ten thousand runs of molecules that appear and decay; the exact law is Poisson with mean 5.
func ExampleRun() {
	n := crn.New("birth-death")
	n.Param("birth", 5)
	n.Param("death", 1)
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.React("0 -> X", "birth")
	n.React("X -> 0", "death")
	c, err := n.Compile()
	if err != nil {
		log.Fatal(err)
	}
	r, err := ssa.Run(context.Background(), c, ssa.Settings{Times: []float64{20}, Runs: 10_000, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	m := r.Snapshots[0].Dist.Moment(0)
	fmt.Printf("mean within four standard errors of 5: %t, standard error %.2f\n", m.Mean-5 < 4*m.MeanSE && 5-m.Mean < 4*m.MeanSE, m.MeanSE)
	// Output: mean within four standard errors of 5: true, standard error 0.02
}

// One trajectory with all its events, as for a plot.
func ExampleTrajectory() {
	n := crn.New("decay")
	n.Param("k", 1)
	n.AddSpecies("X", crn.Delta(3), crn.Unbounded)
	n.React("X -> 0", "k")
	c, err := n.Compile()
	if err != nil {
		log.Fatal(err)
	}
	p, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{100}, Seed: 1}, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.States, p.At(0), p.At(100))
	// Output: [3 2 1 0] [3] [0]
}
