package backend_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// Whole steps of Published with one update of a natural gradient each, from start to end
// of a step, validation on 512 draws included: milliseconds by clockFor, the mean of
// -benchtime steps after the second, in which nothing is compiled. States are drawn evenly
// from the box, since a network that knows nothing yet draws few different ones. Rows are
// steps on the host of the Go backend, on the host of the others, and on their devices.
func BenchmarkSteps(b *testing.B) {
	list := present(b)
	now := clockFor(list)
	for _, c := range cases {
		for _, network := range measured {
			for _, on := range list {
				for _, place := range []evolve.Place{evolve.OnHost, evolve.OnDevice} {
					if place == evolve.OnDevice && on.Kind == backend.Go {
						continue // for tests alone
					}
					b.Run(fmt.Sprintf("%s-%d/%s/%s/%v", c.model, c.n, network.name, on.name, place), func(b *testing.B) {
						e, err := systems.Lookup(c.model)
						must(b, err)
						system, err := e.Build().Compile()
						must(b, err)
						const dt = 1e-9 // positive everywhere
						var at []time.Duration
						_, err = evolve.Run(context.Background(), system, evolve.Settings{
							Times: []float64{float64(b.N+2) * dt}, Seed: 1, Workers: workers(), Backend: on.Backend, Network: network.arch(evolve.DefaultHeads(system)),
							Proposal: evolve.Mixture{Draws: c.n, Share: 1, Weighting: evolve.Unweighted}, Step: place,
							Scheme: evolve.Published{Dt: dt, Start: evolve.SGD{Epochs: 1}, Optimiser: evolve.Natural{Epochs: 1, Metric: evolve.Metric{Space: evolve.SampleSpace}}},
							Checkpoint: func(evolve.State) error {
								at = append(at, now.read())
								return nil
							},
						})
						must(b, err)
						// at[0] is of the start; the last step is judged at the output time.
						b.ReportMetric(1e3*(at[b.N+1]-at[1]).Seconds()/float64(b.N), "step-ms")
						b.ReportMetric(1e3*(at[1]-at[0]).Seconds(), "first-step-ms")
						b.ReportMetric(0, "ns/op") // the time of compiling and of others
					})
				}
			}
		}
	}
}
