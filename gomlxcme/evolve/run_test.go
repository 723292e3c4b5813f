package evolve

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// worst returns the largest Hellinger distance of any marginal at any time.
func worst(t testing.TB, got []dist.Snapshot, c *crn.Compiled, times []float64) float64 {
	t.Helper()
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(times) {
		t.Fatalf("%d snapshots for %d times", len(got), len(times))
	}
	d := 0.0
	for i, s := range got {
		if s.Time != times[i] {
			t.Fatalf("snapshot %d is of time %g, want %g", i, s.Time, times[i])
		}
		for k := range s.Dist.Species() {
			d = max(d, dist.Hellinger(s.Dist.Marginal(k), exact.Snapshots[i].Dist.Marginal(k)).Value)
		}
	}
	return d
}

// In full-sum mode nothing is random but the start of the network: what remains
// is the error of the time steps, set by Tolerance, and of the fit.
func TestFullSumFollowsTheExactLaw(t *testing.T) {
	c := smallGene(t)
	times := []float64{0, 0.05, 0.5, 2, 6}
	for name, network := range map[string]van.Architecture{
		"splines": van.NADE{},
		"softmax": van.NADE{Hidden: 6, Heads: van.Softmax{}},
	} {
		r, err := Run(context.Background(), c, Settings{Times: times, Seed: 1, Backend: openGo(t), Proposal: FullSum{}, Network: network, Tolerance: 0.003, Ratio: 0.1})
		if err != nil {
			t.Fatal(name, err)
		}
		// Some 30 steps with a local error of at most 0.003 in log P, an eighth of
		// whose square enters the squared distance.
		if d := worst(t, r.Snapshots, c, times); d > 0.004 {
			t.Errorf("%s: largest distance %.5f", name, d)
		}
	}
}

// Sampled batches: a network of two counts, against the exact law. Over seeds 1
// to 20 the worst distance was 0.004; 0.02 is what the solver promises.
func TestSampledBatchesFollowTheExactLaw(t *testing.T) {
	n := crn.New("dimerisation")
	n.Param("bind", 0.02)
	n.Param("split", 0.5)
	n.AddSpecies("P", crn.Delta(20), 20)
	n.AddSpecies("D", crn.Delta(0), 10)
	n.React("2 P -> D", "bind")
	n.React("D -> 2 P", "split")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	times := []float64{0.1, 2}
	r, err := Run(context.Background(), c, Settings{Times: times, Seed: 3, Backend: openGo(t)})
	if err != nil {
		t.Fatal(err)
	}
	if d := worst(t, r.Snapshots, c, times); d > 0.02 {
		t.Errorf("largest distance %.4f", d)
	}
}

// A species without a cap gets one that leaves nothing out.
func TestMissingCapsAreChosen(t *testing.T) {
	n := crn.New("immigration and death")
	n.Param("in", 4)
	n.Param("out", 1)
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.React("0 -> X", "in")
	n.React("X -> 0", "out")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), c, Settings{Times: []float64{1, 5}, Seed: 2, Backend: openGo(t)})
	if err != nil {
		t.Fatal(err)
	}
	if leak, _ := r.Snapshots[1].Diagnostics.Get("leak"); leak > 1e-4 {
		t.Errorf("caps %v leak %g", r.State.Caps, leak)
	}
	if d := worst(t, r.Snapshots, c, []float64{1, 5}); d > 0.01 {
		t.Errorf("distance %.4f to the law without a cap", d)
	}
}

// A run that is stopped after any step and resumed ends with the same bytes, as
// does one with another number of workers.
func TestResumeGivesTheSameBytes(t *testing.T) {
	c := smallGene(t)
	set := Settings{Times: []float64{0.05, 1, 2}, Seed: 7, Backend: openGo(t), Proposal: Tempered{Unique: 30, Limit: 1024}, Workers: 1}
	var saved [][]byte
	set.Checkpoint = func(s State) error {
		b, err := s.MarshalBinary()
		saved = append(saved, b)
		return err
	}
	if _, err := Run(context.Background(), c, set); err != nil {
		t.Fatal(err)
	}
	want := saved[len(saved)-1]
	for _, at := range []int{0, len(saved) / 2, len(saved) - 2} {
		var state State
		if err := state.UnmarshalBinary(saved[at]); err != nil {
			t.Fatal(err)
		}
		again := set
		again.Workers = 2
		again.Resume = &state
		var last []byte
		again.Checkpoint = func(s State) (err error) {
			last, err = s.MarshalBinary()
			return err
		}
		if _, err := Run(context.Background(), c, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(last, want) {
			t.Errorf("resumed after step %d: the final state differs", at)
		}
	}
}

func TestResumeRefusesAnotherRun(t *testing.T) {
	c := smallGene(t)
	set := Settings{Times: []float64{1}, Backend: openGo(t), Resume: &State{Network: "another", Caps: c.Caps()}}
	if _, err := Run(context.Background(), c, set); !errors.Is(err, ErrResume) {
		t.Errorf("got %v", err)
	}
	var s State
	if err := s.UnmarshalBinary([]byte("torn")); !errors.Is(err, ErrResume) {
		t.Errorf("got %v", err)
	}
}

// Interruption returns what was reached and keeps the last checkpoint.
func TestInterruptionKeepsWhatWasReached(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	steps := 0
	set := Settings{Times: []float64{0.05, 5}, Seed: 1, Backend: openGo(t), Proposal: FullSum{}}
	set.Checkpoint = func(State) error {
		if steps++; steps == 3 {
			cancel()
		}
		return nil
	}
	r, err := Run(ctx, smallGene(t), set)
	if !errors.Is(err, context.Canceled) || len(r.Snapshots) != 1 || r.State.Time <= 0.05 {
		t.Errorf("error %v, %d snapshots, reached %g", err, len(r.Snapshots), r.State.Time)
	}
}

func TestBadSettings(t *testing.T) {
	c := smallGene(t)
	for name, set := range map[string]Settings{
		"no times":        {},
		"falling times":   {Times: []float64{2, 1}},
		"negative time":   {Times: []float64{-1}},
		"tolerance":       {Times: []float64{1}, Tolerance: -1},
		"many parameters": {Times: []float64{1}, Network: van.NADE{Hidden: 4000}},
		"full sum, huge":  {Times: []float64{1}, Proposal: FullSum{Limit: 5}},
	} {
		set.Backend = openGo(t)
		if _, err := Run(context.Background(), c, set); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Whatever a checkpoint holds, reading it ends with a state or with ErrResume.
func FuzzState(f *testing.F) {
	good, err := State{Network: "n", Caps: []int{1, 2}, History: []point{{Time: 1, Theta: van.Params{1, 2}}}, Outputs: []Output{{Time: 1}}}.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		var s State
		if err := s.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, ErrResume) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		if _, err := s.MarshalBinary(); err != nil {
			t.Fatal(err)
		}
	})
}
