package crn_test

import (
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"pgregory.net/rapid"
)

// dimer is 2 A -> B in a box with A ≤ 5, B ≤ 2, beside a gene-gated source of A.
func dimer(law crn.Law) *crn.Network {
	n := crn.New("dimer")
	n.Law = law
	n.Param("k", 2)
	n.Param("s", 3)
	n.AddSpecies("A", crn.Delta(0), 5)
	n.AddSpecies("B", crn.Delta(0), 2)
	n.AddSpecies("G", crn.Delta(1), 1)
	n.React("2 A -> B", "k")
	n.React("0 -> A", "s", crn.While("G", 1))
	return n
}

func compile(t testing.TB, n *crn.Network) *crn.Compiled {
	t.Helper()
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPropensityFollowsTheLaw(t *testing.T) {
	for _, test := range []struct {
		law  crn.Law
		x    []int32
		want float64
	}{
		{crn.FallingFactorial, []int32{4, 0, 1}, 2 * 4 * 3},
		{crn.Power, []int32{4, 0, 1}, 2 * 4 * 4},
		{crn.FallingFactorial, []int32{1, 0, 1}, 0},
		{crn.Power, []int32{1, 0, 1}, 0},            // would leave the box below
		{crn.FallingFactorial, []int32{4, 2, 1}, 0}, // would leave the box above
		{crn.FallingFactorial, []int32{6, 0, 1}, 0}, // source outside the box
		{crn.FallingFactorial, []int32{-1, 0, 1}, 0},
	} {
		if got := compile(t, dimer(test.law)).Propensity(0, test.x, 0); got != test.want {
			t.Errorf("%s at %v: propensity %v, want %v", test.law, test.x, got, test.want)
		}
	}
}

func TestMaskStopsTheReaction(t *testing.T) {
	c := compile(t, dimer(crn.FallingFactorial))
	if a := c.Propensity(1, []int32{0, 0, 1}, 0); a != 3 {
		t.Errorf("free gene: %v, want 3", a)
	}
	if a := c.Propensity(1, []int32{0, 0, 0}, 0); a != 0 {
		t.Errorf("bound gene: %v, want 0", a)
	}
}

func TestBlockedIsWhatOnlyTheCapsHoldBack(t *testing.T) {
	c := compile(t, dimer(crn.FallingFactorial))
	for _, test := range []struct {
		x    []int32
		want float64
	}{
		{[]int32{2, 0, 1}, 0},
		{[]int32{5, 0, 1}, 3},         // source of A at its cap
		{[]int32{5, 0, 0}, 0},         // the same, but the gene is bound
		{[]int32{4, 2, 1}, 2 * 4 * 3}, // B at its cap
		{[]int32{1, 2, 1}, 0},         // no pair of A: not the cap's doing
		{[]int32{5, 2, 1}, 2*5*4 + 3}, // both
	} {
		if got := c.Blocked(test.x, 0); got != test.want {
			t.Errorf("Blocked(%v) = %v, want %v", test.x, got, test.want)
		}
	}
}

func TestUnboundedSpeciesIsNeverBlocked(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	for _, s := range []string{"A", "B"} {
		if err := n.SetCap(s, crn.Unbounded); err != nil {
			t.Fatal(err)
		}
	}
	c := compile(t, n)
	x := []int32{1000, 1000, 1}
	if c.Blocked(x, 0) != 0 || c.Propensity(0, x, 0) != 2*1000*999 {
		t.Errorf("blocked %v, propensity %v", c.Blocked(x, 0), c.Propensity(0, x, 0))
	}
}

// hill is a rate of its own: the whole propensity as a function of the state and time.
type hill struct{}

func (hill) Bind(n *crn.Network) (crn.Bound, error) {
	i, err := n.ParameterIndex("k")
	if err != nil {
		return crn.Bound{}, err
	}
	k := n.Parameters[i].Value
	return crn.Bound{Whole: true, TimeDependent: true, Function: func(x []int32, t float64) float64 {
		return (k + t) / (1 + float64(x[0]))
	}}, nil
}

func (hill) String() string { return "(k+t)/(1+A)" }

func TestOtherRatesNeedNoEdit(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	n.ReactWith("A -> B", hill{})
	c := compile(t, n)
	if !c.TimeDependent() {
		t.Error("time dependence is lost")
	}
	if a := c.Propensity(2, []int32{4, 0, 0}, 3); a != 1 {
		t.Errorf("propensity %v, want (2+3)/(1+4)", a)
	}
	if a := c.Propensity(2, []int32{0, 0, 0}, 3); a != 0 {
		t.Errorf("propensity %v without A, want 0", a)
	}
}

func TestCompiledDoesNotSeeLaterChanges(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	c := compile(t, n)
	if err := n.SetParam("k", 100); err != nil {
		t.Fatal(err)
	}
	n.Law = crn.Power
	n.Reactions[0].Reactants[0].Order = 1
	if a := c.Propensity(0, []int32{4, 0, 1}, 0); a != 24 {
		t.Errorf("propensity %v, want 24", a)
	}
	c.Network().Species[0].Name = "Z"
	c.SpeciesNames()[0] = "Z"
	c.Caps()[0] = 7
	if c.SpeciesNames()[0] != "A" || c.Caps()[0] != 5 || c.Network().Species[0].Name != "A" {
		t.Error("the caller reached into the compiled network")
	}
}

// network draws a valid network of up to three species and five reactions.
func network(t *rapid.T) *crn.Network {
	n := crn.New("random")
	n.Law = rapid.SampledFrom([]crn.Law{crn.FallingFactorial, crn.Power}).Draw(t, "law")
	l := rapid.IntRange(1, 3).Draw(t, "species")
	for i := range l {
		n.AddSpecies(string(rune('A'+i)), crn.Delta(0), rapid.SampledFrom([]int{1, 3, 6, crn.Unbounded}).Draw(t, "cap"))
	}
	terms := func(name string) []crn.Term {
		var out []crn.Term
		for s := range l {
			if o := rapid.IntRange(0, 3).Draw(t, name); o > 0 {
				out = append(out, crn.Term{Species: s, Order: o})
			}
		}
		return out
	}
	for range rapid.IntRange(1, 5).Draw(t, "reactions") {
		n.Reactions = append(n.Reactions, crn.Reaction{Reactants: terms("reactant"), Products: terms("product"),
			Rate: crn.Number(rapid.Float64Range(0, 10).Draw(t, "rate"))})
	}
	return n
}

func TestReactionsKeepTheBoxAndTheConservationLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := network(t)
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		laws, err := n.ConservationLaws()
		if err != nil {
			t.Fatal(err)
		}
		x := make([]int32, c.NumSpecies())
		for i, cap := range c.Caps() {
			if cap == crn.Unbounded {
				cap = 9
			}
			x[i] = int32(rapid.IntRange(0, cap).Draw(t, "count"))
		}
		a := make([]float64, c.NumReactions())
		total := c.Propensities(a, x, 0)
		sum := 0.0
		for k := range a {
			sum += a[k]
			if a[k] != c.Propensity(k, x, 0) {
				t.Fatalf("reaction %d: %v and %v", k, a[k], c.Propensity(k, x, 0))
			}
			if a[k] == 0 {
				continue
			}
			y := slices.Clone(x)
			for i, d := range c.Change(k) {
				y[i] += d
				if y[i] < 0 || (c.Caps()[i] != crn.Unbounded && int(y[i]) > c.Caps()[i]) {
					t.Fatalf("reaction %d leads from %v to %v", k, x, y)
				}
			}
			for _, law := range laws {
				if law.Total(x) != law.Total(y) {
					t.Fatalf("reaction %d breaks %v from %v to %v", k, law, x, y)
				}
			}
		}
		if math.Abs(sum-total) > 1e-9*(1+sum) {
			t.Fatalf("total %v, want %v", total, sum)
		}
	})
}

