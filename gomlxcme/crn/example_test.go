package crn_test

import (
	"fmt"
	"log"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Two-stage gene expression: propensities at three mRNA and fifty proteins.
func Example() {
	n := crn.New("gene-expression")
	n.Param("k_m", 0.1)
	n.Param("k_p", 0.1)
	n.Param("g_m", 0.1)
	n.Param("g_p", 0.002)
	n.AddSpecies("m", crn.Delta(0), 19)
	n.AddSpecies("p", crn.Delta(0), 119)
	n.React("0 -> m", "k_m")
	n.React("m -> m + p", "k_p")
	n.React("m -> 0", "g_m")
	n.React("p -> 0", "g_p")
	c, err := n.Compile()
	if err != nil {
		log.Fatal(err)
	}
	a := make([]float64, c.NumReactions())
	total := c.Propensities(a, []int32{3, 50}, 0)
	fmt.Printf("%.2f, together %.2f\n", a, total)
	// Output: [0.10 0.30 0.30 0.10], together 0.80
}

// A mistake is told with its place and the way to mend it.
func ExampleNetwork_Validate() {
	n := crn.New("binding")
	n.Param("on", 0.5)
	n.AddSpecies("gene", crn.Delta(1), 1)
	n.AddSpecies("protein", crn.Delta(10), crn.Unbounded)
	n.React("gene + protien -> 0", "on", crn.Named("bind"))
	fmt.Println(n.Validate())
	// Output: crn: network "binding": reaction bind "gene + protien -> 0": unknown species "protien": did you mean "protein"? known are "gene", "protein"
}

// The enzyme, free or bound, is conserved.
func ExampleNetwork_ConservationLaws() {
	n := crn.New("enzyme")
	n.Param("k", 1)
	for _, s := range []string{"E", "S", "ES", "P"} {
		n.AddSpecies(s, crn.Delta(5), crn.Unbounded)
	}
	n.React("E + S -> ES", "k")
	n.React("ES -> E + P", "k")
	laws, err := n.ConservationLaws()
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range laws {
		fmt.Println(l.Format(n))
	}
	// Output:
	// E + ES
	// S + ES + P
}

// A rate that is neither mass action nor one of the named laws is written as a formula.
func ExampleParseExpression() {
	repressed, err := crn.ParseExpression("k * piecewise(1, Repressor < 5, 0.01)")
	if err != nil {
		log.Fatal(err)
	}
	n := crn.New("switch")
	n.Param("k", 20)
	n.AddSpecies("Repressor", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> Repressor", repressed)
	c, err := n.Compile()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Propensity(0, []int32{4}, 0), c.Propensity(0, []int32{5}, 0))
	// Output: 20 0.2
}
