package dist_test

import (
	"fmt"
	"log"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// An exact coin beside a hundred throws: the distance is below what sampling alone gives.
func ExampleHellinger() {
	exact := dist.Marginal{P: []float64{0.5, 0.5}}
	throws := dist.Marginal{P: []float64{0.53, 0.47}, N: 100}
	d := dist.Hellinger(throws, exact)
	fmt.Printf("distance %.4f, noise floor %.4f\n", d.Value, d.Floor)
	// Output: distance 0.0212, noise floor 0.0354
}

// Histograms of an ensemble, with the standard errors of its moments.
func ExampleCounts() {
	c, err := dist.NewCounts([]string{"mRNA", "protein"}, [][2]int{{0, 1}})
	if err != nil {
		log.Fatal(err)
	}
	for _, x := range [][]int32{{1, 4}, {0, 6}, {2, 5}, {1, 5}} {
		if err := c.Add(x); err != nil {
			log.Fatal(err)
		}
	}
	m := c.Moment(1)
	fmt.Printf("protein %.2f ± %.2f\n", m.Mean, m.MeanSE)
	j, err := c.Joint(0, 1)
	fmt.Println(j.P[1][5], err)
	// Output:
	// protein 5.00 ± 0.41
	// 0.25 <nil>
}

// The probability of a state in an exact law.
func ExampleTable() {
	t, err := dist.NewTable([]string{"A", "B"}, []int32{1, 0, 0, 1}, []float64{0.25, 0.75}, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.4f %.2f\n", t.LogProb([]int32{0, 1}), t.Marginal(1).P)
	// Output: -0.2877 [0.25 0.75]
}
