package rare_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func basin(t testing.TB, text string, species ...string) rare.Basin {
	t.Helper()
	b, err := rare.ParseBasin(text, species)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func compile(t testing.TB, system string) *crn.Compiled {
	t.Helper()
	e, err := systems.Lookup(system)
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBasinsAreReadAndWritten(t *testing.T) {
	for text, test := range map[string]struct {
		written string
		in, out []int32
	}{
		"X<=15":             {"X<=15", []int32{15, 9}, []int32{16, 0}},
		" Y > 3 , X <= 15 ": {"X<=15,Y>=4", []int32{0, 4}, []int32{0, 3}},
		"X<16,Y>=4":         {"X<=15,Y>=4", []int32{15, 4}, []int32{16, 4}},
		"Y=0":               {"Y=0", []int32{7, 0}, []int32{7, 1}},
		"Y==2":              {"Y=2", []int32{7, 2}, []int32{7, 1}},
		"X>2,X<5":           {"X>=3,X<=4", []int32{4, 0}, []int32{5, 0}},
		"X>=0":              {"X>=0", []int32{4, 0}, nil},
		"X>=0,X<=0":         {"X=0", []int32{0, 0}, []int32{1, 0}},
	} {
		b := basin(t, text, "X", "Y")
		if b.String() != test.written || !b.Contains(test.in) || (test.out != nil && b.Contains(test.out)) {
			t.Errorf("%q is read as %q", text, b)
		}
	}
}

func TestBadBasinsNameTheColumn(t *testing.T) {
	for text, words := range map[string][]string{
		"":              {"column 1:", "X<=15"},
		"X<=1,":         {"column 6:", "missing"},
		"X":             {"column 1:", "has no <="},
		"X<=1, Z>2":     {"column 7:", `unknown species "Z"`, "X, Yes"},
		"X<=1,yess>2":   {"column 6:", `did you mean "Yes"?`},
		"<=3":           {"column 1:", "no species"},
		"X<=":           {"column 4:", "not a count"},
		"X<=-1":         {"column 4:", `"-1"`},
		"X<= 1.5":       {"column 5:", `"1.5"`},
		"X<=1e3":        {"column 4:", "whole number"},
		"X<=9999999999": {"column 4:", "2147483647"},
		"X<>3":          {"column 3:", `">3"`},
		"X=<3":          {"column 3:", `"<3"`},
		"X<0":           {"column 1:", "no count of X"},
		"X>5,X<3":       {"column 5:", "no count of X"},
		"X>2147483647":  {"column 1:", "no count of X"},
		"3<=X":          {"column 1:", `unknown species "3"`},
		"µ<=1":          {"column 1:", "unknown species"},
		"X<=1,µ,X":      {"column 6:", "has no <="},
	} {
		_, err := rare.ParseBasin(text, []string{"X", "Yes"})
		if !errors.Is(err, rare.ErrBasin) {
			t.Errorf("%q: got %v", text, err)
			continue
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q: no %q in: %v", text, w, err)
			}
		}
	}
}

// FuzzBasin: what is accepted is written in a form that reads as the same basin, and errors name a column of the text.
func FuzzBasin(f *testing.F) {
	for _, s := range []string{"X<=15,Yes>3", "X=0", "X<>1", ",", "X>2, X<5 ,X==3", "µ=1", "\xff<=1", "X<= 2147483647"} {
		f.Add(s)
	}
	species := []string{"X", "Yes"}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := rare.ParseBasin(text, species)
		if err != nil {
			var column int
			at := strings.Index(err.Error(), strconv.Quote(text)+", column ") + len(strconv.Quote(text))
			if _, scan := fmt.Sscanf(err.Error()[at:], ", column %d:", &column); scan != nil || column < 1 || column > 1+utf8.RuneCountInString(text) {
				t.Errorf("%q: column %d in %v", text, column, err)
			}
			return
		}
		again, err := rare.ParseBasin(b.String(), species)
		if err != nil || again.String() != b.String() {
			t.Errorf("%q is written as %q, which reads as %q, %v", text, b, again, err)
		}
		for _, x := range [][]int32{{0, 0}, {1, 3}, {15, 4}, {3, 1}, {math.MaxInt32, 0}} {
			if b.Contains(x) != again.Contains(x) {
				t.Errorf("%q and %q differ at %v", text, again, x)
			}
		}
	})
}

