package reduced

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// counts are parameters of which no run is negative: each mean is seven standard deviations above 0.
func counts() Parameters {
	return Parameters{W: [][]float64{{0.4, 0.3}}, B: []float64{80, 60}, Noise: 60, Latent: Frame{[]float64{100}, []float64{70}}}
}

// What reactions do to simulated counts is what the formulas say. Of 60 numbers none may be off by more than 4.5 standard errors of some 19
// degrees of freedom, which a right formula is in 1.5 % of all seeds; the time is so short that its own error is below a standard error.
func TestWitnessAgreesWithFormulas(t *testing.T) {
	for _, text := range []string{
		"A + B -> 2 A", "B + A -> 2 B", "A + X -> 2 A", "X + A -> 2 X", "B + X -> 2 B", "X + B -> 2 X",
		"A -> 2 A", "B -> 2 B", "X -> 2 X", "A -> 0", "B -> 0", "X -> 0",
	} {
		c, err := ParseCandidate(text, abx)
		if err != nil {
			t.Fatal(err)
		}
		w := Witness{Runs: 100_000, Time: 1e-3, Seed: 1}
		if len(c.Equation.Reactants) == 2 {
			w.Time = 2e-5
		}
		got, se, err := w.Measure(c, counts())
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range features(t, abx, counts(), text) {
			if se[i] == 0 && got[i] == 0 && want == 0 {
				continue
			}
			if math.Abs(got[i]-want) > 4.5*se[i]+1e-9 {
				t.Errorf("%s, feature %d: simulated %.5g ± %.2g, formula %.5g", text, i, got[i], se[i], want)
			}
		}
	}
}

// A law with the same means and covariances that is not normal, but skewed by its latent variable: what a single molecule does is still
// exact, as it needs no closure; what two do is not.
func TestWitnessOfASkewedLaw(t *testing.T) {
	p := Parameters{W: [][]float64{{1, 0.5}}, B: []float64{80, 60}, Noise: 20, Latent: Frame{[]float64{60}, []float64{900}}}
	skewed := func(rng *rand.Rand, x []float64) {
		x[2] = 60 + 30*(rng.ExpFloat64()-1)
		for i := range 2 {
			x[i] = p.B[i] + p.W[0][i]*x[2] + math.Sqrt(p.Noise)*rng.NormFloat64()
		}
	}
	for text, exact := range map[string]bool{"A -> 2 A": true, "X -> 0": true, "A + X -> 2 A": false} {
		c, err := ParseCandidate(text, abx)
		if err != nil {
			t.Fatal(err)
		}
		w := Witness{Runs: 100_000, Time: 1e-3, Seed: 1, Draw: skewed}
		if !exact {
			w.Time = 1e-5
		}
		got, se, err := w.Measure(c, p)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i, want := range features(t, abx, p, text) {
			worst = max(worst, math.Abs(got[i]-want)/(se[i]+1e-12))
		}
		if exact && worst > 4.5 || !exact && worst < 8 {
			t.Errorf("%s: off by up to %.1f standard errors", text, worst)
		}
	}
}

func TestWitnessIsTheSameForASeed(t *testing.T) {
	c, err := ParseCandidate("A -> 0", abx)
	if err != nil {
		t.Fatal(err)
	}
	one, se, err := Witness{Runs: 2000, Time: 1e-3, Seed: 5}.Measure(c, counts())
	if err != nil {
		t.Fatal(err)
	}
	two, _, err := Witness{Runs: 2000, Time: 1e-3, Seed: 5}.Measure(c, counts())
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "again", two, one, 0)
	if !(se[2] > 0) {
		t.Errorf("standard errors %v", se)
	}
}

func TestWitnessRefuses(t *testing.T) {
	c, err := ParseCandidate("A -> 0", abx)
	if err != nil {
		t.Fatal(err)
	}
	standardised := randomParameters(rand.New(rand.NewPCG(1, 2)), 2)
	for what, try := range map[string]func() error{
		"negative counts": func() error { _, _, err := Witness{Time: 1e-3}.Measure(c, standardised); return err },
		"no time":         func() error { _, _, err := Witness{}.Measure(c, counts()); return err },
		"few runs":        func() error { _, _, err := Witness{Runs: 50, Time: 1e-3}.Measure(c, counts()); return err },
		"too long":        func() error { _, _, err := Witness{Runs: 200, Time: 1e9}.Measure(birth(t), counts()); return err },
		"other variables": func() error {
			_, _, err := Witness{Time: 1e-3}.Measure(c, randomParameters(rand.New(rand.NewPCG(3, 4)), 3))
			return err
		},
	} {
		if err := try(); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

func birth(t *testing.T) Candidate {
	t.Helper()
	c, err := ParseCandidate("0 -> A", abx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
