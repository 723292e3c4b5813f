package ssa_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// still is a network in which nothing happens but its events: X starts at 0, and the one reaction has rate 0.
func still(t *testing.T, add func(n *crn.Network)) *crn.Compiled {
	t.Helper()
	n := crn.New("still")
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.AddSpecies("Y", crn.Delta(5), 10)
	n.ReactWith("X -> 0", crn.Number(0))
	add(n)
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// follow writes one trajectory up to t = 100 as "time:X,Y" for every event.
func follow(t *testing.T, c *crn.Compiled, m ssa.Method) (string, error) {
	t.Helper()
	p, err := ssa.Trajectory(t.Context(), c, ssa.Settings{Times: []float64{3, 100}, Seed: 1, Method: m, MaxEvents: 1000}, 0)
	if p == nil {
		return "", err
	}
	var parts []string
	for i := range p.Len() {
		parts = append(parts, fmt.Sprintf("%v:%d,%d", p.Times[i], p.State(i)[0], p.State(i)[1]))
	}
	return strings.Join(parts, " "), err
}

// Every rule about events, on networks without chance.
func TestEventsFollowTheRules(t *testing.T) {
	late := func(e *crn.Event) { e.Late = true }
	revocable := func(e *crn.Event) { e.Revocable = true }
	initial := func(e *crn.Event) { e.Initial = true }
	after := func(delay string) crn.EventOption {
		return func(e *crn.Event) { e.Delay, _ = crn.ParseFormula(delay) }
	}
	priority := func(p string) crn.EventOption {
		return func(e *crn.Event) { e.Priority, _ = crn.ParseFormula(p) }
	}
	for name, test := range map[string]struct {
		add  func(n *crn.Network)
		want string
	}{
		"at a time":                  {func(n *crn.Network) { n.AddEvent("e", "time() >= 22.5", []string{"X = 20", "Y = Y - 1"}) }, "0:0,5 22.5:20,4"},
		"after a time":               {func(n *crn.Network) { n.AddEvent("e", "time() > 25", []string{"X = 1"}) }, "0:0,5 25:1,5"},
		"at a point":                 {func(n *crn.Network) { n.AddEvent("e", "time() == 25", []string{"X = X + 1"}) }, "0:0,5 25:1,5"},
		"at an output time and at 0": {func(n *crn.Network) { n.AddEvent("e", "time() < 1 || 3 <= time()", []string{"X = X + 1"}) }, "0:1,5 3:2,5"},
		"true before the start":      {func(n *crn.Network) { n.AddEvent("e", "time() < 1 || 3 <= time()", []string{"X = X + 1"}, initial) }, "0:0,5 3:1,5"},
		"falling and rising": {func(n *crn.Network) {
			n.AddEvent("e", "!(2 * time() > 4 && time() / 2 < 3 - time() / 10)", []string{"X = X + 1"}, initial)
		}, "0:0,5 5:1,5"},
		"on the hour": {func(n *crn.Network) { n.AddEvent("e", "rem(time(), 24) < 1", []string{"X = X + 1"}, initial) }, "0:0,5 24:1,5 48:2,5 72:3,5 96:4,5"},
		"from trigger and state": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = 7"})
			n.AddEvent("b", "time() > 2 * Y + X", []string{"Y = 6"}, initial)
		}, "0:0,5 10:7,5 17:7,6 19:7,6"},
		"together, with values of the trigger": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = Y"})
			n.AddEvent("b", "time() >= 10", []string{"Y = X"})
		}, "0:0,5 10:5,5 10:5,0"},
		"together, late": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = Y"})
			n.AddEvent("b", "time() >= 10", []string{"Y = X + 1"}, late)
		}, "0:0,5 10:5,5 10:5,6"},
		"by priority": {func(n *crn.Network) {
			n.AddEvent("none", "time() >= 10", []string{"X = 1"})
			n.AddEvent("low", "time() >= 10", []string{"X = 2"}, priority("-1"))
			n.AddEvent("high", "time() >= 10", []string{"X = 3"}, priority("Y"))
		}, "0:0,5 10:3,5 10:2,5 10:1,5"},
		"one calls another": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = 9"})
			n.AddEvent("b", "X > 8", []string{"X = 0", "Y = 6"})
			n.AddEvent("c", "Y > 5", []string{"Y = 7"})
		}, "0:0,5 10:9,5 10:0,6 10:0,7"},
		"delayed": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = Y"}, after("Y / 2"))
			n.AddEvent("b", "time() >= 11", []string{"Y = 6"})
		}, "0:0,5 11:0,6 12.5:5,6"},
		"delayed and late": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10", []string{"X = Y"}, after("2"), late)
			n.AddEvent("b", "time() >= 11", []string{"Y = 6"})
		}, "0:0,5 11:0,6 12:6,6"},
		"delayed twice": {func(n *crn.Network) {
			n.AddEvent("a", "time() < 1 || time() >= 2 && time() < 20", []string{"X = X + 1"}, after("3"), late)
		}, "0:0,5 3:1,5 5:2,5"},
		"revoked": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10 && Y < 6", []string{"X = 1"}, after("2"), revocable)
			n.AddEvent("b", "time() >= 11", []string{"Y = 6"})
			n.AddEvent("c", "time() >= 10 && Y < 6", []string{"X = 2"}, after("2"))
		}, "0:0,5 11:0,6 12:2,6"},
		"revoked at the same time": {func(n *crn.Network) {
			n.AddEvent("a", "time() >= 10 && Y < 6", []string{"Y = 6"})
			n.AddEvent("b", "time() >= 10 && Y < 6", []string{"X = 1"}, revocable)
		}, "0:0,5 10:0,6"},
		"nothing to assign": {func(n *crn.Network) { n.AddEvent("e", "time() >= 22.5", nil) }, "0:0,5 22.5:0,5"},
		"a clock of delays": {func(n *crn.Network) {
			n.AddEvent("tick", "X < 3 && Y > 4", []string{"Y = 0"}, after("10"))
			n.AddEvent("tock", "Y < 1", []string{"X = X + 1", "Y = 5"})
		}, "0:0,5 10:0,0 10:1,5 20:1,0 20:2,5 30:2,0 30:3,5"},
	} {
		c := still(t, test.add)
		for _, m := range []ssa.Method{ssa.Direct{}, ssa.NextReaction{}} {
			got, err := follow(t, c, m)
			if err != nil || got != test.want {
				t.Errorf("%s, %v: %s, %v; want %s", name, m, got, err, test.want)
			}
		}
	}
}

