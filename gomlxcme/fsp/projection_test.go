package fsp_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"pgregory.net/rapid"
)

func projection(t testing.TB, c *crn.Compiled, maxStates int) *fsp.Projection {
	t.Helper()
	p, err := fsp.NewProjection(c, maxStates)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func total(p []float64) float64 {
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	return sum
}

func TestProjectionStartsAtTheInitialLaw(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	p := projection(t, compile(t, n), 1000)
	law := crn.Poisson{Mean: 1}
	states := p.States()
	for i, v := range p.Probabilities() {
		if v == 0 {
			continue
		}
		if want := math.Exp(law.LogProb(int(states[i]), 39)); math.Abs(v-want) > 1e-15 {
			t.Errorf("P(%d) = %v, want %v", states[i], v, want)
		}
	}
	if p.Len() != 40 || p.Lost() > 1e-14 {
		t.Errorf("%d states, lost %v", p.Len(), p.Lost())
	}
}

// TestSmallProjectionLosesWhatItCannotHold starts the toggle switch for a short time on few states.
func TestSmallProjectionLosesWhatItCannotHold(t *testing.T) {
	_, n := build(t, "toggle-switch", crn.FallingFactorial)
	c := compile(t, n)
	all, few := projection(t, c, 30_000), projection(t, c, 300)
	for _, p := range []*fsp.Projection{all, few} {
		for _, to := range []float64{0.01, 0.05} {
			from := 0.0
			if to == 0.05 {
				from = 0.01
			}
			if err := p.Advance(context.Background(), from, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	if few.Len() != 300 {
		t.Fatalf("%d states", few.Len())
	}
	exact, err := all.Table()
	if err != nil {
		t.Fatal(err)
	}
	difference, states := 0.0, few.States()
	for i, v := range few.Probabilities() {
		want := math.Exp(exact.LogProb(states[4*i : 4*i+4]))
		if v > want+1e-13 {
			t.Errorf("state %v: projected %v exceeds exact %v", states[4*i:4*i+4], v, want)
		}
		difference += want - v
	}
	if missing := 1 - total(few.Probabilities()); math.Abs(missing-few.Lost()) > 1e-12 {
		t.Errorf("missing %v, lost %v", missing, few.Lost())
	}
	if few.Lost() == 0 || difference > few.Bound()+1e-12 {
		t.Errorf("difference %v on the states, bound %v", difference, few.Bound())
	}
}

func TestAdvanceRefusesToGoBack(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	p := projection(t, compile(t, n), 100)
	for _, to := range []float64{1, math.Inf(1), math.NaN()} {
		if err := p.Advance(context.Background(), 2, to); !errors.Is(err, fsp.ErrSettings) {
			t.Errorf("from 2 to %v: %v", to, err)
		}
	}
}

func TestInterruptedAdvanceChangesNothing(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	p := projection(t, compile(t, n), 100)
	before := append([]float64(nil), p.Probabilities()...)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.Advance(ctx, 0, 1); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	for i, v := range p.Probabilities() {
		if v != before[i] {
			t.Fatal("the law has moved")
		}
	}
}

type clock struct{}

func (clock) Bind(*crn.Network) (crn.Bound, error) {
	return crn.Bound{Function: func(_ []int32, t float64) float64 { return t }, TimeDependent: true}, nil
}
func (clock) String() string { return "t" }

func TestAdaptiveSetRefusesTimeDependentRates(t *testing.T) {
	n := crn.New("clock")
	n.AddSpecies("A", crn.Delta(0), 5)
	n.ReactWith("0 -> A", clock{})
	c := compile(t, n)
	if _, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1}, Set: fsp.AdaptiveSet}); !errors.Is(err, fsp.ErrTimeDependent) {
		t.Errorf("solve: %v", err)
	}
}

// TestSwingingBirthsArePoisson: births at rate t, deaths at rate 1: the law stays Poisson with d<X>/dt = t − <X>.
func TestSwingingBirthsArePoisson(t *testing.T) {
	for _, cap := range []int{60, crn.Unbounded} {
		n := crn.New("clock")
		n.AddSpecies("X", crn.Delta(0), cap)
		n.ReactWith("0 -> X", clock{})
		n.ReactWith("X -> 0", crn.Number(1))
		r := solve(t, n, fsp.Settings{Times: []float64{0.5, 4, 10}, Tolerance: 1e-7})
		for _, s := range r.Snapshots {
			law := crn.Poisson{Mean: s.Time - 1 + math.Exp(-s.Time)}
			d := 0.0
			for x, p := range s.Dist.Marginal(0).P {
				d += math.Abs(p - math.Exp(law.LogProb(x, crn.Unbounded)))
			}
			if bound := diagnostic(t, s, "truncation_bound"); d > bound+1e-12 || bound > 1e-7 {
				t.Errorf("cap %d, t = %g: difference %.3g, bound %.3g", cap, s.Time, d, bound)
			}
		}
	}
}

func TestNothingHappensWithoutPropensity(t *testing.T) {
	n := crn.New("still")
	n.AddSpecies("A", crn.Delta(0), 5)
	n.ReactWith("A -> 0", crn.Number(1))
	p := projection(t, compile(t, n), 10)
	if err := p.Advance(context.Background(), 0, 7); err != nil || p.Probabilities()[0] != 1 || p.Lost() != 0 {
		t.Errorf("%v, p = %v", err, p.Probabilities())
	}
}

// TestIsomerisationIsBinomial: N molecules that switch A <-> B independently are binomial, A ~ B(N, q + (1−q) e^{−(f+b)t}).
func TestIsomerisationIsBinomial(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := rapid.IntRange(1, 12).Draw(t, "molecules")
		f, b := rapid.Float64Range(0.01, 5).Draw(t, "forth"), rapid.Float64Range(0.01, 5).Draw(t, "back")
		dt := rapid.Float64Range(0, 3).Draw(t, "time")
		n := crn.New("isomerisation")
		n.AddSpecies("A", crn.Delta(count), crn.Unbounded)
		n.AddSpecies("B", crn.Delta(0), crn.Unbounded)
		n.ReactWith("A -> B", crn.Number(f))
		n.ReactWith("B -> A", crn.Number(b))
		c, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		p, err := fsp.NewProjection(c, 100)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Advance(context.Background(), 0, dt); err != nil {
			t.Fatal(err)
		}
		if p.Len() != count+1 {
			t.Fatalf("%d states of %d molecules: the total is conserved", p.Len(), count)
		}
		q := b / (f + b)
		q += (1 - q) * math.Exp(-(f+b)*dt)
		for i, v := range p.Probabilities() {
			a := int(p.States()[2*i])
			want := math.Exp(logBinomial(count, a)) * math.Pow(q, float64(a)) * math.Pow(1-q, float64(count-a))
			if v < 0 || math.Abs(v-want) > 1e-12 {
				t.Fatalf("P(A = %d) = %v, want %v", a, v, want)
			}
		}
		if math.Abs(total(p.Probabilities())-1) > 1e-12 || p.Lost() != 0 {
			t.Fatalf("mass %v, lost %v", total(p.Probabilities()), p.Lost())
		}
	})
}

func logBinomial(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// TestSmallTailKeepsTinyProbabilities: n births in a short time have the probability (λt)^n e^{−λt} / n!, far below 1e-16.
func TestSmallTailKeepsTinyProbabilities(t *testing.T) {
	n := crn.New("birth")
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> X", crn.Number(1))
	p := projection(t, compile(t, n), 60)
	p.SetTail(0)
	if err := p.Advance(context.Background(), 0, 1e-3); err != nil {
		t.Fatal(err)
	}
	law := crn.Poisson{Mean: 1e-3}
	for x, v := range p.Probabilities()[:50] {
		if want := law.LogProb(x, crn.Unbounded); math.Abs(math.Log(v)-want) > 1e-9*(1-want) {
			t.Errorf("ln P(%d) = %v, want %v", x, math.Log(v), want)
		}
	}
}
