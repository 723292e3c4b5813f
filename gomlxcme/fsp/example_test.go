package fsp_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// Molecules that appear and decay, without a cap: the box grows until no more than the tolerance is lost.
func ExampleSolve() {
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
	r, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1, 10}, Tolerance: 1e-9})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range r.Snapshots {
		m := s.Dist.Moment(0)
		bound, _ := s.Diagnostics.Get("truncation_bound")
		fmt.Printf("t = %2g: mean %.6f, sd %.5f, bound below 1e-9: %t\n", s.Time, m.Mean, m.SD, bound < 1e-9)
	}
	// Output:
	// t =  1: mean 3.160603, sd 1.77781, bound below 1e-9: true
	// t = 10: mean 4.999773, sd 2.23602, bound below 1e-9: true
}

// The law on the nearest states for a short time, as a neural solver needs it for its start.
func ExampleProjection() {
	n := crn.New("birth")
	n.Param("k", 2)
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.React("0 -> X", "k")
	c, err := n.Compile()
	if err != nil {
		log.Fatal(err)
	}
	p, err := fsp.NewProjection(c, 4)
	if err != nil {
		log.Fatal(err)
	}
	if err := p.Advance(context.Background(), 0, 0.1); err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.States())
	fmt.Printf("%.6f lost %.6f\n", p.Probabilities(), p.Lost())
	// Output:
	// [0 1 2 3]
	// [0.818731 0.163746 0.016375 0.001092] lost 0.000057
}