func TestEventsThatCannotBe(t *testing.T) {
	delay := func(e *crn.Event) { e.Delay, _ = crn.ParseFormula("3 - Y") }
	for name, test := range map[string]struct {
		add   func(n *crn.Network)
		words string
	}{
		"half a molecule": {func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"X = Y / 2"}) }, "event e|t = 1|X = 2.5"},
		"negative":        {func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"X = 3 - Y"}) }, "X = -2"},
		"above the cap":   {func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"Y = Y + 6"}) }, "Y = 11|0 to 10"},
		"no number":       {func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"Y = 1 / X"}) }, "+Inf"},
		"negative delay":  {func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"X = 1"}, delay) }, "delay -2"},
		"no end": {func(n *crn.Network) {
			n.AddEvent("a", "X > 0 || time() > 1", []string{"X = 0", "Y = 1"})
			n.AddEvent("b", "Y == 1", []string{"X = 1", "Y = 2"})
			n.AddEvent("c", "Y == 2", []string{"X = 0", "Y = 1"})
		}, "follow each other at t = 1"},
	} {
		c := still(t, test.add)
		_, err := follow(t, c, ssa.Direct{})
		if !errors.Is(err, ssa.ErrEvents) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, w := range strings.Split(test.words, "|") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is missing in %v", name, w, err)
			}
		}
	}
	c := still(t, func(n *crn.Network) { n.AddEvent("e", "time() > 1", []string{"X = 1"}) })
	if _, err := (ssa.TauLeap{}).New(c); !errors.Is(err, ssa.ErrEvents) {
		t.Errorf("tau-leap: %v", err)
	}
}

