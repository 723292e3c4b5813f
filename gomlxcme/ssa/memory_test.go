package ssa

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"pgregory.net/rapid"
)

// unknown is the direct method without its memory of states.
type unknown struct{ Direct }

func (unknown) String() string { return "unknown" }

func (unknown) New(c *crn.Compiled) (Simulator, error) {
	d := newDirect(c)
	d.memory = nil
	return d, nil
}

// forgetful is the direct method with a memory of few blocks, or with pauses in which it is not used.
type forgetful struct {
	Direct
	blocks int
	rests  bool
}

func (forgetful) String() string { return "forgetful" }

func (f forgetful) New(c *crn.Compiled) (Simulator, error) {
	d := newDirect(c)
	d.memory.limit = f.blocks
	if f.rests {
		return &resting{direct: d}, nil
	}
	return d, nil
}

// resting sends the memory to rest now and then.
type resting struct {
	*direct
	calls uint64
}

func (r *resting) Advance(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, reached bool, err error) {
	for done < events && !reached && err == nil {
		if r.calls++; r.calls%3 == 0 {
			r.use.rows, r.use.events = lookEvery, 0 // so that it seems not to pay
			r.use.pause = 0
		} else {
			r.use.idle = min(r.use.idle, 5)
		}
		var n uint64
		n, reached, err = r.direct.Advance(until, min(7, events-done), seen)
		done += n
	}
	return done, reached, err
}

func lookup(t testing.TB, name string) *crn.Compiled {
	t.Helper()
	entry, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := entry.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestMemoryChangesNoTrajectory: with the whole memory, with hardly any, with pauses and without it, trajectories are the same to the last bit.
func TestMemoryChangesNoTrajectory(t *testing.T) {
	for _, test := range []struct {
		name  string
		until float64
	}{{"birth-death", 500}, {"toggle-switch", 2}, {"mapk", 2000}, {"schlogl:sites=2", 0.01}, {"cascade3:species=3", 2}} {
		c := lookup(t, test.name)
		for i := range 4 {
			var want *Path
			for _, m := range []Method{unknown{}, Direct{}, forgetful{blocks: 1}, forgetful{blocks: 40}, forgetful{blocks: 40, rests: true}} {
				s := Settings{Times: []float64{test.until / 3, test.until}, Seed: 5, Method: m}
				p, err := Trajectory(context.Background(), c, s, i)
				if err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = p
				}
				if !slices.Equal(p.Times, want.Times) || !slices.Equal(p.States, want.States) {
					t.Fatalf("%s: %+v gives another trajectory", test.name, m)
				}
			}
			if want.Len() < 30 {
				t.Errorf("%s: only %d states", test.name, want.Len())
			}
		}
	}
}

// TestMemoryRestsWhereStatesDoNotRepeat: a count that only rises.
func TestMemoryRestsWhereStatesDoNotRepeat(t *testing.T) {
	n := crn.New("rise")
	n.AddSpecies("A", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> A", crn.Number(1))
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	d := newDirect(c)
	if err := d.Start([]int32{0}, rand.New(rand.NewPCG(1, 2))); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Advance(math.Inf(1), 10*lookEvery, nil); err != nil {
		t.Fatal(err)
	}
	if d.use.idle == 0 || len(d.memory.state) > 2*lookEvery {
		t.Errorf("%d blocks are kept, idle for %d events", len(d.memory.state), d.use.idle)
	}
	if d.State()[0] != 10*lookEvery {
		t.Errorf("state %v", d.State())
	}
}

func TestMemoryKeepsItsLimit(t *testing.T) {
	c := lookup(t, "toggle-switch")
	d := newDirect(c)
	d.memory.limit = 100
	for i := range uint64(20) {
		if err := d.Start([]int32{1, 1, 0, 0}, rand.New(rand.NewPCG(i, 2))); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Advance(4, math.MaxUint64, nil); err != nil {
			t.Fatal(err)
		}
		if n := len(d.memory.state); n > 100 {
			t.Fatalf("%d blocks", n)
		}
	}
}

// TestSharesAreTheChoice compares the list of shares with choose at random choices and at the ends of the shares.
func TestSharesAreTheChoice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSums(rapid.IntRange(1, 40).Draw(t, "reactions"))
		for k := range s.a {
			if rapid.Bool().Draw(t, "possible") {
				s.a[k] = math.Pow(10, rapid.Float64Range(-20, 20).Draw(t, "power"))
			}
		}
		if s.add(0) == 0 {
			return
		}
		reactions, ends := s.shares(nil, nil)
		if ends[len(ends)-1] != certain || !slices.IsSorted(ends) {
			t.Fatalf("shares %v", ends)
		}
		choices := []int64{0, certain - 1, rapid.Int64Range(0, certain-1).Draw(t, "choice")}
		for _, e := range ends[:len(ends)-1] {
			choices = append(choices, max(0, e-1), min(e, certain-1))
		}
		for _, choice := range choices {
			want := reactions[slices.IndexFunc(ends, func(e int64) bool { return choice < e })]
			if got := s.choose(choice); got != int(want) {
				t.Fatalf("%d: reaction %d, want %d", choice, got, want)
			}
		}
	})
}

// TestSumsAreAsGoodAsNew: after changes of single propensities the sums are those of new ones to the last bit.
func TestSumsAreAsGoodAsNew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "reactions")
		s, again := newSums(n), newSums(n)
		for range 10 {
			k := rapid.IntRange(0, n-1).Draw(t, "reaction")
			s.a[k] = rapid.Float64Range(0, 1e6).Draw(t, "propensity")
			s.add(k / blockLength)
			copy(again.a, s.a)
			again.add(0)
			if !slices.Equal(s.base, again.base) {
				t.Fatalf("%v, want %v", s.base, again.base)
			}
		}
	})
}

// TestOverflowIsRefused: propensities that are not finite are seen by their sum alone.
func TestOverflowIsRefused(t *testing.T) {
	for _, test := range []struct{ reaction, want string }{
		{"A + B -> 0", "reaction R1 (A + B -> 0) has propensity +Inf"},
		{"2 B -> A", "the propensities sum to +Inf"},
	} {
		n := crn.New("huge")
		n.AddSpecies("A", crn.Delta(9), crn.Unbounded)
		n.AddSpecies("B", crn.Delta(1), crn.Unbounded)
		n.ReactWith("0 -> B", crn.Number(1.2e308))
		n.ReactWith(test.reaction, crn.Number(0.5e308))
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []Method{Direct{}, unknown{}} {
			_, err := Run(context.Background(), c, Settings{Times: []float64{1}, Runs: 1, Method: m})
			if !errors.Is(err, ErrPropensity) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %q", m, err, test.want)
			}
		}
	}
}
