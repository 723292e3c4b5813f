package evolve

import (
	"context"
	"fmt"
	"math"
	"syscall"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// One natural-gradient update of a step, and its parts, with the systems, batches
// and hidden units of the papers, on one worker. The network resembles the exact law of a time in the
// middle of the papers' runs, so that states repeat in a batch as they do there.
//
// With N draws, n different states among them, m different neighbours, P
// parameters and K reactions, an update takes
//
//	sample   N evaluations of the network, species by species
//	target   about n + m evaluations of log P_old, and (K+1) n propensities
//	Gram     n² (Σ over layers of the cheaper of in+out and in·out) multiplications,
//	         half of them used by symmetry, and n passes backwards
//	solve    n³/6 for the factorisation, n² for the substitution
//	update   one pass backwards over n states, and P additions
//
// No product of order P² or n P² is formed.
func BenchmarkNatural(b *testing.B) {
	for _, c := range []struct {
		system string
		draws  int
		dt, t  float64
	}{
		{"toggle-switch", 1000, 3e-3, 5},
		{"toggle-switch", 2000, 3e-3, 5},
		{"schlogl", 2000, 8e-6, 0.5},
		{"mapk", 2000, 5e-3, 1000},
	} {
		b.Run(fmt.Sprintf("%s/N=%d", c.system, c.draws), func(b *testing.B) {
			s := benchmarked(b, c.system, c.draws, c.dt, c.t)
			draw := func() *ExplicitStep {
				return newExplicitStep(context.Background(), s.problem, s.state.History[0], c.dt, s.stream(99, 0))
			}
			o := Natural{Epochs: 1}
			b.Run("all", func(b *testing.B) {
				timed(b, func() { must(b, o.Step(draw())) })
				b.ReportMetric(float64(s.problem.model.Size()), "parameters")
			})
			e := draw()
			batch, err := e.Draw()
			must(b, err)
			r, err := batch.Misfit()
			must(b, err)
			n := len(batch.rows)
			b.Run("sample", func(b *testing.B) {
				x := make([]int32, c.draws*s.problem.model.Box.Species())
				u := uniforms(Draw{Model: s.problem.model, Rand: e.rng}, c.draws, false)
				timed(b, func() { must(b, s.problem.model.Sample(x, e.Theta, u, nil)) })
				b.ReportMetric(float64(n), "states")
			})
			b.Run("target", func(b *testing.B) {
				timed(b, func() {
					e.known, e.target = newCloud(s.problem.system, s.problem.model.Box, 0), nil
					l := s.problem.model.Box.Species()
					for i := range n {
						e.known.add(batch.States[i*l:(i+1)*l], 1)
					}
					must(b, e.targets())
				})
				b.ReportMetric(float64(len(e.known.rowOf)), "states")
			})
			k := make([]float64, n*n)
			b.Run("gram", func(b *testing.B) {
				timed(b, func() { must(b, s.problem.model.Gram(k, batch.theta, batch.States)) })
			})
			y := make([]float64, n)
			b.Run("solve", func(b *testing.B) {
				a := make([]float64, n*n)
				timed(b, func() {
					copy(a, k)
					copy(y, r)
					must(b, solveDamped(a, n, y, 1e-3, 1))
				})
			})
			b.Run("update", func(b *testing.B) {
				g := make([]float64, s.problem.model.Size())
				timed(b, func() { must(b, s.problem.model.ScoresVJP(g, batch.theta, batch.States, r)) })
			})
		})
	}
}

// timed is b.Loop that reports processor time as well, which other work on the
// computer changes less.
func timed(b *testing.B, do func()) {
	b.Helper()
	var from, to syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &from))
	for b.Loop() {
		do()
	}
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &to))
	b.ReportMetric(float64(to.Utime.Nano()+to.Stime.Nano()-from.Utime.Nano()-from.Stime.Nano())/1e6/float64(b.N), "cpu-ms/op")
}

func must(b testing.TB, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// benchmarked is a solver whose network resembles the exact law of a time, reached
// by natural gradients from random parameters.
func benchmarked(b *testing.B, system string, draws int, dt, t float64) *solver {
	b.Helper()
	e, err := systems.Lookup(system)
	must(b, err)
	c, err := e.Build().Compile()
	must(b, err)
	set, err := Settings{
		Times: []float64{1e6}, Seed: 1, Workers: 1, Backend: openGo(b), Network: van.SharedNADE{Hidden: 16, Heads: van.Softmax{}},
		Proposal: Vanilla{Draws: draws}, Scheme: Published{Dt: dt},
	}.withDefaults()
	must(b, err)
	s, err := newSolver(c, set)
	must(b, err)
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{t}, Tolerance: 1e-3})
	must(b, err)
	table := exact.Snapshots[0].Dist.(*dist.Table)
	fit := newExplicitStep(context.Background(), s.problem, point{Theta: s.problem.model.Init(s.stream(0, 0))}, 0, s.stream(0, 0))
	fit.initial = func(x []int32) float64 { return math.Log(math.Exp(table.LogProb(x)) + 1e-9) }
	if c.NumSpecies() > 4 { // too many states to find the law among: the product of its marginals is broader
		logs := make([][]float64, c.NumSpecies())
		for i := range logs {
			logs[i] = make([]float64, s.problem.model.Box.Caps[i]+1)
			for n := range logs[i] {
				logs[i][n] = math.Log(1e-5)
			}
			for n, v := range table.Marginal(i).P {
				logs[i][n] = math.Log(v + 1e-5)
			}
		}
		fit.initial = func(x []int32) float64 {
			sum := 0.0
			for i, n := range x {
				sum += logs[i][n]
			}
			return sum
		}
	}
	must(b, Natural{Epochs: 12}.Step(fit))
	s.state.History = []point{{Theta: fit.Theta}}
	return s
}
