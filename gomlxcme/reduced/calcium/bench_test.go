package calcium

import (
	"fmt"
	"testing"
)

// A 50-s run of the source's conditions.
func BenchmarkRun(b *testing.B) {
	for _, c := range []Condition{Standard(0.8), {Volume: 1e-14, Receptors: 1000, IP3: 0.8}, {Volume: 1e-12, Receptors: 100, IP3: 0.8}} {
		b.Run(fmt.Sprintf("N=%d,V=%g", c.Receptors, c.Volume), func(b *testing.B) {
			events := uint64(0)
			for i := range b.N {
				r, err := Simulate(b.Context(), c, Settings{}, uint64(i))
				if err != nil {
					b.Fatal(err)
				}
				events += r.Events
			}
			b.ReportMetric(float64(events)/float64(b.N), "events/op")
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(events), "ns/event")
		})
	}
}
