package evolve_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// The network's answer for a small model, beside the exact one.
func ExampleRun() {
	n := crn.New("immigration and death")
	n.Param("in", 5)
	n.Param("out", 1)
	n.AddSpecies("X", crn.Delta(0), 25)
	n.React("0 -> X", "in")
	n.React("X -> 0", "out")
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	times := []float64{1, 5}
	network, err := evolve.Run(context.Background(), c, evolve.Settings{Times: times, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, s := range network.Snapshots {
		d := dist.Hellinger(s.Dist.Marginal(0), exact.Snapshots[i].Dist.Marginal(0))
		fmt.Printf("t = %g: mean %.2f, distance below 0.005: %t\n", s.Time, s.Dist.Moment(0).Mean, d.Value < 0.005)
	}
	// Output:
	// t = 1: mean 3.16, distance below 0.005: true
	// t = 5: mean 4.97, distance below 0.005: true
}
