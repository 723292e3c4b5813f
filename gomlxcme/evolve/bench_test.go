package evolve

import (
	"context"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// One time step of the toggle switch from t = 0.3, with its parts: drawing a
// batch, and one Gauss–Newton update on it.
func BenchmarkToggle(b *testing.B) {
	e, err := systems.Lookup("toggle-switch")
	if err != nil {
		b.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	r, err := Run(ctx, c, Settings{Times: []float64{0.3}, Seed: 1, Backend: openGo(b)})
	if err != nil {
		b.Fatal(err)
	}
	set, err := Settings{Times: []float64{1}, Seed: 1, Backend: openGo(b), Network: r.Model.Arch, Resume: &r.State}.withDefaults()
	if err != nil {
		b.Fatal(err)
	}
	s, err := newSolver(c, set)
	if err != nil {
		b.Fatal(err)
	}
	const t = 0.34
	earlier := s.state.History
	b.Run("step", func(b *testing.B) {
		for b.Loop() {
			if _, err := set.Scheme.step(ctx, s.problem, earlier, t, s.stream(1, 0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	theta := earlier[0].Theta
	b.Run("draw", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.problem.draw(set.Proposal, theta, earlier, t, s.stream(1, 0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	batch, err := s.problem.draw(set.Proposal, theta, earlier, t, s.stream(1, 0))
	if err != nil {
		b.Fatal(err)
	}
	f := newLogRules(t, times(earlier), false)
	logp := append([]float64(nil), batch.logp...)
	b.Run("update", func(b *testing.B) {
		for b.Loop() {
			batch.logp = append(batch.logp[:0], logp...)
			a := &attempt{theta: theta}
			if err := (Implicit{}).defaults().update(s.problem, batch, a, f); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(batch.rows)), "rows")
		b.ReportMetric(float64(len(batch.rowOf)), "states")
	})
}
