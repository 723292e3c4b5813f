package rare_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// When has the last of six molecules decayed? With probability (1 − e^{−t})^6 by time t.
func ExampleParseBasin() {
	n := crn.New("decay")
	n.Param("k", 1)
	n.AddSpecies("X", crn.Delta(6), crn.Unbounded)
	n.React("X -> 0", "k")
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	empty, err := rare.ParseBasin("X<1", c.SpeciesNames())
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1, 2, 4}, Absorb: empty.Contains})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range rare.ProjectedSurvival(r) {
		fmt.Printf("t = %g: %s has not been entered with probability %.4f\n", s.Time, empty, s.Value)
	}
	_, err = rare.ParseBasin("X<1, Y>3", c.SpeciesNames())
	fmt.Println(err)
	// Output:
	// t = 1: X=0 has not been entered with probability 0.9362
	// t = 2: X=0 has not been entered with probability 0.5821
	// t = 4: X=0 has not been entered with probability 0.1050
	// rare: bad basin "X<1, Y>3", column 6: unknown species "Y": did you mean "X"? the species are X
}
