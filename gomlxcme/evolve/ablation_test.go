package evolve

import (
	"context"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// ablation is a run with one ingredient changed.
type ablation struct {
	name   string
	change func(s *Settings)
}

// scheme changes the implicit scheme.
func scheme(change func(m *Implicit)) func(s *Settings) {
	return func(s *Settings) {
		var m Implicit
		change(&m)
		s.Scheme = m
	}
}

func ablations(along []float64) []ablation {
	return []ablation{
		{"default", func(*Settings) {}},
		{"order 2", scheme(func(m *Implicit) { m.Formula = LogBDF{Order: 2} })},
		{"order 1, no control of dt", scheme(func(m *Implicit) { m.Formula = LogBDF{Order: 1} })},
		{"order 3, exact for powers", scheme(func(m *Implicit) { m.Formula = LogBDF{Powers: true} })},
		{"hand-over", scheme(func(m *Implicit) { m.Formula = HandOver{} })},
		{"in P, order 2", scheme(func(m *Implicit) { m.Formula = LinearBDF{} })},
		{"Richardson in log P", func(s *Settings) { s.Scheme, s.Tolerance = Richardson{}, 0.05 }},
		{"Richardson in P", func(s *Settings) { s.Scheme, s.Tolerance = Richardson{Linear: true}, 0.05 }},
		{"independent draws", func(s *Settings) { s.Proposal = Tempered{Independent: true} }},
		{"plain draws only", func(s *Settings) { s.Proposal = Vanilla{Draws: 4096} }},
		{"plain and moved draws", func(s *Settings) { s.Proposal = Tempered{Share: 1e-12} }},
		{"alpha", func(s *Settings) { s.Proposal = Alpha{Draws: 4096, Weighting: Defensive} }},
		{"mixture", func(s *Settings) { s.Proposal = Mixture{Draws: 4096, Weighting: Defensive} }},
		{"propagated", func(s *Settings) { s.Proposal = Propagated{Draws: 4096, Weighting: Defensive} }},
		{"history bias", func(s *Settings) { s.Proposal = HistoryBias{Along: along, Draws: 2000, Weighting: Defensive} }},
		{"no corrections", scheme(func(m *Implicit) { m.Corrections = -1 })},
		{"no redo", scheme(func(m *Implicit) { m.Redo = -1 })},
		{"redo at three times", scheme(func(m *Implicit) { m.Redo = 3 })},
		{"alpha, exponent 0.15", func(s *Settings) { s.Proposal = Alpha{Draws: 4096, Exponent: 0.15, Weighting: Defensive} }},
		{"free logits", func(s *Settings) { s.Network = van.NADE{Heads: van.Softmax{}} }},
	}
}

// TestAblation measures what each ingredient of the implicit scheme buys: the table of
// BENCHMARKS.md. It takes half an hour of one core; -run TestAblation/toggle-switch/default
// chooses a row.
func TestAblation(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("takes half an hour: set CME_LONG=1")
	}
	for _, c := range []struct {
		system string
		set    Settings
		along  []float64
	}{
		{"gene-expression", Settings{Times: []float64{50}, StartTime: 5}, []float64{0, 1}},
		{"toggle-switch", Settings{Times: []float64{0.25, 1}}, []float64{0, 0, 1, -1}},
	} {
		t.Run(c.system, func(t *testing.T) {
			e, err := systems.Lookup(c.system)
			if err != nil {
				t.Fatal(err)
			}
			compiled, err := e.Build().Compile()
			if err != nil {
				t.Fatal(err)
			}
			exact, err := fsp.Solve(context.Background(), compiled, fsp.Settings{Times: c.set.Times})
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range ablations(c.along) {
				t.Run(a.name, func(t *testing.T) { a.measure(t, compiled, c.set, exact.Snapshots) })
			}
		})
	}
}

// measure logs a row of the table.
func (a ablation) measure(t *testing.T, c *crn.Compiled, set Settings, exact []dist.Snapshot) {
	set.Seed, set.Backend, set.Workers = 1, openGo(t), 1
	a.change(&set)
	begin := processor()
	r, err := Run(context.Background(), c, set)
	seconds := processor() - begin
	if r == nil {
		t.Logf("| %s | failed: %v |", a.name, err)
		return
	}
	marginal, joint := 0.0, 0.0
	for i, s := range r.Snapshots {
		for k := range s.Dist.Species() {
			marginal = max(marginal, dist.Hellinger(s.Dist.Marginal(k), exact[i].Dist.Marginal(k)).Value)
		}
		d, err := dist.HellingerTable(s.Dist.(*dist.Table), exact[i].Dist.(*dist.Table))
		if err != nil {
			t.Fatal(err)
		}
		joint = max(joint, d.Value)
	}
	if err != nil {
		t.Logf("| %s | ended at t = %.3g: %v |", a.name, r.State.Time, err)
	}
	t.Logf("| %s | %.4f | %.4f | %d | %d | %.3g | %.1f |", a.name, marginal, joint, r.State.Step, r.State.Rejected, r.State.Bound, seconds)
}

// processor is the time that this process has had of all cores, in seconds.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
