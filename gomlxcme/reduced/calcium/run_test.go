package calcium

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/ode"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// network is the model as plain reactions with the binomials of the source, to hold the fast tables to.
func network(t *testing.T, c Condition) *crn.Compiled {
	t.Helper()
	k := DeYoungKeizer()
	n := crn.New("receptor")
	for _, s := range SpeciesNames() {
		n.AddSpecies(s, crn.Delta(0), crn.Unbounded)
	}
	off := k.Off()
	add := func(from, to, ligand string, d int) {
		n.ReactWith(from+" + "+ligand+" -> "+to, crn.Number(k.On[d]/c.Omega()))
		n.ReactWith(to+" -> "+from+" + "+ligand, crn.Number(off[d]))
	}
	for _, m := range []string{"0", "1"} {
		add("s0"+m+"0", "s0"+m+"1", "ca2i", 3)
		add("s0"+m+"1", "s1"+m+"1", "ip3", 2)
		add("s1"+m+"0", "s1"+m+"1", "ca2i", 1)
		add("s0"+m+"0", "s1"+m+"0", "ip3", 0)
		for _, l := range []string{"0", "1"} {
			add("s"+m+"0"+l, "s"+m+"1"+l, "ca2i", 4)
		}
	}
	g := k.Channel / math.Pow(float64(c.Receptors), 3) // 6 v1/N³ of triples is v1/N³ of n (n−1) (n−2)
	n.ReactWith("3 s110 + ca2er -> 3 s110 + ca2i", crn.Number(g))
	n.ReactWith("3 s110 + ca2i -> 3 s110 + ca2er", crn.Number(k.ER*g))
	compiled, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// Every reaction of the plain network is chosen as often as it should be, and does what it should: 200,000 draws from one state. A
// false alarm in any of 26 reactions has a probability below 1e-6 (5.6 standard deviations).
func TestReactionsAreThoseOfTheNetwork(t *testing.T) {
	c := Condition{1e-16, 60, 0.9}
	plain := network(t, c)
	k := DeYoungKeizer()
	x := newState(c, &k)
	x.er, x.ca, x.ip3, x.sub = 70, 40, 54, [8]int{3, 9, 4, 12, 6, 11, 8, 7}
	before := x.counts()
	want := make([]float64, plain.NumReactions())
	total := plain.Propensities(want, before[:], 0)
	var p [numGroups]float64
	if got := x.propensities(&p); math.Abs(got-total) > 1e-12*total {
		t.Fatalf("total propensity %v, want %v", got, total)
	}
	const draws = 200_000
	seen := map[Counts]int{}
	rng := newRNG(1, c, 0)
	for range draws {
		y := x
		if !y.fire(y.choose(rng, &p, total)) {
			t.Fatal("a possible reaction did not fire")
		}
		after := y.counts()
		for i := range after {
			after[i] -= before[i]
		}
		seen[after]++
	}
	if len(seen) != 26 {
		t.Errorf("%d different changes, want 26", len(seen))
	}
	for r := range want {
		q := want[r] / total
		got := float64(seen[Counts(plain.Change(r))])
		if math.Abs(got-draws*q) > 5.6*math.Sqrt(draws*q*(1-q))+1 {
			t.Errorf("reaction %d: %v of %d draws, want %v", r, got, draws, draws*q)
		}
	}
}

func TestInvariantsAtEveryRecord(t *testing.T) {
	for _, c := range []Condition{{1e-14, 100, 0.1}, {1e-14, 100, 2}, {1e-14, 600, 0.5}, {1e-12, 100, 0.5}, {1e-17, 50, 0.5}} {
		r, err := Simulate(t.Context(), c, Settings{TEnd: 2}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Counts) != 21 {
			t.Fatalf("%v: %d records, want 21", c, len(r.Counts))
		}
		first := r.Counts[0]
		for i, x := range r.Counts {
			if x.Subunits() != c.Receptors || x.TotalIP3() != first.TotalIP3() || x.TotalCa() != first.TotalCa() {
				t.Fatalf("%v, t = %v: %d subunits, %d IP3, %d Ca; began with %d, %d, %d", c, r.Time(i),
					x.Subunits(), x.TotalIP3(), x.TotalCa(), c.Receptors, first.TotalIP3(), first.TotalCa())
			}
			for s, n := range x {
				if n < 0 {
					t.Fatalf("%v, t = %v: %d of %s", c, r.Time(i), n, SpeciesNames()[s])
				}
			}
		}
	}
}

// The published single runs keep the same totals, which pins down the order of their columns and of ours.
func TestPublishedRunsKeepTheTotals(t *testing.T) {
	for _, name := range []string{"raw_gillespie_v12_n100_ip3_0p1_seed0000.txt", "raw_gillespie_tests_0000.txt"} {
		rows := published.Numbers(t, name)
		var first Counts
		for i, row := range rows {
			var x Counts
			for s := range x {
				x[s] = int32(row[1+s])
			}
			if i == 0 {
				first = x
			}
			if x.Subunits() != first.Subunits() || x.TotalIP3() != first.TotalIP3() || x.TotalCa() != first.TotalCa() {
				t.Fatalf("%s, row %d: totals changed", name, i)
			}
		}
	}
}

// The current alone, with no receptor that binds: calcium follows the deterministic equation without channels. Whole ions are moved, so
// that the count is right to one ion and to the first order of the tick, some 1e-3 of the change.
func TestCurrentAlone(t *testing.T) {
	k := DeYoungKeizer()
	k.On = [5]float64{}
	c := Standard(0)
	x := newState(c, &k)
	x.start(c, &k, newRNG(1, c, 0))
	flow := newCurrent(c, &k)
	flow.gather(&x)
	d := Deterministic{k, 0}
	y := d.Start()
	y[8] = float64(x.ca) / c.Omega()
	for range 3000 {
		flow.apply(&x)
	}
	if err := ode.Solve(d.Derivative, y, 0, 3, 1e-10, func(float64, []float64) {}); err != nil {
		t.Fatal(err)
	}
	// The ER of a run has round(1.75 Ω) ions whatever the cytosol drew, at most 30 off the equation's: 30 of 10,539.
	if got := float64(x.ca) / c.Omega(); math.Abs(got-y[8]) > 3e-3*y[8] {
		t.Errorf("after 3 s %v µM, want %v", got, y[8])
	}
}

// Receptors that only bind at fixed concentrations are independent, and each has the stationary law of its binding alone.
func TestSettledReceptors(t *testing.T) {
	c := Condition{1e-14, 5000, 0.5}
	k := DeYoungKeizer()
	x := newState(c, &k)
	x.start(c, &k, newRNG(2, c, 0))
	d := Deterministic{k, float64(x.ip3) / c.Omega()}
	ca := float64(x.ca) / c.Omega()
	y := d.Start()
	y[8] = ca
	fixed := func(t float64, dy, y []float64) { d.Derivative(t, dy, y); dy[8] = 0 }
	if err := ode.Solve(fixed, y, 0, 10, 1e-9, func(float64, []float64) {}); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for i, n := range x.sub {
		sum += n
		// A mean over several looks scatters at most like one look, which is binomial: six deviations in eight states are a false
		// alarm below 1e-7.
		if p := y[i]; math.Abs(float64(n)-5000*p) > 6*math.Sqrt(5000*p*(1-p))+1 {
			t.Errorf("state %03b: %d of 5000, want %.1f", i, n, 5000*p)
		}
	}
	if sum != 5000 {
		t.Errorf("%d subunits, want 5000", sum)
	}
}

func TestLargestRemainder(t *testing.T) {
	got := largestRemainder([8]float64{0.4, 0.6, 1.5, 2.5, 3, 0, 0.9, 1.1}, 10)
	if want := [8]int{0, 1, 2, 2, 3, 0, 1, 1}; got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Mean and standard deviation of calcium at [IP3] = 0.8 µM in 100 published runs, and in 60 of ours. Both errors count; the law is
// far from normal only in its tails, so that six standard errors are a false alarm below 1e-6.
func TestPublishedEnsemble(t *testing.T) {
	rows := published.CSV(t, "ca2i_mean_std_ip3_0p8_by_nip3r.csv")
	const runs = 60
	sums, err := Moments(t.Context(), Standard(0.8), Batch{Runs: runs, Settings: Settings{TEnd: 5, Seed: 1}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{5, 10, 25, 50} {
		row := rows[i]
		at, wantMean, wantSD := row.Number(t, "time_s"), row.Number(t, "mean_count"), row.Number(t, "std_count")
		if row["n_ip3r"] != "100" || math.Abs(at-sums.Times[i]) > 1e-9 {
			t.Fatalf("row %d is of %s receptors at %v s", i, row["n_ip3r"], at)
		}
		cov, err := sums.Covariance(i)
		if err != nil {
			t.Fatal(err)
		}
		mean, sd := sums.Mean(i)[0], math.Sqrt(cov[0][0])
		if se := wantSD * math.Sqrt(1./100+1./runs); math.Abs(mean-wantMean) > 6*se {
			t.Errorf("t = %v: mean %.1f, published %.1f, standard error %.1f", at, mean, wantMean, se)
		}
		if se := wantSD * math.Sqrt(0.5/100+0.5/runs); math.Abs(sd-wantSD) > 6*se {
			t.Errorf("t = %v: sd %.1f, published %.1f, standard error %.1f", at, sd, wantSD, se)
		}
	}
}

func TestSameBytesForAnyWorkers(t *testing.T) {
	var first []byte
	for _, workers := range []int{1, 2, 8} {
		s, err := Moments(t.Context(), Standard(0.5), Batch{Runs: 9, Workers: workers, Settings: Settings{TEnd: 1}}, 0.5)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = text
		}
		if !bytes.Equal(first, text) {
			t.Errorf("%d workers: other bytes than with one", workers)
		}
	}
}

func TestRunsDiffer(t *testing.T) {
	seen := map[Counts]bool{}
	for i := range uint64(20) {
		r, err := Simulate(t.Context(), Standard(0.5), Settings{TEnd: 0.5}, i)
		if err != nil {
			t.Fatal(err)
		}
		seen[r.Counts[5]] = true
	}
	if len(seen) != 20 {
		t.Errorf("%d different runs of 20", len(seen))
	}
}

func TestRefusedConditions(t *testing.T) {
	for _, c := range []Condition{{}, {Volume: -1, Receptors: 1}, {1e-14, 0, 1}, {1e-14, 100, -1}, {1e-14, 100, math.NaN()}, {1, 100, 1}} {
		if _, err := Simulate(t.Context(), c, Settings{}, 0); !errors.Is(err, ErrCondition) {
			t.Errorf("%+v: error %v", c, err)
		}
	}
	for _, s := range []Settings{{TEnd: -1}, {Every: -1}, {Every: 1e-12}, {TEnd: math.Inf(1)}} {
		if _, err := Simulate(t.Context(), Standard(1), s, 0); !errors.Is(err, ErrSettings) {
			t.Errorf("%+v: error %v", s, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Moments(ctx, Standard(1), Batch{Runs: 2}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped batch: error %v", err)
	}
}
