package ssa_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"pgregory.net/rapid"
)

func system(t testing.TB, name string) *crn.Network {
	t.Helper()
	e, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return e.Build()
}

func compile(t testing.TB, n *crn.Network) *crn.Compiled {
	t.Helper()
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ensemble(t testing.TB, c *crn.Compiled, s ssa.Settings) *ssa.Result {
	t.Helper()
	r, err := ssa.Run(context.Background(), c, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// stored is everything in a result as bytes.
func stored(t testing.TB, r *ssa.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, s := range r.Snapshots {
		k, err := s.Dist.(*dist.Counts).MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.Diagnostics.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		b.Write(k)
		b.Write(d)
	}
	return b.Bytes()
}

func TestSameBytesForAnyNumberOfWorkers(t *testing.T) {
	c := compile(t, system(t, "toggle-switch"))
	s := ssa.Settings{Times: []float64{0, 0.5, 1.5}, Runs: 700, Seed: 7, Pairs: [][2]int{{2, 3}}}
	var first []byte
	for _, workers := range []int{1, 2, 5} {
		s.Workers = workers
		b := stored(t, ensemble(t, c, s))
		if first == nil {
			first = b
		}
		if !bytes.Equal(b, first) {
			t.Errorf("%d workers give other bytes than one", workers)
		}
	}
	s.Seed++
	if bytes.Equal(stored(t, ensemble(t, c, s)), first) {
		t.Error("another seed gives the same bytes")
	}
}

func TestResumedRunHasTheSameBytes(t *testing.T) {
	c := compile(t, system(t, "toggle-switch"))
	var kept []byte
	s := ssa.Settings{Times: []float64{0.3, 1}, Runs: 600, Seed: 3, Pairs: [][2]int{{0, 2}}}
	s.Checkpoint = func(state *ssa.State) error {
		if kept == nil {
			var err error
			kept, err = state.MarshalBinary()
			return err
		}
		return nil
	}
	whole := ensemble(t, c, s)
	var state ssa.State
	if err := state.UnmarshalBinary(kept); err != nil {
		t.Fatal(err)
	}
	if state.Runs == 0 || state.Runs == s.Runs {
		t.Fatalf("checkpoint after %d of %d runs", state.Runs, s.Runs)
	}
	s.Checkpoint, s.Resume = nil, &state
	resumed := ensemble(t, c, s)
	if !bytes.Equal(stored(t, whole), stored(t, resumed)) || whole.Events != resumed.Events {
		t.Error("the resumed run differs")
	}
	for name, change := range map[string]func(*ssa.Settings){
		"seed":   func(s *ssa.Settings) { s.Seed++ },
		"times":  func(s *ssa.Settings) { s.Times = []float64{1} },
		"runs":   func(s *ssa.Settings) { s.Runs = 10 },
		"pairs":  func(s *ssa.Settings) { s.Pairs = nil },
		"method": func(s *ssa.Settings) { s.Method = ssa.NextReaction{} },
	} {
		other := s
		change(&other)
		if _, err := ssa.Run(context.Background(), c, other); !errors.Is(err, ssa.ErrResume) {
			t.Errorf("other %s: %v", name, err)
		}
	}
	if err := state.UnmarshalBinary(kept[:len(kept)/2]); !errors.Is(err, ssa.ErrResume) {
		t.Errorf("half a state: %v", err)
	}
}

func TestTrajectoriesAreDistinctAndUndisturbedByOutputTimes(t *testing.T) {
	c := compile(t, system(t, "gene-expression"))
	seen := map[float64]int{}
	for i := range 2000 {
		p, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{60}}, i)
		if err != nil {
			t.Fatal(err)
		}
		if p.Len() < 2 {
			continue // no event yet
		}
		if j, twice := seen[p.Times[1]]; twice {
			t.Fatalf("trajectories %d and %d begin alike", i, j)
		}
		seen[p.Times[1]] = i
	}
	one, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{300}}, 5)
	if err != nil {
		t.Fatal(err)
	}
	const runs = 6
	for _, times := range [][]float64{{300}, {1, 2, 40, 41.5, 300}} {
		r := ensemble(t, c, ssa.Settings{Times: times, Runs: runs})
		fewer := ensemble(t, c, ssa.Settings{Times: times, Runs: runs - 1})
		for i, s := range r.Snapshots {
			// Trajectory 5 is the last of six: what the shorter ensemble lacks.
			for species := range 2 {
				count := one.At(times[i])[species]
				all, rest := s.Dist.(*dist.Counts).Histogram(species), fewer.Snapshots[i].Dist.(*dist.Counts).Histogram(species)
				rest = append(rest, make([]uint64, len(all)-len(rest))...)
				if all[count] != rest[count]+1 {
					t.Errorf("t = %v: the path stands at %v, the ensemble has %v and without it %v", times[i], count, all, rest)
				}
			}
		}
	}
}

