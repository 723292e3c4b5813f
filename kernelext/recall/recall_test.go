package recall_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext/recall"
)

func birthDeath(t testing.TB) *crn.Compiled {
	t.Helper()
	entry, err := systems.Lookup("birth-death")
	if err != nil {
		t.Fatal(err)
	}
	c, err := entry.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// steps counts the steps of a solver and ends the context after some.
type steps struct {
	run.Silence
	n, stop int
	cancel  func()
}

func (s *steps) Step(run.Step) {
	if s.n++; s.n == s.stop {
		s.cancel()
	}
}

func TestSolveReturnsAtOnceTheSecondTime(t *testing.T) {
	c, folder := birthDeath(t), filepath.Join(t.TempDir(), "states")
	times := []float64{30, 60}
	var hook steps
	solve := func() []float64 {
		r, err := recall.Solve(context.Background(), folder, c, evolve.Settings{Times: times, Hook: &hook})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Snapshots) != 2 {
			t.Fatalf("%d snapshots", len(r.Snapshots))
		}
		return r.Snapshots[1].Dist.Marginal(0).P
	}
	first := solve()
	done := hook.n
	if done == 0 {
		t.Fatal("nothing was computed")
	}
	if second := solve(); hook.n != done || !slices.Equal(first, second) {
		t.Errorf("the second call took %d steps, or its result differs", hook.n-done)
	}
}

func TestSolveGoesOnAfterAnInterruption(t *testing.T) {
	c, folder := birthDeath(t), t.TempDir()
	set := evolve.Settings{Times: []float64{60}}
	whole, err := evolve.Run(context.Background(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	hook := &steps{stop: 3, cancel: cancel}
	set.Hook = hook
	if _, err := recall.Solve(ctx, folder, c, set); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	again := &steps{}
	set.Hook = again
	r, err := recall.Solve(context.Background(), folder, c, set)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.Snapshots[0].Dist.Marginal(0).P, whole.Snapshots[0].Dist.Marginal(0).P) {
		t.Error("the result differs from that of a run in one go")
	}
	all := &steps{}
	set.Hook = all
	if _, err := evolve.Run(context.Background(), c, set); err != nil {
		t.Fatal(err)
	}
	if hook.n+again.n != all.n {
		t.Errorf("%d and %d steps, of %d in one go", hook.n, again.n, all.n)
	}
}

func TestFileDependsOnWhatChangesTheResult(t *testing.T) {
	c := birthDeath(t)
	name := func(c *crn.Compiled, s evolve.Settings) string {
		file, err := recall.File("x", c, s)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	base := evolve.Settings{Times: []float64{1}}
	same := base
	same.Workers, same.Hook = 7, run.Silence{}
	if name(c, base) != name(c, same) {
		t.Error("workers and hook change the file")
	}
	seed := base
	seed.Seed = 1
	n := c.Network()
	if err := n.SetParam("death", 0.02); err != nil {
		t.Fatal(err)
	}
	other, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if name(c, seed) == name(c, base) || name(other, base) == name(c, base) {
		t.Error("seed or parameter does not change the file")
	}
}

func TestSolveRefusesASpoiltFile(t *testing.T) {
	c, folder := birthDeath(t), t.TempDir()
	set := evolve.Settings{Times: []float64{1}}
	file, err := recall.File(folder, c, set)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("half a state"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := recall.Solve(context.Background(), folder, c, set); !errors.Is(err, evolve.ErrResume) {
		t.Errorf("got %v", err)
	}
}

func ExampleSolve() {
	entry, err := systems.Lookup("birth-death")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := entry.Build().Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	folder, err := os.MkdirTemp("", "states")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	r, err := recall.Solve(context.Background(), folder, c, evolve.Settings{Times: []float64{10}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.2f\n", r.Snapshots[0].Dist.Moment(0).Mean) // exact: 10 − 9 e^(−0.1) = 1.86
	// Output: mean 1.86
}
