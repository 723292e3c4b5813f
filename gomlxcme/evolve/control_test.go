package evolve

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// A run that is cut by a budget again and again, and resumed each time, ends with
// the bytes of a run in one go, for both families.
func TestBudgetsAndResume(t *testing.T) {
	c := smallGene(t)
	for name, scheme := range map[string]Scheme{
		"implicit": Implicit{}, "published": Published{Optimiser: Natural{Momentum: 0.9}, Dt: 0.03},
		"hand-over": Implicit{Formula: HandOver{Pace: 2}}, "richardson": Richardson{},
	} {
		set := Settings{Times: []float64{0, 0.05, 0.3}, Seed: 5, Backend: openGo(t), Scheme: scheme}
		switch name {
		case "published":
			set.Proposal = Vanilla{Draws: 600}
		case "hand-over":
			set.Times = []float64{0, 0.05, 0.1}
			set.StartTime, set.Proposal = 0.05, HistoryBias{Along: []float64{0, 1}, Draws: 300, Weighting: Defensive}
		case "richardson":
			set.Times, set.Ratio = []float64{0, 0.05, 0.1}, 0.3
			set.StartTime, set.Proposal = 0.05, Propagated{Draws: 600, Old: 0.1, Weighting: Defensive}
		default:
			set.StartTime = 0.05
		}
		whole, err := Run(context.Background(), c, set)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := whole.State.MarshalBinary()
		cuts := 0
		for set.MaxSteps = 2; ; cuts++ {
			var saved []byte
			set.Checkpoint = func(s State) (err error) {
				saved, err = s.MarshalBinary()
				return err
			}
			r, err := Run(context.Background(), c, set)
			if err == nil {
				if got, _ := r.State.MarshalBinary(); !bytes.Equal(got, want) {
					t.Errorf("%s: after %d cuts the end differs", name, cuts)
				}
				break
			}
			if !errors.Is(err, run.ErrTruncated) || run.StatusOf(err) != run.Truncated {
				t.Fatal(name, err)
			}
			state := new(State)
			if err := state.UnmarshalBinary(saved); err != nil {
				t.Fatal(err)
			}
			if steps := state.Step - 2*uint64(cuts); steps != 2 {
				t.Fatalf("%s: cut %d came after %d steps", name, cuts, steps)
			}
			set.Resume = state
		}
		if cuts == 0 {
			t.Errorf("%s: the budget cut nothing", name)
		}
	}
}

// The budget of time ends a run after the step that used it up, and lets every
// run make one step.
func TestWallBudget(t *testing.T) {
	clock := time.Unix(0, 0)
	b := &budget{wall: time.Minute, begun: clock, first: 7, now: func() time.Time { return clock }}
	clock = clock.Add(time.Hour)
	if err := b.spent(7, 0); err != nil {
		t.Errorf("before the first step: %v", err)
	}
	if err := b.spent(8, 0); !errors.Is(err, run.ErrTruncated) {
		t.Errorf("after an hour: %v", err)
	}
	b.begun = clock.Add(-time.Second)
	if err := b.spent(8, 0); err != nil {
		t.Errorf("after a second: %v", err)
	}
}

