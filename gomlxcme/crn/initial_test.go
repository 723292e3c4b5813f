package crn_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func TestPoissonIsNormalisedUnderItsCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := crn.Poisson{Mean: rapid.Float64Range(0, 60).Draw(t, "mean")}
		cap := rapid.SampledFrom([]int{crn.Unbounded, int(p.Mean) + 1, int(p.Mean) + 10, 200}).Draw(t, "cap")
		if err := p.Check(cap); err != nil {
			t.Fatal(err)
		}
		top := cap
		if cap == crn.Unbounded {
			top = 400
		}
		mass, mean := 0.0, 0.0
		for n := 0; n <= top; n++ {
			v := math.Exp(p.LogProb(n, cap))
			mass += v
			mean += float64(n) * v
		}
		if math.Abs(mass-1) > 1e-12 || math.Abs(mean-p.Expected(cap)) > 1e-10*(1+mean) {
			t.Fatalf("%v under %d: mass %v, mean %v and %v", p, cap, mass, mean, p.Expected(cap))
		}
		if !math.IsInf(p.LogProb(-1, cap), -1) || (cap >= 0 && !math.IsInf(p.LogProb(cap+1, cap), -1)) {
			t.Fatal("counts outside the box have a probability")
		}
		lo, hi := p.Support(cap, 1e-16)
		if lo > 0 && p.LogProb(lo-1, cap) >= math.Log(1e-16) || p.LogProb(hi+1, cap) >= math.Log(1e-16) || p.LogProb(lo, cap) < math.Log(1e-16) {
			t.Fatalf("support %d to %d", lo, hi)
		}
	})
}

// TestPoissonSamples is a χ² test with a false-alarm rate of 1e-6 a case; the seed is fixed.
func TestPoissonSamples(t *testing.T) {
	for _, test := range []struct {
		mean float64
		cap  int
	}{{0.2, crn.Unbounded}, {1, 39}, {5, 5}, {7, 9}, {300, crn.Unbounded}} {
		p := crn.Poisson{Mean: test.mean}
		rng := rand.New(rand.NewPCG(1, 2))
		const draws = 50_000
		seen := map[int]float64{}
		for range draws {
			seen[p.Sample(rng, test.cap)]++
		}
		statistic, bins, rest, expected := 0.0, 0, 0.0, 0.0
		for n := range 600 {
			e := draws * math.Exp(p.LogProb(n, test.cap))
			if e < 10 {
				rest += seen[n]
				expected += e
				continue
			}
			d := seen[n] - e
			statistic += d * d / e
			bins++
		}
		if expected > 5 {
			d := rest - expected
			statistic += d * d / expected
			bins++
		}
		if limit := (distuv.ChiSquared{K: float64(bins - 1)}).Quantile(1 - 1e-6); statistic > limit {
			t.Errorf("%v under %d: χ² = %.1f with %d bins, limit %.1f", p, test.cap, statistic, bins, limit)
		}
	}
}

func TestDelta(t *testing.T) {
	d := crn.Delta(3)
	lo, hi := d.Support(9, 1e-16)
	if d.LogProb(3, 9) != 0 || !math.IsInf(d.LogProb(2, 9), -1) || d.Expected(9) != 3 || d.Sample(nil, 9) != 3 || lo != 3 || hi != 3 {
		t.Error("delta(3) is not certain of 3")
	}
	if d.String() != "delta(3)" || (crn.Poisson{Mean: 1.5}).String() != "poisson(1.5)" {
		t.Error("names")
	}
}
