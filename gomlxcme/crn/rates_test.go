package crn_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"pgregory.net/rapid"
)

// rated is A -> B, in a box with A, B ≤ 50, at the given rate, with parameters b, k, K, H, a and T.
func rated(rate crn.Rate) *crn.Network {
	n := crn.New("rated")
	for name, v := range map[string]float64{"b": 1, "k": 6, "K": 4, "H": 2, "a": 0.5, "T": 8} {
		n.Param(name, v)
	}
	n.AddSpecies("A", crn.Delta(3), 50)
	n.AddSpecies("B", crn.Delta(0), 50)
	n.ReactWith("A -> B", rate)
	return n
}

func TestHillIsWhatItSays(t *testing.T) {
	for _, test := range []struct {
		rate crn.Hill
		x    []int32
		want float64
		text string
	}{
		{crn.Hill{Species: "A", Base: "b", Gain: "k", Half: "K", Exponent: "H"}, []int32{2, 0}, 1 + 6*4./8, "b + k A^H/(K + A^H)"},
		{crn.Hill{Species: "A", Gain: "k", Half: "K"}, []int32{2, 0}, 6 * 2. / 6, "k A/(K + A)"},
		{crn.Hill{Species: "B", Base: "b", Gain: "k", Half: "K", Repress: true}, []int32{2, 8}, 1 + 6./12, "b + k/(K + B)"},
		{crn.Hill{Species: "B", Base: "b", Gain: "k", Half: "K", Repress: true, Reactants: true}, []int32{2, 8}, 2 * (1 + 6./12), "(b + k/(K + B))"},
		{crn.Hill{Species: "B", Base: "b", Gain: "k", Half: "K"}, []int32{0, 8}, 0, "b + k B/(K + B)"}, // no A to take
	} {
		c := compile(t, rated(test.rate))
		if got := c.Propensity(0, test.x, 0); math.Abs(got-test.want) > 1e-14 || test.rate.String() != test.text {
			t.Errorf("%s at %v: %v, want %v (%s)", test.rate, test.x, got, test.want, test.text)
		}
	}
}

func TestBadHillAndSinusoidAreRefused(t *testing.T) {
	hill := crn.Hill{Species: "A", Base: "b", Gain: "k", Half: "K"}
	wave := crn.Sinusoid{Rate: "k", Amplitude: "a", Period: "T"}
	for name, test := range map[string]struct {
		rate  crn.Rate
		param string
		value float64
		want  error
	}{
		"species":         {crn.Hill{Species: "Z", Gain: "k", Half: "K"}, "b", 1, crn.ErrUnknownSpecies},
		"no gain":         {crn.Hill{Species: "A", Half: "K"}, "b", 1, crn.ErrUnknownParameter},
		"half 0":          {hill, "K", 0, crn.ErrRate},
		"base negative":   {hill, "b", -1, crn.ErrRate},
		"rate negative":   {wave, "k", -1, crn.ErrRate},
		"amplitude":       {wave, "a", 1.5, crn.ErrRate},
		"period":          {wave, "T", 0, crn.ErrRate},
		"unknown period":  {crn.Sinusoid{Rate: "k", Amplitude: "a", Period: "P"}, "b", 1, crn.ErrUnknownParameter},
		"period negative": {wave, "T", -3, crn.ErrRate},
	} {
		n := rated(test.rate)
		if err := n.SetParam(test.param, test.value); err != nil {
			t.Fatal(err)
		}
		if _, err := n.Compile(); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

// TestSinusoidStaysBelowItsCeiling draws intervals and times inside them; the ceiling must also be reached nearly.
func TestSinusoidStaysBelowItsCeiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rated(crn.Sinusoid{Rate: "k", Amplitude: "a", Period: "T"})
		if err := n.SetParam("a", rapid.Float64Range(-1, 1).Draw(t, "amplitude")); err != nil {
			t.Fatal(err)
		}
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		x := []int32{3, 0}
		t0 := rapid.Float64Range(0, 1000).Draw(t, "t0")
		t1 := t0 + rapid.Float64Range(0, 20).Draw(t, "length")
		top, seen := c.Ceiling(0, x, t0, t1), 0.0
		for i := range 2001 {
			seen = max(seen, c.Propensity(0, x, min(t1, t0+(t1-t0)*float64(i)/2000)))
		}
		if seen > top || seen < top*(1-1e-4) {
			t.Fatalf("%v to %v: largest value %v, ceiling %v", t0, t1, seen, top)
		}
		if forever := c.Ceiling(0, x, t0, math.Inf(1)); forever < top {
			t.Fatalf("ceiling %v for ever, %v before", forever, top)
		}
		if c.Ceiling(0, []int32{0, 0}, t0, t1) != 0 {
			t.Fatal("a reaction without its reactant has a ceiling above 0")
		}
	})
}

