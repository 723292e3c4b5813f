package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/gomlx-cme/cme/kernelext/jobs"
)

func birthDeath(t testing.TB) *crn.Network {
	t.Helper()
	entry, err := systems.Lookup("birth-death")
	if err != nil {
		t.Fatal(err)
	}
	return entry.Build()
}

// counter counts steps, and ends the context after some.
type counter struct {
	run.Silence
	steps, stop int
	cancel      func()
	fields      dist.Diagnostics
	end         error
	done        int
}

func (c *counter) Step(s run.Step) {
	for _, f := range s.Fields {
		c.fields.Set(f.Name, f.Value)
	}
	if c.steps++; c.steps == c.stop {
		c.cancel()
	}
}

func (c *counter) Done(d run.Done) { c.done, c.end = c.done+1, d.Err }

func TestEveryJobIsComputedOnce(t *testing.T) {
	t.Setenv("GOMLX_BACKEND", "go") // the quickest for so small a model
	n, folder := birthDeath(t), t.TempDir()
	times := []float64{20, 40}
	exact, err := kernelext.Run(context.Background(), folder, jobs.FSP{Network: n, Settings: fsp.Settings{Times: times}}, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range []kernelext.Job{
		jobs.FSP{Network: n, Settings: fsp.Settings{Times: times, Tolerance: 1e-9}},
		jobs.SSA{Network: n, Settings: ssa.Settings{Times: times, Runs: 500, Seed: 1}},
		jobs.Network{Network: n, Settings: evolve.Settings{Times: times}, Reference: exact.Snapshots},
	} {
		t.Run(job.Label(), func(t *testing.T) {
			var first, second counter
			a, err := kernelext.Run(context.Background(), folder, job, &first)
			if err != nil {
				t.Fatal(err)
			}
			b, err := kernelext.Run(context.Background(), folder, job, &second)
			if err != nil {
				t.Fatal(err)
			}
			if first.steps == 0 || first.done != 1 || second.steps != 0 {
				t.Errorf("%d steps and %d ends, then %d steps", first.steps, first.done, second.steps)
			}
			if a.Label != job.Label() || len(b.Snapshots) != 2 || !slices.Equal(a.Snapshots[1].Dist.Marginal(0).P, b.Snapshots[1].Dist.Marginal(0).P) {
				t.Error("the second answer differs")
			}
			if job.Label() == "network" {
				d, ok := first.fields.Get("D(X)")
				if want := dist.Hellinger(exact.Snapshots[1].Dist.Marginal(0), a.Snapshots[1].Dist.Marginal(0)).Value; !ok || d != want {
					t.Errorf("the hook was told a distance of %v, the answers are %v apart", d, want)
				}
			}
		})
	}
	found, err := filepath.Glob(filepath.Join(folder, "birth-death-*"))
	if err != nil || len(found) != 4 {
		t.Errorf("%d directories, expected one for each of four jobs: %v", len(found), found)
	}
}

func TestAnInterruptedJobGoesOnToTheSameBytes(t *testing.T) {
	t.Setenv("GOMLX_BACKEND", "go")
	n := birthDeath(t)
	job := jobs.Network{Network: n, Settings: evolve.Settings{Times: []float64{60}}}
	whole, err := kernelext.Run(context.Background(), t.TempDir(), job, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	hook := &counter{stop: 3, cancel: cancel}
	_, err = kernelext.Run(ctx, folder, job, hook)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "run the cell again to go on") {
		t.Fatalf("interrupted: %v", err)
	}
	if hook.end == nil || !strings.Contains(hook.end.Error(), "run the cell again") {
		t.Errorf("the hook was told %v", hook.end)
	}
	dir, err := kernelext.Dir(folder, job)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := run.ReadRecord(dir); err != nil || r.Status != run.Interrupted {
		t.Errorf("the record says %q, %v", r.Status, err)
	}
	again, err := kernelext.Run(context.Background(), folder, job, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Snapshots[0].Dist.Marginal(0).P, whole.Snapshots[0].Dist.Marginal(0).P) {
		t.Error("the result differs from that of a run in one go")
	}
}

func TestTheDirectoryDependsOnWhatChangesTheResult(t *testing.T) {
	dir := func(job kernelext.Job) string {
		d, err := kernelext.Dir("x", job)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	n := birthDeath(t)
	set := ssa.Settings{Times: []float64{1}, Runs: 10}
	base := dir(jobs.SSA{Network: n, Settings: set})
	same := set
	same.Workers, same.Hook = 7, run.Silence{}
	if dir(jobs.SSA{Network: n, Settings: same, Name: "ensemble"}) != base {
		t.Error("workers, hook or label change the directory")
	}
	seed := set
	seed.Seed = 1
	other := birthDeath(t)
	if err := other.SetParam("death", 0.02); err != nil {
		t.Fatal(err)
	}
	if dir(jobs.SSA{Network: n, Settings: seed}) == base || dir(jobs.SSA{Network: other, Settings: set}) == base {
		t.Error("seed or parameter does not change the directory")
	}
	absorbing := func(text string) kernelext.Job {
		b, err := rare.ParseBasin(text, []string{n.Species[0].Name})
		if err != nil {
			t.Fatal(err)
		}
		return jobs.Network{Network: n, Settings: evolve.Settings{Times: []float64{1}, Absorb: &b}}
	}
	name := n.Species[0].Name
	first, again := dir(absorbing(name+"<=1")), dir(absorbing(name+"<=1"))
	if first != again || first == dir(absorbing(name+"<=2")) {
		t.Error("the directory does not depend on the absorbing basin, or on where it is stored")
	}
}

func TestFunctionsAreRefused(t *testing.T) {
	n := birthDeath(t)
	for _, job := range []kernelext.Job{
		jobs.FSP{Network: n, Settings: fsp.Settings{Absorb: func([]int32) bool { return false }}},
		jobs.SSA{Network: n, Settings: ssa.Settings{Observables: []ssa.Observable{{Name: "x"}}}},
		jobs.FSP{},
	} {
		if _, err := kernelext.Run(context.Background(), t.TempDir(), job, run.Silence{}); !errors.Is(err, jobs.ErrSettings) {
			t.Errorf("%T: %v", job, err)
		}
	}
}

func Example() {
	entry, err := systems.Lookup("birth-death")
	if err != nil {
		fmt.Println(err)
		return
	}
	folder, err := os.MkdirTemp("", "runs")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	job := jobs.FSP{Network: entry.Build(), Settings: fsp.Settings{Times: []float64{100}}}
	for range 2 { // the second time takes it from the folder
		a, err := kernelext.Run(context.Background(), folder, job)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: mean %.6f\n", a.Label, a.Snapshots[0].Dist.Moment(0).Mean)
	}
	// Output:
	// exact (FSP): mean 6.689085
	// exact (FSP): mean 6.689085
}