// randomNetwork draws a network of three species with one conservation law: starts up to start, caps from there to most,
// rates up to rate.
func randomNetwork(t *rapid.T, start, most int, rate float64) (*crn.Compiled, crn.Conservation) {
	n := crn.New("random")
	for _, s := range []string{"A", "B", "C"} {
		n.AddSpecies(s, crn.Delta(rapid.IntRange(0, start).Draw(t, "start")), rapid.IntRange(start, most).Draw(t, "cap"))
	}
	for _, r := range []string{"A + B -> C", "C -> A + B", "2 A -> B", "B -> 2 A"} {
		n.ReactWith(r, crn.Number(rapid.Float64Range(0, rate).Draw(t, r)))
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	laws, err := n.ConservationLaws()
	if err != nil || len(laws) != 1 {
		t.Fatalf("%v, %v", laws, err)
	}
	return c, laws[0]
}

func TestPathObeysTheReactions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, law := randomNetwork(t, 4, 9, 2)
		p, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{3}, Seed: rapid.Uint64().Draw(t, "seed")}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Len() {
			x := p.State(i)
			for s, cap := range c.Caps() {
				if x[s] < 0 || int(x[s]) > cap {
					t.Fatalf("state %v leaves the box %v", x, c.Caps())
				}
			}
			if law.Total(x) != law.Total(p.State(0)) {
				t.Fatalf("%v is broken from %v to %v", law, p.State(0), x)
			}
			if i > 0 && !(p.Times[i] > p.Times[i-1] && p.Times[i] <= p.End) {
				t.Fatalf("times %v and %v", p.Times[i-1], p.Times[i])
			}
		}
	})
}

func TestEventBudget(t *testing.T) {
	n := crn.New("explosion")
	n.AddSpecies("A", crn.Delta(1), crn.Unbounded)
	n.ReactWith("A -> 2 A", crn.Number(1))
	c := compile(t, n)
	r, err := ssa.Run(context.Background(), c, ssa.Settings{Times: []float64{1000}, MaxEvents: 10_000, Runs: 4})
	if !errors.Is(err, ssa.ErrBudget) || r == nil || len(r.Snapshots) != 0 {
		t.Errorf("run: %v", err)
	}
	p, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{1000}, MaxEvents: 100}, 0)
	if !errors.Is(err, ssa.ErrBudget) || p.Len() != 101 || p.End != p.Times[100] {
		t.Errorf("trajectory: %v, %d states", err, p.Len())
	}
}

// counter counts what a hook is told.
type counter struct {
	start, done int
	last        run.Step
	err         error
	step        func()
}

func (k *counter) Start(run.Start) { k.start++ }
func (k *counter) Step(s run.Step) { k.last = s; k.step() }
func (k *counter) Done(d run.Done) { k.done++; k.err = d.Err }

func TestHookAndInterruption(t *testing.T) {
	c := compile(t, system(t, "birth-death"))
	steps := 0
	k := &counter{step: func() { steps++ }}
	ensemble(t, c, ssa.Settings{Times: []float64{1}, Runs: 1000, Hook: k})
	if k.start != 1 || k.done != 1 || steps != 4 || k.last.Fraction != 1 || k.err != nil {
		t.Errorf("%+v after %d steps", k, steps)
	}
	ctx, cancel := context.WithCancel(context.Background())
	k = &counter{step: cancel}
	r, err := ssa.Run(ctx, c, ssa.Settings{Times: []float64{1}, Runs: 1000, Hook: k})
	if !errors.Is(err, context.Canceled) || r.Runs != 256 || r.Snapshots[0].Dist.Samples() != 256 || !errors.Is(k.err, context.Canceled) {
		t.Errorf("%v after %d runs", err, r.Runs)
	}
}

