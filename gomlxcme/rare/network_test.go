package rare_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// lattice is a ring of three voxels with births, deaths in pairs and hops, small enough to enumerate.
func lattice(t testing.TB) *crn.Compiled {
	t.Helper()
	n := crn.New("three voxels")
	n.Param("in", 3)
	n.Param("out", 0.2)
	n.Param("hop", 1)
	names := []string{"X1", "X2", "X3"}
	for _, x := range names {
		n.AddSpecies(x, crn.Delta(8), 14)
	}
	for i, x := range names {
		n.React("0 -> "+x, "in")
		n.React("2 "+x+" -> 0", "out")
		n.React(x+" -> "+names[(i+1)%3], "hop")
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// evaluated is a network with parameters by chance on the box of c, and its enumerated law.
func evaluated(t testing.TB, c *crn.Compiled, arch van.Architecture, hole *van.Region) (rare.Evaluation, *dist.Table) {
	t.Helper()
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	m, err := van.New(b, van.Box{Caps: c.Caps(), Hole: hole}, arch, 1)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	theta := m.Init(rng)
	for i := range theta {
		theta[i] += 0.25 * rng.NormFloat64()
	}
	all, err := m.Box.Enumerate(20_000)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float64, len(all)/c.NumSpecies())
	if err := m.LogProb(p, theta, all); err != nil {
		t.Fatal(err)
	}
	for i, v := range p {
		p[i] = math.Exp(v)
	}
	law, err := dist.NewTable(c.SpeciesNames(), all, p, 0)
	if err != nil {
		t.Fatal(err)
	}
	return rare.Evaluation{Model: m, Theta: theta}, law
}

// exactly sums a law over a set.
func exactly(law *dist.Table, s rare.Set) float64 {
	sum := 0.0
	for i := range law.Len() {
		if s.Contains(law.State(i)) {
			sum += law.P(i)
		}
	}
	return sum
}

// Probabilities and fluxes of networks against enumeration: full sums to rounding, samples within their intervals. There are
// 4 sets × 5 seeds for each network; of 20 intervals of 95 per cent more than 6 miss with a probability of 3e-5.
func TestProbabilitiesOfNetworks(t *testing.T) {
	c := lattice(t)
	for _, arch := range []van.Architecture{van.NADE{Hidden: 5}, van.Transformer{DModel: 4, AttentionHeads: 2, Layers: 1, Heads: van.Softmax{}}} {
		e, law := evaluated(t, c, arch, nil)
		misses := 0
		for _, s := range []rare.Set{
			basin(t, "X1<=4,X2<=4,X3<=4", "X1", "X2", "X3"),
			basin(t, "X1>=13,X3=0", "X1", "X2", "X3"),
			basin(t, "X1<=0,X2<=0,X3<=0", "X1", "X2", "X3"),
			rare.Predicate{Name: "sum>=16", In: func(x []int32) bool { return x[0]+x[1]+x[2] >= 16 }},
		} {
			want := exactly(law, s)
			e.Sum = 0
			p, err := e.Probability(s)
			if err != nil || math.Abs(p.Value/want-1) > 1e-10 || p.Low != p.Value || p.Method != rare.FullSum {
				t.Errorf("%v, %v: full sum %+v, want %v; %v", arch, s, p, want, err)
			}
			e.Sum, e.Draws = -1, 256 // not even one state is summed
			for seed := range uint64(5) {
				e.Seed = seed
				p, err := e.Probability(s)
				if err != nil || p.Method != rare.Importance || !(p.Effective > 0) || p.Cost == 0 {
					t.Fatalf("%v, %v: %+v, %v", arch, s, p, err)
				}
				if p.Low > want || p.High < want {
					misses++
				}
				if math.Abs(p.Value/want-1) > 0.6 {
					t.Errorf("%v, %v: %+v, want %v", arch, s, p, want)
				}
			}
		}
		if misses > 6 {
			t.Errorf("%v: %d of 20 intervals miss", arch, misses)
		}
		b := basin(t, "X1<=4,X2<=4,X3<=6", "X1", "X2", "X3")
		e.Sum = 0
		want := rare.Flux(law, c, b, 0)
		if p, err := e.Flux(c, b, 0); err != nil || math.Abs(p.Value/want-1) > 1e-10 {
			t.Errorf("%v: flux %+v, want %v; %v", arch, p, want, err)
		}
		e.Sum = -1
		if p, err := e.Flux(c, b, 0); err != nil || math.Abs(p.Value/want-1) > 0.05 || p.Method != rare.Importance {
			t.Errorf("%v: sampled flux %+v, want %v; %v", arch, p, want, err)
		}
	}
}

// A probability of 1e-10 and below is found as well as a large one, with an interval that is narrow: 20 per cent are five
// times its usual width.
func TestTinyProbabilities(t *testing.T) {
	c := lattice(t)
	e, _ := evaluated(t, c, van.NADE{Hidden: 5, Heads: van.Spline{FreeBelow: 1}}, nil)
	e.Draws = 512
	for i := range e.Theta {
		e.Theta[i] *= 6 // steep conditionals
	}
	smallest := 1.0
	for _, text := range []string{"X1=0", "X1>=14", "X2>=13,X3>=13", "X1<=1,X2<=1,X3<=1", "X1>=13,X2<=1,X3>=13", "X1>=13,X2>=13,X3>=13"} {
		b := basin(t, text, "X1", "X2", "X3")
		e.Sum = 0
		want, err := e.Probability(b)
		if err != nil {
			t.Fatal(err)
		}
		smallest = min(smallest, want.Value)
		e.Sum = -1
		got, err := e.Probability(b)
		if err != nil || math.Abs(math.Log(got.Value/want.Value)) > 0.2 || got.High > 1.35*got.Value || got.Low < 0.7*got.Value {
			t.Errorf("%v: sampled %+v, summed %v; %v", b, got, want.Value, err)
		}
	}
	if smallest > 1e-10 {
		t.Errorf("the smallest probability was %v", smallest)
	}
}

// What is not hit at all has an interval that ends where plain draws can see nothing.
func TestNothingHit(t *testing.T) {
	c := lattice(t)
	e, _ := evaluated(t, c, van.NADE{Hidden: 5}, nil)
	e.Sum = -1
	p, err := e.Probability(rare.Predicate{Name: "never", In: func([]int32) bool { return false }})
	if err != nil || p.Value != 0 || p.Low != 0 || math.Abs(p.High-3./(16*512)) > 1e-12 || !math.IsInf(p.Tail, 1) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestBasinsOutsideTheCaps(t *testing.T) {
	c := lattice(t)
	e, _ := evaluated(t, c, van.NADE{Hidden: 3}, nil)
	b := basin(t, "X2>=15", "X1", "X2", "X3")
	if _, err := e.Probability(b); !errors.Is(err, rare.ErrBasin) {
		t.Errorf("error %v", err)
	}
	if _, err := e.Flux(c, b, 0); !errors.Is(err, rare.ErrBasin) {
		t.Errorf("error %v", err)
	}
	for text, want := range map[string]bool{"X1>=0": true, "X1<=14,X2<=99": true, "X1<=13": false, "X3>=1": false} {
		if basin(t, text, "X1", "X2", "X3").Everything(c.Caps()) != want {
			t.Errorf("%s: everything is not %t", text, want)
		}
	}
}

// The interval of Clopper and Pearson against tabulated values, and its ends.
func TestShares(t *testing.T) {
	for _, test := range []struct {
		k, n      int
		low, high float64
	}{{0, 100, 0, 0.03621669}, {5, 100, 0.01643188, 0.1128349}, {100, 100, 0.9637833, 1}, {1, 10, 0.002528579, 0.4450161}} {
		if e := rare.Share(test.k, test.n); math.Abs(e.Low-test.low) > 1e-6 || math.Abs(e.High-test.high) > 1e-6 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", test.k, test.n, e.Low, e.High, test.low, test.high)
		}
	}
}
