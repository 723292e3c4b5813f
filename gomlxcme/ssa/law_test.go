package ssa_test

import (
	"context"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"gonum.org/v1/gonum/stat/distuv"
)

// falseAlarm is the probability that one comparison below fails although the sampler is right. There are fewer than 20 of
// them, so that an arbitrary change of the seeds would make the tests fail with probability below 2e-5. The seeds are fixed: a failure
// repeats, and a change of the sampler's stream draws once from this lottery.
const falseAlarm = 1e-6

// fits is Pearson's χ² test of a histogram against an exact law, with bins joined until each expects at least ten.
func fits(t *testing.T, what string, got dist.Marginal, want []float64) {
	t.Helper()
	statistic, bins := 0.0, 0
	var expected, observed float64
	add := func() {
		d := observed - expected
		statistic += d * d / expected
		bins++
		expected, observed = 0, 0
	}
	left := got.N
	for n := range max(len(got.P), len(want)) {
		if n < len(want) {
			expected += want[n] * got.N
			left -= want[n] * got.N
		}
		if n < len(got.P) {
			observed += got.P[n] * got.N
		}
		if expected >= 10 && left >= 10 {
			add()
		}
	}
	expected += max(0, left) // the tail joins the last bin
	if expected > 0 {
		add()
	}
	if bins < 2 {
		if !testing.Short() { // the few runs of a short test may leave nothing to compare
			t.Errorf("%s: all in one bin", what)
		}
		return
	}
	if limit := (distuv.ChiSquared{K: float64(bins - 1)}).Quantile(1 - falseAlarm); statistic > limit {
		t.Errorf("%s: χ² = %.1f with %d bins, limit %.1f", what, statistic, bins, limit)
	}
}

func TestEnsembleHasTheProjectedLaw(t *testing.T) {
	for _, test := range []struct {
		name string
		runs int
		t    []float64
	}{
		{"birth-death", 20_000, []float64{0, 60}},
		{"gene-expression", 10_000, []float64{100, 400}},
		{"toggle-switch", 4_000, []float64{0.5, 4}},
	} {
		for _, law := range []crn.Law{crn.FallingFactorial, crn.Power} {
			if law == crn.Power && test.name != "toggle-switch" {
				continue // the laws agree
			}
			if testing.Short() {
				test.runs /= 10
			}
			n := system(t, test.name)
			n.Law = law
			c := compile(t, n)
			exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: test.t})
			if err != nil {
				t.Fatal(err)
			}
			r := ensemble(t, c, ssa.Settings{Times: test.t, Runs: test.runs, Seed: 20})
			for i, s := range r.Snapshots {
				for species, name := range c.SpeciesNames() {
					want := exact.Snapshots[i].Dist.Marginal(species)
					if m := exact.Snapshots[i].Dist.Moment(species); m.SD == 0 {
						continue // all start at one count
					}
					fits(t, test.name+" "+name, s.Dist.Marginal(species), want.P)
					d := dist.Hellinger(s.Dist.Marginal(species), want)
					if d.Value > 3*d.Floor && !testing.Short() { // with few runs, bins that should hold one sample and hold none prevail
						t.Errorf("%s %s at t = %g: Hellinger distance %.4f, noise %.4f", test.name, name, s.Time, d.Value, d.Floor)
					}
				}
			}
		}
	}
}

// TestPureDeathIsBinomial: N molecules that decay at rate γ, B(N, e^{−γt}).
func TestPureDeathIsBinomial(t *testing.T) {
	n := crn.New("death")
	n.AddSpecies("X", crn.Delta(20), crn.Unbounded)
	n.ReactWith("X -> 0", crn.Number(0.7))
	r := ensemble(t, compile(t, n), ssa.Settings{Times: []float64{1}, Runs: 20_000, Seed: 4})
	law := distuv.Binomial{N: 20, P: math.Exp(-0.7)}
	want := make([]float64, 21)
	for k := range want {
		want[k] = law.Prob(float64(k))
	}
	fits(t, "pure death", r.Snapshots[0].Dist.Marginal(0), want)
	if events := float64(r.Events); math.Abs(events/20_000-20*(1-law.P)) > 0.1 {
		t.Errorf("%v events a run", events/20_000)
	}
}

// TestYuleProcessIsGeometric: X -> 2X at rate λ from one molecule, P(n) = q (1−q)^{n−1} with q = e^{−λt}.
func TestYuleProcessIsGeometric(t *testing.T) {
	n := crn.New("yule")
	n.AddSpecies("X", crn.Delta(1), crn.Unbounded)
	n.ReactWith("X -> 2 X", crn.Number(1))
	r := ensemble(t, compile(t, n), ssa.Settings{Times: []float64{1.5}, Runs: 20_000, Seed: 5})
	q := math.Exp(-1.5)
	want := make([]float64, 200)
	for k := 1; k < len(want); k++ {
		want[k] = q * math.Pow(1-q, float64(k-1))
	}
	fits(t, "Yule process", r.Snapshots[0].Dist.Marginal(0), want)
}