func TestInterruptionInsideOneLongTrajectory(t *testing.T) {
	n := crn.New("busy")
	n.AddSpecies("A", crn.Delta(0), 1)
	n.ReactWith("0 -> A", crn.Number(1))
	n.ReactWith("A -> 0", crn.Number(1))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ssa.Run(ctx, compile(t, n), ssa.Settings{Times: []float64{1e12}, Runs: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type bad struct {
	value float64
	timed bool
}

func (b bad) Bind(*crn.Network) (crn.Bound, error) {
	return crn.Bound{Function: func(x []int32, _ float64) float64 {
		if x[0] < 3 {
			return 1
		}
		return b.value
	}, TimeDependent: b.timed}, nil
}
func (b bad) String() string { return "bad" }

func TestBadPropensitiesAndTimeAreRefused(t *testing.T) {
	for _, test := range []struct {
		rate bad
		want error
	}{
		{bad{value: -1}, ssa.ErrPropensity},
		{bad{value: math.NaN()}, ssa.ErrPropensity},
		{bad{value: math.Inf(1)}, ssa.ErrPropensity},
		{bad{value: 1, timed: true}, ssa.ErrTimeDependent},
	} {
		n := crn.New("bad")
		n.AddSpecies("A", crn.Delta(0), crn.Unbounded)
		n.ReactWith("0 -> A", test.rate)
		if _, err := ssa.Run(context.Background(), compile(t, n), ssa.Settings{Times: []float64{100}, Runs: 1}); !errors.Is(err, test.want) {
			t.Errorf("%+v: %v, want %v", test.rate, err, test.want)
		}
	}
}

func TestBadSettings(t *testing.T) {
	c := compile(t, system(t, "birth-death"))
	for name, s := range map[string]ssa.Settings{
		"no times":      {},
		"negative time": {Times: []float64{-1}},
		"falling times": {Times: []float64{2, 1}},
		"time NaN":      {Times: []float64{math.NaN()}},
		"runs":          {Times: []float64{1}, Runs: -1},
		"workers":       {Times: []float64{1}, Workers: -1},
		"pair":          {Times: []float64{1}, Pairs: [][2]int{{0, 1}}},
	} {
		if _, err := ssa.Run(context.Background(), c, s); !errors.Is(err, ssa.ErrSettings) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := ssa.Trajectory(context.Background(), c, ssa.Settings{Times: []float64{1}}, -1); !errors.Is(err, ssa.ErrSettings) {
		t.Errorf("trajectory -1: got %v", err)
	}
}

func TestLeakRateIsWhatTheCapHoldsBack(t *testing.T) {
	n := system(t, "birth-death")
	if err := n.SetCap("X", 3); err != nil {
		t.Fatal(err)
	}
	r := ensemble(t, compile(t, n), ssa.Settings{Times: []float64{200}, Runs: 4000, Seed: 1})
	got, _ := r.Snapshots[0].Diagnostics.Get("leak_rate")
	// Births at rate 0.1 are blocked while X stands at the cap.
	if want := 0.1 * r.Snapshots[0].Dist.Marginal(0).P[3]; math.Abs(got-want) > 1e-12 {
		t.Errorf("leak rate %v, want %v", got, want)
	}
}

func TestMemoryDoesNotGrowWithRuns(t *testing.T) {
	c := compile(t, system(t, "birth-death"))
	few := len(stored(t, ensemble(t, c, ssa.Settings{Times: []float64{50}, Runs: 500})))
	many := len(stored(t, ensemble(t, c, ssa.Settings{Times: []float64{50}, Runs: 20_000})))
	if many > 2*few+100 {
		t.Errorf("%d bytes for 500 runs, %d for 20,000", few, many)
	}
	if got := slices.Max([]int{few, many}); got > 1000 {
		t.Errorf("%d bytes for one species", got)
	}
}
