package systems_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func build(t *testing.T, name string) *crn.Network {
	t.Helper()
	e, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return e.Build()
}

func compile(t *testing.T, n *crn.Network) *crn.Compiled {
	t.Helper()
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestPropensities holds one state of each system against the definition, worked out by hand.
func TestPropensities(t *testing.T) {
	for _, test := range []struct {
		name string
		x    []int32
		time float64
		want []float64
	}{
		{"autoregulatory-loop", []int32{1, 7}, 0, []float64{0, 0.01 * 7, 8.40, 0, 7}},
		{"autoregulatory-loop:set=3", []int32{0, 7}, 0, []float64{0.44, 0, 0, 53.1, 7}},
		{"early-life", []int32{2, 40, 58}, 0, []float64{80, 116, 2, 2, 40, 58}},
		{"epidemic", []int32{50, 10, 4}, 1.5, []float64{0.003 * 1.2 * 500, 0.2, 0.028, 0.1, 0.5, 0.008}},
		{"cascade1:species=3", []int32{2, 3, 4}, 0, []float64{10, 2, 10, 3, 15, 4}},
		{"cascade1-inverse:species=3", []int32{2, 3, 4}, 0, []float64{20, 2, 10, 3, 4, 10}},
		{"cascade2:species=4", []int32{0, 3, 0, 0}, 0, []float64{250 / 5.625, 0, 0, 7.5, 25/5.625 + 2500/5.625*3/(3+100/5.625), 0, 0, 0}},
		{"cascade3:species=3", []int32{2, 3, 4}, 0, []float64{1 + 100/14., 2, 10, 3, 15, 4}},
		{"schlogl:sites=1,constants=rounded", []int32{20}, 0, []float64{2.676 * 380, 0.04 * 6840, 108.102, 20 * 37.881}},
		{"lambda-phage", []int32{1, 2, 3, 4, 5}, 0, []float64{0.06 / 2.12, 0.6 / 1.6, 5 * 0.6 / 1.6, 0.15 * 2 / 3, 0.3 * 3 / 4, 0.3 * 3 / 4, 0.0025, 0.0014, 0.0693, 0.04, 0.05}},
	} {
		c := compile(t, build(t, test.name))
		if c.NumReactions() != len(test.want) {
			t.Errorf("%s has %d reactions, want %d", test.name, c.NumReactions(), len(test.want))
			continue
		}
		for k, w := range test.want {
			if got := c.Propensity(k, test.x, test.time); math.Abs(got-w) > 1e-12*(1+w) {
				t.Errorf("%s: a_%d = %v, want %v", test.name, k, got, w)
			}
		}
	}
}

func TestConservedTotals(t *testing.T) {
	for name, want := range map[string]string{"early-life": "S + A + B",
		"mapk": "MKP3 + Kpp_MKP3 + KpY_MKP3 + KpT_MKP3_Y + KpT_MKP3_T + K_MKP3_T + K_MKP3_Y"} {
		n := build(t, name)
		laws, err := n.ConservationLaws()
		if err != nil || len(laws) != 1 || laws[0].Format(n) != want {
			t.Errorf("%s: %v, %v", name, laws, err)
		}
	}
}

// TestSchloglConstants: the exact constants agree with the rounded ones to the digits of the latter, but for c2.
func TestSchloglConstants(t *testing.T) {
	exact, rounded := build(t, "schlogl").Parameters, build(t, "schlogl:constants=rounded").Parameters
	for i, digit := range []float64{1e-3, 1e-3, 1e-3, 1e-3, 1e-4} {
		if d := math.Abs(exact[i].Value - rounded[i].Value); d > digit {
			t.Errorf("%s: %v and %v", exact[i].Name, exact[i].Value, rounded[i].Value)
		}
	}
}

// TestProjectedAnswers solves again the systems whose answers were computed elsewhere, by an independent program; package fsp
// does so for the others.
func TestProjectedAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes projections slow")
	}
	names := []string{"schlogl:sites=1", "schlogl:sites=1,constants=rounded", "schlogl", "schlogl:constants=rounded"}
	if os.Getenv("CME_LONG") != "" {
		names = append(names, "toggle-switch", "schlogl:sites=3")
	}
	for _, name := range names {
		e, err := systems.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Known) == 0 {
			t.Errorf("%s has no known answers", name)
		}
		for _, law := range []crn.Law{crn.FallingFactorial, crn.Power} {
			var times []float64
			for _, k := range e.Known {
				if k.Law == law && !slices.Contains(times, k.Time) {
					times = append(times, k.Time)
				}
			}
			if times == nil {
				continue
			}
			n := e.Build()
			n.Law = law
			r, err := fsp.Solve(context.Background(), compile(t, n), fsp.Settings{Times: times})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range e.Known {
				if k.Law == law {
					checkKnown(t, n, r.Snapshots[slices.Index(times, k.Time)], k)
				}
			}
		}
	}
}

