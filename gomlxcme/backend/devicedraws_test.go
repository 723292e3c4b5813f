package backend_test

import (
	"context"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Steps on draws end on the device of every backend with the law that steps on the host
// of the Go backend have, and say the same of themselves. The uniform numbers are drawn
// on the host and are the same. A rounding of 1e-15, taken by the condition of the
// equations to 1e-11 in the laws seen here, moves a draw to another count where a uniform
// number lies as close to a boundary: of some 5,000 numbers of a case, in fewer than one
// case of a million. The seed is fixed, so that a failure is not one of chance.
func TestDrawnStepsOnTheDeviceAgree(t *testing.T) {
	judge, list := others(t)
	c := geneWith(t, func(n *crn.Network) { // broad from the start, so that draws differ
		n.Species[0].Initial, n.Species[1].Initial = crn.Uniform{Low: 0, High: 1}, crn.Poisson{Mean: 2.5}
	})
	natural := func(s evolve.Space) evolve.Optimiser {
		return evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: s}}
	}
	for _, x := range []struct {
		name      string
		long      bool // XLA takes 5 to 10 seconds of the processor to compile a case
		network   van.Architecture
		proposal  evolve.Proposal
		optimiser evolve.Optimiser
	}{
		{"NADE, two chunks", false, van.NADE{Hidden: 4}, evolve.Vanilla{Draws: 600}, natural(evolve.SampleSpace)},
		{"NADE, weighted", true, van.NADE{Hidden: 4}, evolve.Alpha{Draws: 200}, natural(evolve.ParameterSpace)},
		{"Transformer", true, van.Transformer{DModel: 4, AttentionHeads: 2, Layers: 1}, evolve.Vanilla{Draws: 60}, natural(evolve.SampleSpace)},
		{"GRU", true, van.GRU{Hidden: 3}, evolve.Vanilla{Draws: 60}, natural(evolve.SampleSpace)},
		{"LSTM, Adam", true, van.LSTM{Hidden: 3}, evolve.Vanilla{Draws: 60}, evolve.Adam{Epochs: 10}},
	} {
		if x.long && !long() {
			continue
		}
		fields := []string{"kl", "loss", "leak", "iterations", "tail"}
		run := func(b named, place evolve.Place) (logp, says []float64) {
			r, err := evolve.Run(context.Background(), c, evolve.Settings{
				Times: []float64{0.03}, Seed: 3, Workers: 2, Backend: b.Backend, Network: x.network, Proposal: x.proposal, Step: place,
				Scheme: evolve.Published{Dt: 0.01, Optimiser: x.optimiser, Start: evolve.Adam{Epochs: 20, Rate: 0.1}},
			})
			must(t, err)
			all, err := r.Model.Box.Enumerate(1000)
			must(t, err)
			logp = make([]float64, len(all)/2)
			must(t, r.Model.LogProb(logp, r.State.Outputs[0].Theta, all))
			for _, field := range fields {
				v, _ := r.State.Outputs[0].Diagnostics.Get(field)
				says = append(says, v)
			}
			return logp, says
		}
		want, says := run(named{"go", judge}, evolve.OnHost)
		if loss := says[1]; !(loss > 1e-4) {
			t.Fatalf("%s: a loss of %g: draws do not differ", x.name, loss)
		}
		for _, b := range list {
			t.Run(b.name+"/"+x.name, func(t *testing.T) {
				got, said := run(b, evolve.OnDevice)
				d := difference(got, want)
				if !(d < 1e-8) {
					t.Errorf("log P differs by %.2g", d)
				}
				t.Logf("log P differs by %.2g, the loss is %.2g", d, said[1])
				for i, v := range says {
					if !(math.Abs(said[i]-v) <= 1e-6*max(math.Abs(v), 1e-3)) {
						t.Errorf("%s is %g, want %g", fields[i], said[i], v)
					}
				}
			})
		}
	}
}