// Of events with equal priority one is chosen by chance: with 4000 runs the share is 0.5 ± 4.5 standard errors, which a
// right program misses once in 150,000 times.
func TestEqualPrioritiesAreChance(t *testing.T) {
	one := func(e *crn.Event) { e.Priority = crn.Num(1) }
	c := still(t, func(n *crn.Network) {
		n.AddEvent("a", "time() >= 1", []string{"X = 1"}, one)
		n.AddEvent("b", "time() >= 1", []string{"X = 2"}, one)
	})
	r, err := ssa.Run(t.Context(), c, ssa.Settings{Times: []float64{2}, Runs: 4000, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if p := r.Snapshots[0].Dist.Marginal(0).P[1]; math.Abs(p-0.5) > 4.5*0.5/math.Sqrt(4000) {
		t.Errorf("the share of one order is %v", p)
	}
}

// immigration with an event that resets at a time, and one that resets at a count, whose law is known: X grows by a Poisson
// process of rate 1 that begins anew at t = 10, and the other counts modulo 5.
func resetting(t *testing.T, rate crn.Rate) *crn.Compiled {
	n := crn.New("resetting")
	n.Param("k", 1)
	n.Param("one", 1)
	n.Param("period", 2*math.Pi)
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.AddSpecies("M", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> X", rate)
	n.ReactWith("0 -> M", rate)
	n.AddEvent("at", "time() >= 10", []string{"X = 100"})
	n.AddEvent("full", "M >= 5", []string{"M = 0"})
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The chances of X − 100 and M against Poisson laws: 40 comparisons within 5 standard errors, which a right program misses
// once in 40,000 times.
func TestEventsKeepTheLawOfReactions(t *testing.T) {
	poisson := func(mean float64, n int) float64 {
		lg, _ := math.Lgamma(float64(n) + 1)
		return math.Exp(float64(n)*math.Log(mean) - mean - lg)
	}
	const runs = 10_000
	for _, m := range []ssa.Method{ssa.Direct{}, ssa.NextReaction{}} {
		r, err := ssa.Run(t.Context(), resetting(t, crn.Number(1)), ssa.Settings{Times: []float64{10, 13}, Runs: runs, Seed: 5, Method: m})
		if err != nil {
			t.Fatal(err)
		}
		if p := r.Snapshots[0].Dist.Marginal(0).P; p[100] != 1 {
			t.Errorf("%v: at the time of the event it has not happened: %v", m, p)
		}
		near := func(what string, got, want float64) {
			if math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/runs)+1e-3/runs {
				t.Errorf("%v: %s has %v, want %v", m, what, got, want)
			}
		}
		x, modulo := r.Snapshots[1].Dist.Marginal(0).P, r.Snapshots[1].Dist.Marginal(1).P
		for k := range 12 {
			got := 0.0
			if 100+k < len(x) {
				got = x[100+k]
			}
			near(fmt.Sprintf("X = %d", 100+k), got, poisson(3, k))
		}
		for k := range 5 {
			want := 0.0
			for n := k; n < 80; n += 5 {
				want += poisson(13, n)
			}
			near(fmt.Sprintf("M = %d", k), modulo[k], want)
		}
	}
}

// A rate that depends on time goes on where it was when an event starts the method anew: the rate 1 + sin t of X from
// 10 to 13 has the integral 3 + cos 10 − cos 13. The mean is within 5 standard errors.
func TestEventsKeepRatesThatDependOnTime(t *testing.T) {
	const runs = 10_000
	rate := crn.Sinusoid{Rate: "k", Amplitude: "one", Period: "period"}
	r, err := ssa.Run(t.Context(), resetting(t, rate), ssa.Settings{Times: []float64{13}, Runs: runs, Seed: 6})
	if err != nil {
		t.Fatal(err)
	}
	want := 3 + math.Cos(10) - math.Cos(13)
	if m := r.Snapshots[0].Dist.Moment(0); math.Abs(m.Mean-100-want) > 5*math.Sqrt(want/runs) {
		t.Errorf("mean %v, want %v", m.Mean-100, want)
	}
}

// Neither the number of workers nor further output times change a byte, and passages are seen at events, too.
func TestEventsAreReproducible(t *testing.T) {
	c := resetting(t, crn.Number(1))
	settings := ssa.Settings{Times: []float64{9, 20}, Runs: 600, Seed: 7, Workers: 1}
	a, err := ssa.Run(t.Context(), c, settings)
	if err != nil {
		t.Fatal(err)
	}
	settings.Workers, settings.Times = 3, []float64{1, 2, 9, 10, 11, 20}
	b, err := ssa.Run(t.Context(), c, settings)
	if err != nil {
		t.Fatal(err)
	}
	for s := range 2 {
		for i, j := range map[int]int{0: 2, 1: 5} {
			if !slices.Equal(a.Snapshots[i].Dist.Marginal(s).P, b.Snapshots[j].Dist.Marginal(s).P) {
				t.Errorf("species %d at time %v differs", s, a.Snapshots[i].Time)
			}
		}
	}
	p, err := ssa.FirstPassages(t.Context(), c, settings, ssa.Box([]int32{100, 0}, []int32{100, crn.Unbounded}))
	if err != nil {
		t.Fatal(err)
	}
	for i, first := range p.Times {
		if first != 10 {
			t.Fatalf("trajectory %d enters at %v", i, first)
		}
	}
}