func TestPropensitiesDoNotAllocate(t *testing.T) {
	c := compile(t, dimer(crn.FallingFactorial))
	x, dst := []int32{4, 0, 1}, make([]float64, 2)
	if n := testing.AllocsPerRun(100, func() { c.Propensities(dst, x, 0) }); n != 0 {
		t.Errorf("%v allocations a call", n)
	}
}

func BenchmarkPropensities(b *testing.B) {
	c := compile(b, dimer(crn.FallingFactorial))
	x, dst := []int32{4, 1, 1}, make([]float64, 2)
	for b.Loop() {
		c.Propensities(dst, x, 0)
	}
}

// TestPropensityInsideIsThePropensity compares both on random networks and states, with masks and sources of all kinds.
func TestPropensityInsideIsThePropensity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := network(t)
		for i := range n.Reactions {
			if rapid.Bool().Draw(t, "masked") {
				n.Reactions[i].Masks = []crn.Mask{{Species: 0, Count: rapid.IntRange(0, 2).Draw(t, "mask")}}
			}
		}
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		x := make([]int32, c.NumSpecies())
		for range 20 {
			for i, cap := range c.Caps() {
				if cap == crn.Unbounded {
					cap = 9
				}
				x[i] = int32(rapid.IntRange(0, cap).Draw(t, "count"))
			}
			for k := range c.NumReactions() {
				if got, want := c.PropensityInside(k, x, 0), c.Propensity(k, x, 0); got != want {
					t.Fatalf("reaction %s at %v: %v, want %v", n.Reactions[k].Format(n), x, got, want)
				}
			}
		}
	})
}