// checkKnown compares one known answer; its last digit may be rounded either way.
func checkKnown(t *testing.T, n *crn.Network, s dist.Snapshot, k systems.Known) {
	t.Helper()
	i, err := n.SpeciesIndex(k.Species)
	if err != nil {
		t.Fatal(err)
	}
	m, below := s.Dist.Moment(i), 0.0
	for x, p := range s.Dist.Marginal(i).P {
		if x < k.Count {
			below += p
		}
	}
	got := map[systems.Quantity]float64{systems.Mean: m.Mean, systems.SD: m.SD, systems.Below: below}[k.Quantity]
	if math.Abs(got-k.Value) > k.Tolerance*1.01 {
		t.Errorf("%s with %s at t = %g: %s of %s is %v, want %v", n.Name, n.Law, k.Time, k.Quantity, k.Species, got, k.Value)
	}
}

// TestCascade1IsPoisson: without caps and from an empty start every count is Poisson, with the means of the linear equations.
func TestCascade1IsPoisson(t *testing.T) {
	uncapped := func(name string) *crn.Compiled {
		n := build(t, name)
		for i := range n.Species {
			n.Species[i].Cap = crn.Unbounded
		}
		return compile(t, n)
	}
	for _, name := range []string{"cascade1:species=2", "cascade1-inverse:species=2"} {
		r, err := fsp.Solve(context.Background(), uncapped(name), fsp.Settings{Times: []float64{1}})
		if err != nil {
			t.Fatal(err)
		}
		mean := cascadeMeans(2, 1)
		if name == "cascade1-inverse:species=2" {
			mean[0], mean[1] = mean[1], mean[0]
		}
		for i, m := range mean {
			for n, p := range r.Snapshots[0].Dist.Marginal(i).P {
				if want := math.Exp((crn.Poisson{Mean: m}).LogProb(n, crn.Unbounded)); math.Abs(p-want) > 1e-7 {
					t.Errorf("%s species %d: P(%d) = %v, want %v", name, i, n, p, want)
				}
			}
		}
	}
	if testing.Short() {
		return
	}
	// Twenty species by trajectories. The molecules in all 2000 of them are Poisson too: five standard deviations, and eight molecules
	// where so few are expected that the law is not normal, in each of 40 comparisons: a false alarm in 2e-5 of seeds.
	r, err := ssa.Run(context.Background(), uncapped("cascade1:species=20"), ssa.Settings{Times: []float64{1, 4}, Runs: 2000, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Snapshots {
		for i, want := range cascadeMeans(20, s.Time) {
			if m := s.Dist.Moment(i); math.Abs(m.Mean-want) > 5*math.Sqrt(want/2000)+8./2000 {
				t.Errorf("X%d at t = %v: mean %v, want %v", i+1, s.Time, m.Mean, want)
			}
		}
	}
}

// cascadeMeans integrates the means of cascade1 by many small steps of the classical Runge–Kutta method.
func cascadeMeans(length int, until float64) []float64 {
	slope := func(m []float64) []float64 {
		d := make([]float64, length)
		in := 10.0
		for i, v := range m {
			d[i] = in - v
			in = 0
			if i+1 < length {
				d[i] -= 5 * v
				in = 5 * v
			}
		}
		return d
	}
	m := make([]float64, length)
	const steps = 2000
	h := until / steps
	along := func(d []float64, by float64) []float64 {
		x := make([]float64, length)
		for i := range x {
			x[i] = m[i] + by*d[i]
		}
		return x
	}
	for range steps {
		k1 := slope(m)
		k2 := slope(along(k1, h/2))
		k3 := slope(along(k2, h/2))
		k4 := slope(along(k3, h))
		for i := range m {
			m[i] += h / 6 * (k1[i] + 2*k2[i] + 2*k3[i] + k4[i])
		}
	}
	return m
}

// TestMomentsByTwoWays compares projections with trajectories: means within five standard errors in 37 comparisons, a
// false alarm in 2e-5 of seeds.
func TestMomentsByTwoWays(t *testing.T) {
	for _, test := range []struct {
		name string
		time float64
	}{{"autoregulatory-loop", 3}, {"autoregulatory-loop:set=2", 3}, {"autoregulatory-loop:set=3", 3}, {"early-life", 0.5}, {"cascade2:species=2", 1}, {"cascade3:species=2", 1},
		{"epidemic", 0.5}, {"lambda-phage", 2}, {"mapk", 20}} {
		if testing.Short() && slices.Contains([]string{"early-life", "epidemic", "lambda-phage", "mapk"}, test.name) { // the race detector makes them slow
			continue
		}
		c := compile(t, build(t, test.name))
		exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{test.time}})
		if err != nil {
			t.Fatal(err)
		}
		const runs = 2000
		drawn, err := ssa.Run(context.Background(), c, ssa.Settings{Times: []float64{test.time}, Runs: runs, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range c.SpeciesNames() {
			want, got := exact.Snapshots[0].Dist.Moment(i), drawn.Snapshots[0].Dist.Moment(i)
			if math.Abs(want.Mean-got.Mean) > 5*want.SD/math.Sqrt(runs) {
				t.Errorf("%s %s: mean %s, projected %s", test.name, name, fmt.Sprint(got.Mean), fmt.Sprint(want.Mean))
			}
		}
	}
}