// TestTwoWaysOfSurvival compares the share of trajectories that have not entered with the exact projection: two voxels in which
// the lower state is entered, and a gene whose protein rises. Eight comparisons at five standard errors of the exact value: a
// false alarm in 5e-6 of seeds.
func TestTwoWaysOfSurvival(t *testing.T) {
	for _, test := range []struct {
		system, basin string
		times         []float64
		runs          int
	}{
		{"schlogl:sites=1", "X1<=15", []float64{0.1, 0.2, 0.3, 0.5}, 400},
		{"gene-expression", "p>=5,m<=1", []float64{50, 80, 120, 200}, 2000},
	} {
		c := compile(t, test.system)
		b := basin(t, test.basin, c.SpeciesNames()...)
		r, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: test.times, Absorb: b.Contains})
		if err != nil {
			t.Fatal(err)
		}
		p, err := ssa.FirstPassages(context.Background(), c, ssa.Settings{Times: test.times, Runs: test.runs, Seed: 1}, b.Contains)
		if err != nil {
			t.Fatal(err)
		}
		exact, drawn := rare.ProjectedSurvival(r), rare.SampledSurvival(p, test.times)
		for i, want := range exact {
			se := math.Sqrt(want.Value * (1 - want.Value) / float64(test.runs))
			if math.Abs(drawn[i].Value-want.Value) > 5*se+want.Bound || want.Bound > 1e-7 {
				t.Errorf("%s, t = %g: %g of the trajectories survive, exactly %g ± %g", test.system, want.Time, drawn[i].Value, want.Value, want.Bound)
			}
			if drawn[i].SE < 0.5*se || drawn[i].SE > 2*se+0.01 {
				t.Errorf("%s, t = %g: standard error %g, exactly %g", test.system, want.Time, drawn[i].SE, se)
			}
		}
		if rate := rare.EscapeRate(exact); !(rate > 0) {
			t.Errorf("%s: rate %v", test.system, rate)
		}
	}
}

// TestAbsorbingHoldsWhatFirstPassagesSees: by every method the share of trajectories that are held in the basin at a time is the
// share of first passages by then, and the law of the held ones is that of the projection: total variation within
// three times its noise floor F, which by McDiarmid's inequality fails by chance with probability exp(−8·1000 F²), 1e-7 at F = 0.045.
func TestAbsorbingHoldsWhatFirstPassagesSees(t *testing.T) {
	c := compile(t, "schlogl:sites=1")
	b := basin(t, "X1<=40", "X1")
	const at = 0.03
	for _, m := range []ssa.Method{ssa.Direct{}, ssa.NextReaction{}, ssa.TauLeap{}} {
		s := ssa.Settings{Times: []float64{at}, Runs: 1000, Seed: 9, Method: m}
		p, err := ssa.FirstPassages(context.Background(), c, s, b.Contains)
		if err != nil {
			t.Fatal(err)
		}
		s.Method = rare.Absorbing{Method: m, Basin: b}
		r, err := ssa.Run(context.Background(), c, s)
		if err != nil {
			t.Fatal(err)
		}
		inside := 0.0
		for n, v := range r.Snapshots[0].Dist.Marginal(0).P {
			if n <= 40 {
				inside += v
			}
		}
		if want, _ := p.Probability(at); math.Abs(inside-want) > 1e-12 || want < 0.1 || want > 0.9 {
			t.Errorf("%s: %v are held, %v have entered", m, inside, want)
		}
		if (m == ssa.Direct{}) {
			exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{at}, Absorb: b.Contains})
			if err != nil {
				t.Fatal(err)
			}
			if d := dist.TotalVariation(exact.Snapshots[0].Dist.Marginal(0), r.Snapshots[0].Dist.Marginal(0)); d.Value > 3*d.Floor || d.Floor < 0.045 {
				t.Errorf("total variation %v beside a floor of %v", d.Value, d.Floor)
			}
		}
	}
}

// An event of the network can lead into the basin: here all trajectories enter at t = 2.5, when it empties X, unless X has died out
// by itself before. With tau-leaping, which follows no events, the network is refused.
func TestEventsLeadIntoTheBasin(t *testing.T) {
	n := crn.New("reset")
	n.AddSpecies("X", crn.Delta(200), crn.Unbounded)
	n.ReactWith("X -> 0", crn.Number(0.1))
	n.AddEvent("reset", "time() >= 2.5", []string{"X = 0"})
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	empty := basin(t, "X<=0", "X")
	for _, inner := range []ssa.Method{ssa.Direct{}, ssa.NextReaction{}} {
		s := ssa.Settings{Times: []float64{2, 3}, Runs: 50, Seed: 1, Method: rare.Absorbing{Method: inner, Basin: empty}}
		r, err := ssa.Run(context.Background(), c, s)
		if err != nil {
			t.Fatal(err)
		}
		// 200 molecules that live 10 on average all die by t = 2 with probability 0.18^200.
		if before, after := r.Snapshots[0].Dist.Marginal(0).P[0], r.Snapshots[1].Dist.Marginal(0).P[0]; before != 0 || after != 1 {
			t.Errorf("%v: empty with probability %v at t = 2 and %v at t = 3, want 0 and 1", inner, before, after)
		}
	}
	s := ssa.Settings{Times: []float64{3}, Runs: 5, Method: rare.Absorbing{Method: ssa.TauLeap{}, Basin: empty}}
	if _, err := ssa.Run(context.Background(), c, s); err == nil {
		t.Error("tau-leaping accepted a network with events")
	}
}
