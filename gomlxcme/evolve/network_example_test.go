package evolve_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
)

// A network is stored at time 5, loaded again, and goes on with twice the rate of
// immigration; the mean then tends from 5 to 10.
func ExampleLoadNetwork() {
	n := crn.New("immigration and death")
	n.Param("in", 5)
	n.Param("out", 1)
	n.AddSpecies("X", crn.Delta(0), 30)
	n.React("0 -> X", "in")
	n.React("X -> 0", "out")
	solve := func(s evolve.Settings) (*evolve.Result, error) {
		c, err := n.Compile()
		if err != nil {
			return nil, err
		}
		return evolve.Run(context.Background(), c, s)
	}
	var file bytes.Buffer
	_, err := solve(evolve.Settings{Times: []float64{5}, Seed: 1, Output: func(n *evolve.Network) error { return n.Save(&file) }})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := backend.Open("")
	if err != nil {
		fmt.Println(err)
		return
	}
	start, err := evolve.LoadNetwork(&file, b, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := n.SetParam("in", 10); err != nil {
		fmt.Println(err)
		return
	}
	r, err := solve(evolve.Settings{Times: []float64{5, 6, 15}, Seed: 2, From: start})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range r.Snapshots {
		fmt.Printf("t = %g: mean %.1f\n", s.Time, s.Dist.Moment(0).Mean)
	}
	// Output:
	// t = 5: mean 5.0
	// t = 6: mean 8.1
	// t = 15: mean 10.0
}
