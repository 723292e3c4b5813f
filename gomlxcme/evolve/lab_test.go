package evolve

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

type logHook struct {
	every, n int
	begin    time.Time
}

func (h *logHook) Start(run.Start) {}
func (h *logHook) Done(d run.Done) { fmt.Println("done", d.Err) }
func (h *logHook) Step(s run.Step) {
	h.n++
	if h.every > 0 && h.n%h.every == 0 {
		fmt.Printf("%5.1fs t=%.4g", time.Since(h.begin).Seconds(), s.Time)
		for _, f := range s.Fields {
			fmt.Printf(" %s=%.3g", f.Name, f.Value)
		}
		fmt.Println()
	}
}

func env(name string, d float64) float64 {
	if v, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return v
	}
	return d
}

func TestLab(t *testing.T) {
	name := os.Getenv("SYS")
	if name == "" {
		t.Skip()
	}
	e, err := systems.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	var times []float64
	for _, v := range []string{"T1", "T2", "T3", "T4"} {
		if x := env(v, 0); x > 0 {
			times = append(times, x)
		}
	}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		t.Fatal(err)
	}
	var prop Proposal = Tempered{Unique: int(env("U", 0)), Limit: int(env("N", 0)), Lowest: env("EMIN", 0), Weight: env("TW", 0), Share: env("TS", 0), Jumps: env("JS", 0), Floor: env("FLOOR", 0)}
	if env("FULL", 0) > 0 {
		prop = FullSum{Floor: env("FLOOR", 0), Weight: env("TW", 0)}
	}
	for seed := uint64(1); seed <= uint64(env("SEEDS", 1)); seed++ {
		begin := time.Now()
		r, err := Run(context.Background(), c, Settings{Times: times, Seed: seed + uint64(env("SEED0", 0)), Proposal: prop,
			Network: van.NADE{Hidden: int(env("H", 0)), Features: int(env("F", 0)), Heads: van.Spline{Knots: int(env("KN", 0))}},
			Hook:    &logHook{every: int(env("V", 0)), begin: begin}, Batches: int(env("NB", 0)), Tolerance: env("TOL", 0), Converged: env("CONV", 0), Iterations: int(env("IT", 0)), Damping: env("LAM", 0), Ratio: env("RHO", 0), Order: int(env("ORD", 0)), StartTime: env("T0", 0)})
		if err != nil {
			t.Error(err)
		}
		if r == nil {
			continue
		}
		fmt.Printf("seed %d P=%d steps %d rejected %d startloss %.3g wall %.1fs bound %.3g\n", seed, r.Model.Size(), r.State.Step, r.State.Rejected, r.State.StartLoss, time.Since(begin).Seconds(), r.State.Bound)
		for i, s := range r.Snapshots {
			fmt.Printf("  t=%g", s.Time)
			for k := range s.Dist.Species() {
				d := dist.Hellinger(s.Dist.Marginal(k), exact.Snapshots[i].Dist.Marginal(k))
				a, b := s.Dist.Moment(k), exact.Snapshots[i].Dist.Moment(k)
				fmt.Printf(" | %.4f %.3f(%.3f) %.3f(%.3f)", d.Value, a.Mean, b.Mean, a.SD, b.SD)
			}
			j, err := dist.HellingerTable(s.Dist.(*dist.Table), exact.Snapshots[i].Dist.(*dist.Table))
			fmt.Printf(" | joint %.4f %v\n", j.Value, err)
		}
	}
}
