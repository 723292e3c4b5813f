package backend_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Steps on draws end on the device of every backend with the law that steps on the host
// of the Go backend have, and say the same of themselves. Uniform numbers come from the
// host and are the same; a rounding of 1e-15, which the condition of the equations takes
// to 1e-10 at most in a step, moves a draw to another count where a uniform number is as
// close to a boundary between two: of some 10,000 numbers a run, one in a million runs,
// and this run has a fixed seed. So laws are compared, not statistics of them.
func TestDrawnStepsOnTheDeviceAgree(t *testing.T) {
	judge, list := others(t)
	c := gene(t)
	start := evolve.Adam{Epochs: 20, Rate: 0.1}
	for _, x := range []struct {
		name      string
		long      bool // XLA takes 3 to 6 seconds of the processor to compile a case
		network   van.Architecture
		proposal  evolve.Proposal
		optimiser evolve.Optimiser
	}{
		{"NADE, draws in two chunks", false, van.NADE{Hidden: 4}, evolve.Vanilla{Draws: 600}, evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: evolve.SampleSpace}}},
		{"NADE, weighted draws", true, van.NADE{Hidden: 4}, evolve.Alpha{Draws: 200}, evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: evolve.ParameterSpace}}},
		{"Transformer", false, van.Transformer{DModel: 4, AttentionHeads: 2, Layers: 1}, evolve.Vanilla{Draws: 60}, evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: evolve.SampleSpace}}},
		{"GRU", false, van.GRU{Hidden: 3}, evolve.Vanilla{Draws: 60}, evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: evolve.SampleSpace}}},
		{"LSTM, Adam", true, van.LSTM{Hidden: 3}, evolve.Vanilla{Draws: 60}, evolve.Adam{Epochs: 10}},
	} {
		if x.long && !long() {
			continue
		}
		run := func(b named, place evolve.Place) (logp []float64, d []float64) {
			r, err := evolve.Run(context.Background(), c, evolve.Settings{
				Times: []float64{0.03}, Seed: 3, Workers: 2, Backend: b.Backend, Network: x.network, Proposal: x.proposal, Step: place,
				Scheme: evolve.Published{Dt: 0.01, Optimiser: x.optimiser, Start: start},
			})
			must(t, err)
			all, err := r.Model.Box.Enumerate(1000)
			must(t, err)
			logp = make([]float64, len(all)/2)
			must(t, r.Model.LogProb(logp, r.State.Outputs[0].Theta, all))
			for _, field := range []string{"kl", "loss", "leak", "iterations"} {
				v, ok := r.State.Outputs[0].Diagnostics.Get(field)
				if !ok {
					t.Fatalf("no %s at the end", field)
				}
				d = append(d, v)
			}
			return logp, d
		}
		want, says := run(named{"go", judge}, evolve.OnHost)
		for _, b := range list {
			t.Run(fmt.Sprintf("%s/%s", b.name, x.name), func(t *testing.T) {
				got, said := run(b, evolve.OnDevice)
				if d := difference(got, want); !(d < 1e-8) {
					t.Errorf("log P differs by %.2g", d)
				} else {
					t.Logf("log P differs by %.2g", d)
				}
				for i := range says {
					if d := difference(said[i:i+1], says[i:i+1]); says[i] != said[i] && !(d < 1e-6) {
						t.Errorf("diagnostic %d is %g, want %g", i, said[i], says[i])
					}
				}
			})
		}
	}
}
