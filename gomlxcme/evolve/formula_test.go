package evolve

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// The error of a formula alone, all states solved exactly, falls with the steps as
// the order says, and its size is that of BENCHMARKS.md: 16 and 32 steps in equal
// ratios (8 and 16 for gene-expression), Hellinger distance at the end.
func TestFormulasAgainstExactLaws(t *testing.T) {
	for _, c := range []struct {
		name       string
		begin, end float64
		formula    Formula
		error      float64 // with the larger number of steps
	}{
		{"birth-death", 20, 100, LogBDF{Order: 1}, 1.5e-3},
		{"birth-death", 20, 100, LogBDF{Order: 2}, 8.5e-5},
		{"birth-death", 20, 100, LogBDF{Order: 3}, 1.1e-5},
		{"birth-death", 20, 100, LogBDF{Order: 3, Powers: true}, 6.3e-5},
		{"birth-death", 20, 100, LinearBDF{Order: 1, Powers: true}, 1.1e-2},
		{"birth-death", 20, 100, LinearBDF{Order: 2, Powers: true}, 8.9e-4},
		{"birth-death", 20, 100, LinearBDF{Order: 3, Powers: true}, 1.1e-4},
		{"birth-death", 20, 100, LinearBDF{Order: 1}, 1e-2},
		{"birth-death", 20, 100, LinearBDF{Order: 2}, 5.5e-4},
		{"birth-death", 20, 100, LinearBDF{Order: 3}, 5.7e-5},
		// Where the law settles both kinds are the same.
		{"birth-death", 400, 800, LogBDF{Order: 2}, 5.7e-6},
		{"birth-death", 400, 800, LogBDF{Order: 2, Powers: true}, 8.4e-6},
		{"birth-death", 400, 800, LinearBDF{Order: 2}, 5.6e-6},
		{"birth-death", 400, 800, LinearBDF{Order: 2, Powers: true}, 8.4e-6},
		{"gene-expression", 10, 50, LogBDF{Order: 3}, 2.06e-4},
		{"gene-expression", 10, 50, LinearBDF{Order: 2, Powers: true}, 3.3e-3},
	} {
		e, err := systems.Lookup(c.name)
		if err != nil {
			t.Fatal(err)
		}
		system, err := e.Build().Compile()
		if err != nil {
			t.Fatal(err)
		}
		var errs []float64
		steps, slack := []int{16, 32}, 0.15
		if c.name == "gene-expression" {
			steps, slack = []int{8, 16}, 0.55 // which are few
		}
		for _, n := range steps {
			s := newExactSteps(t, system)
			times := grid(c.begin, c.end, n)
			var history [][]float64
			for j := range c.formula.depth() {
				history = append([][]float64{s.law(t, times[j])}, history...)
			}
			got := s.run(t, c.formula, history, times)
			errs = append(errs, hellinger(got, s.law(t, c.end)))
		}
		order := float64(c.formula.depth())
		if seen := math.Log2(errs[0] / errs[1]); seen < order-slack || errs[1] > 1.1*c.error {
			t.Errorf("%s, %v: errors %.3g, order %.2f; want %.2g", c.name, c.formula, errs, seen, c.error)
		}
	}
}

// Where P falls by more than the formula can follow, the rule in P has no positive
// solution; it says so and takes that in log P. Elsewhere it solves its equation.
func TestLinearRuleFallsBack(t *testing.T) {
	f := newLinearRules(1.2, []float64{1.1, 1}, true)
	r := f.full.(linearRule)
	for _, base := range [][]float64{{-3, -2.5}, {-3, -3.5}, {-8, -2}} {
		const outflow, logInflow = 2.0, -5.0
		s := r.solve(base, outflow, logInflow)
		a := r.alpha[0]*math.Exp(base[0]) + r.alpha[1]*math.Exp(base[1])
		right := a + r.beta*math.Exp(logInflow)
		if right < 0 != s.other {
			t.Errorf("history %v: right side %g, other %t", base, right, s.other)
		}
		if s.other {
			if want := r.otherwise.solve(base, outflow, logInflow); s.z != want.z {
				t.Errorf("history %v: log P %g, want %g", base, s.z, want.z)
			}
		} else if got := math.Exp(s.z) * (1 + r.beta*outflow); math.Abs(got-right) > 1e-14 {
			t.Errorf("history %v: %g, want %g", base, got, right)
		}
		const h = 1e-6
		if gain := (r.solve(base, outflow, logInflow+h).z - r.solve(base, outflow, logInflow-h).z) / (2 * h); math.Abs(gain-s.gain) > 1e-8 {
			t.Errorf("history %v: gain %g, want %g", base, s.gain, gain)
		}
	}
}

