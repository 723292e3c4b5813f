package ssa_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

var methods = []ssa.Method{ssa.Direct{}, ssa.NextReaction{}, ssa.TauLeap{}}

func TestParseMethod(t *testing.T) {
	for _, m := range methods {
		if got, err := ssa.ParseMethod(m.String()); err != nil || got != m {
			t.Errorf("%v: %v, %v", m, got, err)
		}
	}
	if _, err := ssa.ParseMethod("euler"); !errors.Is(err, ssa.ErrSettings) {
		t.Errorf("got %v", err)
	}
}

// TestEveryMethodHasTheProjectedLaw: exact methods must pass the χ² test of law_test.go. Tau-leaping is biased, so it may differ by a
// Hellinger distance of 0.03 beyond three times the noise floor.
func TestEveryMethodHasTheProjectedLaw(t *testing.T) {
	for _, test := range []struct {
		name string
		runs int
		t    []float64
	}{
		{"birth-death", 10_000, []float64{60}},
		{"gene-expression", 4_000, []float64{200}},
		{"toggle-switch", 2_000, []float64{0.5, 4}},
		{"autoregulatory-loop", 4_000, []float64{2}},
		{"cascade3:species=2", 4_000, []float64{1}},
		{"schlogl:sites=1", 400, []float64{0.2}},
	} {
		if testing.Short() { // the race detector makes projections slow
			if test.name == "toggle-switch" || test.name == "schlogl:sites=1" {
				continue
			}
			test.runs /= 10
		}
		c := compile(t, system(t, test.name))
		exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: test.t})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range methods[1:] {
			r := ensemble(t, c, ssa.Settings{Times: test.t, Runs: test.runs, Seed: 21, Method: m})
			for i, s := range r.Snapshots {
				for species, name := range c.SpeciesNames() {
					got, want := s.Dist.Marginal(species), exact.Snapshots[i].Dist.Marginal(species)
					if m == (ssa.NextReaction{}) {
						if exact.Snapshots[i].Dist.Moment(species).SD > 0 {
							fits(t, m.String()+" "+test.name+" "+name, got, want.P)
						}
						continue
					}
					if d := dist.Hellinger(got, want); d.Value > 0.03+3*d.Floor && !testing.Short() { // with few runs, empty bins prevail
						t.Errorf("%s %s at t = %g: Hellinger distance %.4f, noise %.4f", test.name, name, s.Time, d.Value, d.Floor)
					}
				}
			}
		}
	}
}

// TestTauLeapIsRightAndFastAtLargeCounts: 0 -> X at rate 10⁵, X -> 0 at rate 1, Poisson with mean 10⁵ (1 − e^{−t}).
func TestTauLeapIsRightAndFastAtLargeCounts(t *testing.T) {
	n := crn.New("many")
	n.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	n.ReactWith("0 -> X", crn.Number(1e5))
	n.ReactWith("X -> 0", crn.Number(1))
	const runs = 400
	r := ensemble(t, compile(t, n), ssa.Settings{Times: []float64{0.5, 3, 10}, Runs: runs, Seed: 2, Method: ssa.TauLeap{}})
	for _, s := range r.Snapshots {
		want, m := 1e5*(1-math.Exp(-s.Time)), s.Dist.Moment(0)
		if math.Abs(m.Mean-want) > 0.005*want || math.Abs(m.SD/math.Sqrt(want)-1) > 0.2 {
			t.Errorf("t = %v: mean %.0f, sd %.0f, want %.0f and %.0f", s.Time, m.Mean, m.SD, want, math.Sqrt(want))
		}
	}
}

// TestThinningIsExact: molecules that come and go at rates that swing, from N at the start, are a binomial plus a Poisson number.
func TestThinningIsExact(t *testing.T) {
	const k, a, period, until, start = 0.8, 0.9, 2.0, 1.3, 12
	integral := k * (until + a*period/(2*math.Pi)*(1-math.Cos(2*math.Pi*until/period)))
	death, birth := crn.New("death"), crn.New("birth")
	for _, n := range []*crn.Network{death, birth} {
		n.Param("k", k)
		n.Param("a", a)
		n.Param("T", period)
	}
	wave := crn.Sinusoid{Rate: "k", Amplitude: "a", Period: "T"}
	death.AddSpecies("X", crn.Delta(start), crn.Unbounded)
	death.ReactWith("X -> 0", wave)
	birth.AddSpecies("X", crn.Delta(0), crn.Unbounded)
	birth.ReactWith("0 -> X", wave)
	survivors, births := make([]float64, start+1), make([]float64, 60)
	for i := range survivors {
		survivors[i] = distuv.Binomial{N: start, P: math.Exp(-integral)}.Prob(float64(i))
	}
	for i := range births {
		births[i] = distuv.Poisson{Lambda: integral}.Prob(float64(i))
	}
	s := ssa.Settings{Times: []float64{0.4, until}, Runs: 20_000, Seed: 6}
	fits(t, "death", ensemble(t, compile(t, death), s).Snapshots[1].Dist.Marginal(0), survivors)
	fits(t, "birth", ensemble(t, compile(t, birth), s).Snapshots[1].Dist.Marginal(0), births)
}

