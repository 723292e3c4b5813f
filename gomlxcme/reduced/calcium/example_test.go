package calcium_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// One run of two seconds: calcium rushes out of the ER, and no ion is lost.
func ExampleSimulate() {
	run, err := calcium.Simulate(context.Background(), calcium.Standard(0.8), calcium.Settings{TEnd: 2, Seed: 1}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	first, last := run.Counts[0], run.Counts[len(run.Counts)-1]
	fmt.Println("records:", len(run.Counts))
	fmt.Println("calcium rises:", last[calcium.Ca] > 2*first[calcium.Ca])
	fmt.Println("ions lost:", first.TotalCa()-last.TotalCa())
	// Output:
	// records: 21
	// calcium rises: true
	// ions lost: 0
}

// Without noise calcium swings at 0.5 µM of IP3 and rests at 0.7 µM.
func ExampleDeterministic_Range() {
	for _, ip3 := range []float64{0.5, 0.7} {
		d := calcium.Deterministic{Constants: calcium.DeYoungKeizer(), IP3: ip3}
		span, err := d.Range(400, 600)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.1f µM: %.3f to %.3f µM\n", ip3, span.Min, span.Max)
	}
	// Output:
	// 0.5 µM: 0.123 to 0.441 µM
	// 0.7 µM: 0.352 to 0.352 µM
}