// stored runs the small gene to time 1 and returns its network after saving and
// loading.
func stored(t testing.TB) *Network {
	t.Helper()
	set := Settings{Times: []float64{0, 0.05, 1}, Seed: 1, Backend: openGo(t), Proposal: FullSum{}}
	var files []*bytes.Buffer
	set.Output = func(n *Network) error {
		files = append(files, new(bytes.Buffer))
		return n.Save(files[len(files)-1])
	}
	r, err := Run(context.Background(), smallGene(t), set)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 {
		t.Fatalf("%d networks for the times 0.05 and 1", len(files))
	}
	want, err := r.At(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.At(0); !errors.Is(err, ErrSettings) {
		t.Errorf("a network of time 0: %v", err)
	}
	n, err := LoadNetwork(files[1], openGo(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	if n.Time != 1 || !reflect.DeepEqual(n.Theta, want.Theta) || !reflect.DeepEqual(n.Species, want.Species) || n.Model.Arch.String() != want.Model.Arch.String() {
		t.Errorf("the network came back as %+v", n)
	}
	a, err := n.Distribution(1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Moment(1) != r.Snapshots[2].Dist.Moment(1) {
		t.Errorf("moments %v of the loaded network, %v of the run", a.Moment(1), r.Snapshots[2].Dist.Moment(1))
	}
	return n
}

// A run that starts from a stored network goes on along the exact law; with other
// parameters it comes to rest where the law with these does. The bound leaves room
// for what the network of time 1 already missed, and for the first short steps.
func TestWarmStart(t *testing.T) {
	n := stored(t)
	c := smallGene(t)
	set := Settings{Times: []float64{1, 3}, Seed: 2, Backend: openGo(t), Proposal: FullSum{}, From: n}
	r, err := Run(context.Background(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	if d := worst(t, r.Snapshots, c, set.Times); d > 0.01 {
		t.Errorf("distance %.4f with the same parameters", d)
	}
	model := c.Network()
	if err := model.SetParam("make", 1.5); err != nil {
		t.Fatal(err)
	}
	if c, err = model.Compile(); err != nil {
		t.Fatal(err)
	}
	set.Times = []float64{20} // at rest: relaxation takes a time of 1
	if r, err = Run(context.Background(), c, set); err != nil {
		t.Fatal(err)
	}
	if d := worst(t, r.Snapshots, c, set.Times); d > 0.01 {
		t.Errorf("distance %.4f with other parameters", d)
	}
}

// The published family starts warm too, and takes no time from the initial law.
func TestWarmStartOfThePublishedFamily(t *testing.T) {
	c := smallGene(t)
	set := Settings{Times: []float64{1.1}, Seed: 2, Backend: openGo(t), Scheme: Published{Optimiser: TDVP{Order: 2, Metric: Metric{Damping: 1e-9}}, Dt: 0.02}, Proposal: whole, From: stored(t)}
	r, err := Run(context.Background(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	if d := worst(t, r.Snapshots, c, set.Times); d > 0.02 {
		t.Errorf("distance %.4f", d)
	}
}

func TestWarmStartsThatDoNotFit(t *testing.T) {
	n := stored(t)
	good := Settings{Times: []float64{2}, Backend: openGo(t), From: n}
	for name, change := range map[string]func(*Settings){
		"earlier time": func(s *Settings) { s.Times = []float64{0.5, 2} },
		"start time":   func(s *Settings) { s.StartTime = 0.1 },
		"network":      func(s *Settings) { s.Network = van.GRU{} },
		"budget":       func(s *Settings) { s.MaxSteps = -1 },
	} {
		set := good
		change(&set)
		if _, err := Run(context.Background(), smallGene(t), set); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Run(context.Background(), isomers(t), good); !errors.Is(err, ErrSettings) {
		t.Errorf("other species: %v", err)
	}
}

// Samples of a network have its mean, and their log-probabilities are right: the
// false-alarm rate of five standard errors is 6e-7.
func TestNetworkSamples(t *testing.T) {
	n := stored(t)
	const count = 4000
	x, logp, err := n.Sample(count, 3)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for k := range count {
		sum += float64(x[2*k+1])
	}
	d, err := n.Distribution(1)
	if err != nil {
		t.Fatal(err)
	}
	if m := d.Moment(1); math.Abs(sum/count-m.Mean) > 5*m.SD/math.Sqrt(count) {
		t.Errorf("mean %v of samples, %v", sum/count, m.Mean)
	}
	again := make([]float64, count)
	if err := n.Model.LogProb(again, n.Theta, x); err != nil || !reflect.DeepEqual(logp, again) {
		t.Errorf("log-probabilities differ, error %v", err)
	}
	if _, _, err := n.Sample(0, 1); !errors.Is(err, ErrSettings) {
		t.Errorf("no samples: %v", err)
	}
}

func TestDamagedNetworks(t *testing.T) {
	var file bytes.Buffer
	if err := stored(t).Save(&file); err != nil {
		t.Fatal(err)
	}
	good := file.String()
	for name, text := range map[string]string{
		"empty": "", "cut": good[:len(good)-3], "longer": good + "x", "another file": "{}\n" + good,
	} {
		if _, err := LoadNetwork(bytes.NewBufferString(text), openGo(t), 1); !errors.Is(err, van.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever the first line of a file holds, reading it ends with a network's
// description or with van.ErrFormat.
func FuzzNetworkHeader(f *testing.F) {
	f.Add([]byte(`{"Format":"gomlx-cme network 1","Time":1,"Species":["A"],"Architecture":{"type":"NADE"},"Box":{"Caps":[3]}}` + "\n"))
	f.Add([]byte(`{"Format":"gomlx-cme network 1","Time":-1}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, arch, err := readNetworkHeader(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			if !errors.Is(err, van.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		if arch == nil || !(h.Time > 0) || len(h.Species) != len(h.Box.Caps) {
			t.Fatal(fmt.Sprint(h, arch))
		}
	})
}