// Every formula and the extrapolation follow the exact law with a network. In
// full-sum mode, with heads that can represent the law, nothing is left but the
// error of the time steps, which three times as many steps divide as the order says;
// the bounds leave room for the few steps there are.
func TestOrderOfTheTimeSteps(t *testing.T) {
	c := smallGene(t)
	times := []float64{1}
	// A smaller damping lets the iteration converge beyond the error of the time steps.
	solver := Implicit{Converged: 1e-5, Iterations: 20, Damping: 1e-8}
	with := func(f Formula) Scheme { s := solver; s.Formula = f; return s }
	for _, s := range []struct {
		scheme Scheme
		gain   float64
	}{
		{with(LogBDF{Order: 1}), 2.2}, {with(LogBDF{Order: 2}), 5}, {with(LogBDF{Order: 3}), 10},
		{with(LinearBDF{Order: 1}), 1.8}, {with(LinearBDF{}), 4}, {with(HandOver{Pace: 1e-9}), 10},
		{Richardson{Solver: solver}, 5}, {Richardson{Solver: solver, Linear: true}, 4},
	} {
		t.Run(s.scheme.String(), func(t *testing.T) {
			distance := func(ratio float64) float64 {
				r, err := Run(context.Background(), c, Settings{Times: times, Seed: 1, Backend: openGo(t), Proposal: FullSum{}, Network: van.NADE{Hidden: 6, Heads: van.Softmax{}},
					Scheme: s.scheme, Tolerance: 10, Ratio: ratio})
				if err != nil {
					t.Fatal(err)
				}
				return worst(t, r.Snapshots, c, times)
			}
			three, nine := distance(0.2), distance(0.05)
			t.Logf("distance %.2g with 3 steps, %.2g with 9", three, nine)
			if three < s.gain*nine {
				t.Errorf("distance %.2g with 3 steps, %.2g with 9", three, nine)
			}
		})
	}
}

// The formula in P takes over where the last step changed log P by less than the
// pace, whatever the steps are.
func TestHandOverWaitsForASmoothPhase(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	theta := p.model.Init(rand.New(rand.NewPCG(1, 2)))
	other := append(van.Params(nil), theta...)
	other[0] += 0.1
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }
	moved := []point{{1, other}, {0.9, theta}, {0.8, theta}}
	pace, err := p.pace(moved, rng())
	if err != nil || !(pace > 0) {
		t.Fatal(pace, err)
	}
	if half, err := p.pace([]point{{1, other}, {0.81, theta}}, rng()); err != nil || math.Abs(half-pace/2) > 1e-12 {
		t.Errorf("twice the time: pace %g, want half of %g, error %v", half, pace, err)
	}
	for _, c := range []struct {
		earlier []point
		limit   float64
		linear  bool
	}{
		{moved, 1.1 * pace, true}, {moved, 0.9 * pace, false},
		{[]point{{1, theta}, {0.9, theta}}, 1e-9, true}, {moved[:1], 1e9, false},
	} {
		f, err := HandOver{Pace: c.limit}.at(p, c.earlier, 1.1, rng())
		if err != nil {
			t.Fatal(err)
		}
		if _, linear := f.full.(linearRule); linear != c.linear {
			t.Errorf("pace %g with the limit %g and %d networks is answered by %T", pace, c.limit, len(c.earlier), f.full)
		}
	}
}

func TestFormulaSettings(t *testing.T) {
	for _, s := range []Scheme{
		Implicit{Formula: LogBDF{Order: 4}}, Implicit{Formula: LinearBDF{Order: -1}}, Implicit{Formula: HandOver{Pace: -1}},
		Implicit{Formula: HandOver{Front: LogBDF{Order: 7}}}, Richardson{Solver: Implicit{Formula: LogBDF{}}}, Richardson{Solver: Implicit{Batches: -1}},
	} {
		if err := s.check(); !errors.Is(err, ErrSettings) {
			t.Errorf("%v: got %v", s, err)
		}
	}
}

// TestFormulaErrors logs the errors of the formulas alone that BENCHMARKS.md lists. It
// takes 10 minutes of one core, nearly all of it for the toggle switch.
func TestFormulaErrors(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("takes 10 minutes: set CME_LONG=1")
	}
	for _, c := range []struct {
		name       string
		begin, end float64
		steps      []int
	}{
		{"birth-death", 20, 100, []int{16, 32}},
		{"birth-death", 400, 800, []int{8, 16}},
		{"gene-expression", 10, 50, []int{16, 32}},
		{"gene-expression", 1500, 3600, []int{8, 16}},
		{"toggle-switch", 0.05, 0.25, []int{16, 32}},
	} {
		e, err := systems.Lookup(c.name)
		if err != nil {
			t.Fatal(err)
		}
		system, err := e.Build().Compile()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []Formula{
			LogBDF{Order: 1}, LogBDF{Order: 2}, LogBDF{Order: 3}, LogBDF{Order: 2, Powers: true}, LogBDF{Order: 3, Powers: true},
			LinearBDF{Order: 1, Powers: true}, LinearBDF{Order: 2}, LinearBDF{Order: 3}, LinearBDF{Order: 2, Powers: true}, LinearBDF{Order: 3, Powers: true},
		} {
			for _, n := range c.steps {
				s := newExactSteps(t, system)
				times := grid(c.begin, c.end, n)
				var history [][]float64
				for j := range f.depth() {
					history = append([][]float64{s.law(t, times[j])}, history...)
				}
				got := s.run(t, f, history, times)
				t.Logf("%s, %g to %g, %v, %d steps: %.2g", c.name, c.begin, c.end, f, n, hellinger(got, s.law(t, c.end)))
			}
		}
	}
}
