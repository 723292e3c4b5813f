package backend_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// A run compiles the graphs of a step before the end of its first, those that judge
// an answer at the first output time, and nothing after; the next run of a sweep,
// with another rate, compiles nothing.
func TestGraphsAreCompiledOnce(t *testing.T) { onEach(t, testOnce) }

func testOnce(t *testing.T, open func() (*watched, *backend.Backend)) {
	for name, proposal := range map[string]evolve.Proposal{"full sum": evolve.FullSum{}, "sampled": evolve.Tempered{Unique: 20, Limit: 1024}} {
		w, b := open()
		var after []int64 // compilations by the end of the start and of each step
		var times []float64
		settings := evolve.Settings{
			Times: []float64{0.1, 0.2}, StartTime: 0.05, Seed: 1, Backend: b, Proposal: proposal, Network: van.NADE{Hidden: 4},
			Checkpoint: func(s evolve.State) error {
				times = append(times, s.Time)
				after = append(after, w.compilations.Load())
				return nil
			},
		}
		_, err := evolve.Run(context.Background(), gene(t), settings)
		must(t, err)
		if len(after) < 4 || after[1] == 0 {
			t.Fatalf("%s: too few steps to tell: %d", name, after)
		}
		first := slices.IndexFunc(times, func(t float64) bool { return t >= settings.Times[0] })
		if n := after[first-1]; n != after[1] { // after[0] is of the start
			t.Errorf("%s: %d compilations by the end of the first step and %d before the first output", name, after[1], n)
		}
		if end := w.compilations.Load(); end != after[first+1] {
			t.Errorf("%s: %d compilations by the step after the first output and %d by the end of the run: %d", name, after[first+1], end, after)
		}
		before := w.compilations.Load()
		_, err = evolve.Run(context.Background(), geneWith(t, func(n *crn.Network) { must(t, n.SetParam("make", 4)) }), settings)
		must(t, err)
		if more := w.compilations.Load() - before; more > 0 {
			t.Errorf("%s: the second run of a sweep compiles %d graphs", name, more)
		}
	}
}

// Batches of any length use the graphs of the first.
func TestBatchesArePadded(t *testing.T) {
	w, b := watch(t)
	b.Kind = backend.XLA // for which compiling is dear
	m, err := van.New(b, van.Box{Caps: []int{1, 9}}, nil, 2)
	must(t, err)
	theta := m.Init(rand.New(rand.NewPCG(1, 2)))
	var first int64
	for i, n := range []int{3, 1, van.Chunk, van.Chunk + 1, 5 * van.Chunk} {
		everyPath(t, m, theta, n, nil)
		if i == 0 {
			first = w.compilations.Load()
		}
	}
	if now := w.compilations.Load(); now != first || first == 0 {
		t.Errorf("%d compilations for the first batch, %d in all", first, now)
	}
}

// Steps on the device compile their graphs before the end of the first step, for either
// space of a natural gradient, whatever the number of different states in a batch, and
// none in the next run of a sweep.
func TestDeviceGraphsAreCompiledOnce(t *testing.T) { onEach(t, testDeviceOnce) }

func testDeviceOnce(t *testing.T, open func() (*watched, *backend.Backend)) {
	for name, space := range map[string]evolve.Space{"samples": evolve.SampleSpace, "parameters": evolve.ParameterSpace} {
		w, b := open()
		var after []int64 // compilations by the end of the start and of each step
		settings := evolve.Settings{
			Times: []float64{0.04}, Seed: 1, Backend: b, Proposal: evolve.Alpha{Draws: 70}, Network: van.NADE{Hidden: 4}, Step: evolve.OnDevice,
			Scheme: evolve.Published{Dt: 0.01, Start: evolve.SGD{Epochs: 2}, Optimiser: evolve.Natural{Epochs: 2, Metric: evolve.Metric{Space: space}}},
			Checkpoint: func(evolve.State) error {
				after = append(after, w.compilations.Load())
				return nil
			},
		}
		_, err := evolve.Run(context.Background(), gene(t), settings)
		must(t, err)
		// after[0] is of the start; the last step is judged at the output time.
		if len(after) != 5 || after[1] <= after[0] || after[3] != after[1] {
			t.Errorf("%s: compilations by the end of the start and of each step: %d", name, after)
		}
		before := w.compilations.Load()
		_, err = evolve.Run(context.Background(), geneWith(t, func(n *crn.Network) { must(t, n.SetParam("make", 4)) }), settings)
		must(t, err)
		if more := w.compilations.Load() - before; more > 0 {
			t.Errorf("%s: the second run of a sweep compiles %d graphs", name, more)
		}
	}
}