func TestCeilingsAreOfferedOrNot(t *testing.T) {
	with := compile(t, rated(crn.Sinusoid{Rate: "k", Amplitude: "a", Period: "T"}))
	without := compile(t, rated(hill{}))
	if !with.HasCeilings() || !with.DependsOnTime(0) || without.HasCeilings() || !math.IsInf(without.Ceiling(0, []int32{1, 0}, 0, 1), 1) {
		t.Error("ceilings of rates that depend on time")
	}
	still := compile(t, rated(crn.Number(2)))
	if !still.HasCeilings() || still.DependsOnTime(0) || still.Ceiling(0, []int32{3, 0}, 0, 9) != 6 {
		t.Error("ceilings of rates that do not")
	}
	if got := with.Reads(0); len(got) != 2 { // A and B through the box, and nothing through the rate
		t.Errorf("the sinusoid reads %v", got)
	}
}

func TestUniform(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, test := range []struct {
		u        crn.Uniform
		cap, top int
	}{{crn.Uniform{Low: 2, High: 7}, crn.Unbounded, 7}, {crn.Uniform{Low: 2, High: 7}, 5, 5}, {crn.Uniform{Low: 3, High: 3}, 9, 3}} {
		mass, mean := 0.0, 0.0
		for n := -1; n < 12; n++ {
			p := math.Exp(test.u.LogProb(n, test.cap))
			mass += p
			mean += p * float64(n)
			if (p > 0) != (n >= test.u.Low && n <= test.top) {
				t.Errorf("%v under %d: P(%d) = %v", test.u, test.cap, n, p)
			}
		}
		lo, hi := test.u.Support(test.cap, 0.9)
		if math.Abs(mass-1) > 1e-14 || math.Abs(mean-test.u.Expected(test.cap)) > 1e-14 || lo != test.u.Low || hi != test.top {
			t.Errorf("%v under %d: mass %v, mean %v, support %d to %d", test.u, test.cap, mass, mean, lo, hi)
		}
		seen := map[int]bool{}
		for range 200 {
			seen[test.u.Sample(rng, test.cap)] = true
		}
		if len(seen) != test.top-test.u.Low+1 || !seen[test.u.Low] || !seen[test.top] {
			t.Errorf("%v under %d: drew %v", test.u, test.cap, seen)
		}
	}
	for _, test := range []struct {
		u    crn.Uniform
		cap  int
		want error
	}{
		{crn.Uniform{Low: -1, High: 3}, 9, crn.ErrInitial}, {crn.Uniform{Low: 4, High: 3}, 9, crn.ErrInitial},
		{crn.Uniform{Low: 4, High: 1 << 40}, 9, crn.ErrInitial}, {crn.Uniform{Low: 4, High: 6}, 3, crn.ErrCap}, {crn.Uniform{Low: 0, High: 6}, 3, nil},
	} {
		if err := test.u.Check(test.cap); !errors.Is(err, test.want) {
			t.Errorf("%v under %d: %v", test.u, test.cap, err)
		}
	}
}

// A repressor that saturates, and an infection rate that swings.
func ExampleHill() {
	n := crn.New("repression")
	n.Param("v", 60)
	n.Param("K", 10)
	n.AddSpecies("P", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> P", crn.Hill{Species: "P", Gain: "v", Half: "K", Repress: true})
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Reactions[0].Rate, "=", c.Propensity(0, []int32{20}, 0))
	// Output: v/(K + P) = 2
}

// An infection rate that swings by a fifth over a period of six.
func ExampleSinusoid() {
	n := crn.New("seasons")
	n.Param("beta", 0.01)
	n.Param("swing", 0.2)
	n.Param("T", 6)
	n.AddSpecies("S", crn.Delta(50), crn.Unbounded)
	n.AddSpecies("I", crn.Delta(10), crn.Unbounded)
	n.ReactWith("S + I -> 2 I", crn.Sinusoid{Rate: "beta", Amplitude: "swing", Period: "T"})
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	x := []int32{50, 10}
	fmt.Printf("%.2f at 0, %.2f at 1.5, never above %.2f\n", c.Propensity(0, x, 0), c.Propensity(0, x, 1.5), c.Ceiling(0, x, 0, 100))
	// Output: 5.00 at 0, 6.00 at 1.5, never above 6.00
}
