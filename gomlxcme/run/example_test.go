package run_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// A result is written to a directory and read back.
func Example() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	n := crn.New("decay")
	n.Param("rate", 1)
	n.AddSpecies("X", crn.Delta(2), 2)
	n.React("X -> 0", "rate")

	dir, err := run.Begin(filepath.Join(folder, "decay"), run.Record{Command: "fsp", Model: run.ModelOf(n)}, false)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := dist.NewTable([]string{"X"}, []int32{0, 1, 2}, []float64{0.25, 0.5, 0.25}, 0)
	if err != nil {
		log.Fatal(err)
	}
	if err := dir.Finish([]dist.Snapshot{{Time: 0.6931471805599453, Dist: answer}}, nil); err != nil {
		log.Fatal(err)
	}

	result, err := run.Open(dir.Path())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Record.Command, result.Record.Model.Name, result.Record.Status)
	for _, s := range result.Snapshots {
		fmt.Printf("t = %.3f: mean %.2f, P(0) = %v\n", s.Time, s.Dist.Moment(0).Mean, s.Dist.Marginal(0).P[0])
	}
	// Output:
	// fsp decay complete
	// t = 0.693: mean 1.00, P(0) = 0.25
}

// Two results are compared at the times that both have.
func ExampleCompare() {
	law := func(p ...float64) dist.Distribution {
		states := make([]int32, len(p))
		for i := range states {
			states[i] = int32(i)
		}
		table, err := dist.NewTable([]string{"X"}, states, p, 0)
		if err != nil {
			log.Fatal(err)
		}
		return table
	}
	c, err := run.Compare(
		[]dist.Snapshot{{Time: 1, Dist: law(0.5, 0.5)}},
		[]dist.Snapshot{{Time: 1, Dist: law(0.25, 0.75)}, {Time: 2, Dist: law(0, 1)}},
	)
	if err != nil {
		log.Fatal(err)
	}
	row := c.Rows[0]
	fmt.Printf("Hellinger %.4f, total variation %.2f, mean %+.2f; only in the second: %v\n",
		row.Hellinger.Value, row.TotalVariation.Value, row.Mean.Value, c.OnlySecond)
	// Output:
	// Hellinger 0.1846, total variation 0.25, mean +0.25; only in the second: [2]
}