// TestThinningWithoutSwing: an epidemic whose rate does not swing has the law of the projection, which knows no time.
func TestThinningWithoutSwing(t *testing.T) {
	n := system(t, "epidemic")
	if err := n.SetParam("swing", 0); err != nil {
		t.Fatal(err)
	}
	for i, count := range []int{12, 3, 0} {
		n.Species[i].Initial = crn.Delta(count)
	}
	still := n.Clone()
	still.Reactions[0].Rate = crn.MassAction{Parameter: "beta"}
	for _, m := range []*crn.Network{n, still} {
		if err := m.SetParam("beta", 0.02); err != nil {
			t.Fatal(err)
		}
	}
	exact, err := fsp.Solve(context.Background(), compile(t, still), fsp.Settings{Times: []float64{8}})
	if err != nil {
		t.Fatal(err)
	}
	r := ensemble(t, compile(t, n), ssa.Settings{Times: []float64{8}, Runs: 10_000, Seed: 8})
	for i, name := range n.Species {
		fits(t, "epidemic "+name.Name, r.Snapshots[0].Dist.Marginal(i), exact.Snapshots[0].Dist.Marginal(i).P)
	}
}

func TestTimeIsRefusedByTheOtherMethods(t *testing.T) {
	c := compile(t, system(t, "epidemic"))
	for _, m := range methods[1:] {
		if _, err := ssa.Run(context.Background(), c, ssa.Settings{Times: []float64{1}, Method: m}); !errors.Is(err, ssa.ErrTimeDependent) {
			t.Errorf("%s: got %v", m, err)
		}
	}
	if _, err := (ssa.TauLeap{Epsilon: 2}).New(compile(t, system(t, "birth-death"))); !errors.Is(err, ssa.ErrSettings) {
		t.Errorf("got %v", err)
	}
}

// TestMethodsKeepTheirPromises: same bytes for any number of workers, and other output times do not disturb a trajectory.
func TestMethodsKeepTheirPromises(t *testing.T) {
	for _, test := range []struct {
		name string
		m    ssa.Method
		end  float64
	}{
		{"toggle-switch", ssa.NextReaction{}, 1}, {"toggle-switch", ssa.TauLeap{}, 1}, {"schlogl:sites=2", ssa.TauLeap{}, 0.01}, {"epidemic", ssa.Direct{}, 3},
	} {
		c := compile(t, system(t, test.name))
		s := ssa.Settings{Times: []float64{test.end}, Runs: 300, Seed: 7, Method: test.m, Workers: 1}
		first := ensemble(t, c, s)
		s.Workers = 3
		if !bytes.Equal(stored(t, ensemble(t, c, s)), stored(t, first)) {
			t.Errorf("%s %s: three workers give other bytes than one", test.name, test.m)
		}
		s.Times = []float64{0, test.end * 0.123, test.end * 0.5, test.end * 0.777, test.end}
		r := ensemble(t, c, s)
		want, got := first.Snapshots[0], r.Snapshots[4]
		for i := range c.NumSpecies() {
			if d := dist.TotalVariation(want.Dist.Marginal(i), got.Dist.Marginal(i)); d.Value != 0 {
				t.Errorf("%s %s: output times disturb the trajectories: %v", test.name, test.m, d)
			}
		}
	}
}

func TestTauLeapNeverLeavesTheBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, law := randomNetwork(t, 60, 90, 3)
		s := ssa.Settings{Times: []float64{0.01, 0.02, 0.05, 0.1, 0.3}, Seed: rapid.Uint64().Draw(t, "seed"), Method: ssa.TauLeap{Epsilon: 0.3}, Runs: 1}
		p, err := ssa.Trajectory(context.Background(), c, s, 0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ssa.Run(context.Background(), c, s)
		if err != nil {
			t.Fatal(err)
		}
		states := [][]int32{}
		for i := range p.Len() {
			states = append(states, p.State(i))
		}
		for _, snapshot := range r.Snapshots { // also those inside a leap
			x := make([]int32, 3)
			for i := range x {
				x[i] = int32(snapshot.Dist.Moment(i).Mean)
			}
			states = append(states, x)
		}
		for _, x := range states {
			for i, cap := range c.Caps() {
				if x[i] < 0 || int(x[i]) > cap {
					t.Fatalf("state %v leaves the box %v", x, c.Caps())
				}
			}
			if law.Total(x) != law.Total(p.State(0)) {
				t.Fatalf("%v is broken from %v to %v", law, p.State(0), x)
			}
		}
	})
}
