package evolve_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// Neighbours is a proposal of our own: draws of the network, and beside each what
// every reaction makes of it, with a share of the weight.
type Neighbours struct {
	Draws int
	Share float64 // weight of a neighbour, that of a draw being 1
}

func (p Neighbours) String() string {
	return fmt.Sprintf("neighbours(draws=%d, share=%g)", p.Draws, p.Share)
}

// Propose draws as Vanilla does, and adds the states that one reaction reaches and
// the network knows.
func (p Neighbours) Propose(d evolve.Draw, add func(x []int32, weight float64)) error {
	return evolve.Vanilla{Draws: p.Draws}.Propose(d, func(x []int32, weight float64) {
		add(x, weight)
		y := make([]int32, len(x))
		for k := range d.System.NumReactions() {
			if d.System.Propensity(k, x, d.Time) == 0 {
				continue
			}
			for i, change := range d.System.Change(k) {
				y[i] = x[i] + change
			}
			if d.Model.Box.Contains(y) {
				add(y, p.Share*weight)
			}
		}
	})
}

// A new proposal is a type with two methods; nothing else changes.
func ExampleProposal() {
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
	times := []float64{2}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range []evolve.Proposal{Neighbours{Draws: 1000, Share: 0.1}, evolve.FullSum{}} {
		r, err := evolve.Run(context.Background(), c, evolve.Settings{Times: times, Seed: 1, Proposal: p})
		if err != nil {
			fmt.Println(err)
			return
		}
		d := dist.Hellinger(r.Snapshots[0].Dist.Marginal(0), exact.Snapshots[0].Dist.Marginal(0))
		fmt.Printf("%T: mean %.1f, distance below 0.01: %t\n", p, r.Snapshots[0].Dist.Moment(0).Mean, d.Value < 0.01)
	}
	// Output:
	// evolve_test.Neighbours: mean 4.3, distance below 0.01: true
	// evolve.FullSum: mean 4.3, distance below 0.01: true
}
