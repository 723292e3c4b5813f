package reduced

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// The moments of a distribution of the family give its parameters back, with the sign asked for.
func TestIdentifyGivesParametersBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		for v := 2; v <= 4; v++ {
			p := randomParameters(rng, v).Hat()
			mean, cov := p.Moments()
			for _, o := range []Orientation{Positive, Negative} {
				q, err := PPCA{Orientation: o}.Identify(mean[:v], cov[:v])
				if err != nil {
					t.Fatal(err)
				}
				sum := 0.0
				for _, w := range p.W[0] {
					sum += w
				}
				sign := 1.0
				if (sum > 0) == (o == Negative) {
					sign = -1
				}
				for i, w := range p.W[0] {
					near(t, "W", q.W[0][i], sign*w, 1e-10)
				}
				nearAll(t, "b", q.B, p.B, 0)
				near(t, "noise", q.Noise, p.Noise, 1e-12)
			}
		}
	}
}

// With a constant third variable W has no part in it, and the noise is the mean of the second eigenvalue and of ConstantVariance.
func TestIdentifyWithAConstant(t *testing.T) {
	q, err := PPCA{Constants: []int{2}}.Identify([]float64{1, 2, 3}, [][]float64{{4, 0, 0}, {0, 1, 0}, {0, 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	noise := (1 + ConstantVariance) / 2
	near(t, "noise", q.Noise, noise, 1e-14)
	nearAll(t, "W", q.W[0], []float64{math.Sqrt(4 - noise), 0, 0}, 1e-14)
}

func TestIdentifyRefuses(t *testing.T) {
	for what, cov := range map[string][][]float64{
		"no variance":  {{0, 0}, {0, 0}},
		"one constant": {{1, 0}, {0, 0}},
		"no direction": {{1, 0}, {0, 1}},
		"no number":    {{math.NaN(), 0}, {0, 1}},
	} {
		if _, err := (PPCA{}).Identify([]float64{0, 0}, cov); !errors.Is(err, ErrSingular) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if _, err := (PPCA{}).Identify([]float64{0}, [][]float64{{1}}); !errors.Is(err, ErrSamples) {
		t.Errorf("one variable: error %v", err)
	}
}

// Sums are held to the moments of the samples one by one, with two and with three counts.
func TestSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	const runs = 20
	a, b := NewSums([]string{"x", "y"}, []float64{0, 1}), NewSums([]string{"x", "y"}, []float64{0, 1})
	var x [2][runs][2]float64
	for r := range runs {
		s := a
		if r >= 12 {
			s = b
		}
		for i := range x {
			p, q := int32(rng.IntN(5000)), int32(rng.IntN(10000))
			x[i][r] = [2]float64{float64(p), float64(q)}
			s.Add(i, p, q)
		}
		s.AddRun()
	}
	if err := a.Merge(b); err != nil {
		t.Fatal(err)
	}
	all := a.WithConstant("n", 700)
	for i := range x {
		mean := all.Mean(i)
		cov, err := all.Covariance(i)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean of the constant", mean[2], 700, 1e-15)
		nearAll(t, "covariance of the constant", cov[2], []float64{0, 0, 0}, 1e-6)
		for j := range 2 {
			want := 0.0
			for r := range runs {
				want += x[i][r][j] / runs
			}
			near(t, "mean", mean[j], want, 1e-14)
			for k := range 2 {
				c := 0.0
				for r := range runs {
					c += (x[i][r][j] - mean[j]) * (x[i][r][k] - mean[k]) / (runs - 1)
				}
				near(t, "covariance", cov[j][k], c, 1e-9)
			}
		}
	}
	scale, err := Standardise(all.WithConstant("z", 3), all.WithConstant("z", 5))
	if err == nil {
		t.Error("the constant n was standardised")
	}
	scale, err = Standardise(a.WithConstant("z", 3), a.WithConstant("z", 5))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean of z", scale.Mean[2], 4, 1e-15)
	near(t, "sd of z", scale.SD[2], 1, 1e-12)
	square := 0.0
	for i := range x {
		for r := range runs {
			square += math.Pow(x[i][r][0]-scale.Mean[0], 2) / (2 * runs)
		}
	}
	near(t, "sd of x", scale.SD[0], math.Sqrt(square), 1e-12)
	near(t, "back", scale.Count(0, 1), scale.Mean[0]+scale.SD[0], 1e-15)
	if _, err := NewSums([]string{"x"}, []float64{0}).Covariance(0); !errors.Is(err, ErrSamples) {
		t.Errorf("covariance of no runs: error %v", err)
	}
	if err := a.Merge(all); !errors.Is(err, ErrSamples) {
		t.Errorf("merging other counts: error %v", err)
	}
}
