package races_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/gomlx-cme/cme/kernelext/jobs"
	"github.com/gomlx-cme/cme/kernelext/races"
)

// course is gene expression at 50 s, with runners of 100 and 10,000 trajectories
// and the exact law itself.
func course(t *testing.T, folder string) (races.Course, []races.Runner) {
	t.Helper()
	entry, err := systems.Lookup("gene-expression")
	if err != nil {
		t.Fatal(err)
	}
	n, times := entry.Build(), []float64{50}
	exact := jobs.FSP{Network: n, Settings: fsp.Settings{Times: times}}
	a, err := kernelext.Run(context.Background(), folder, exact, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	sample := func(runs int) kernelext.Job {
		return jobs.SSA{Network: n, Settings: ssa.Settings{Times: times, Runs: runs, Seed: 1, Pairs: [][2]int{{0, 1}}}}
	}
	return races.Course{Exact: a, Time: 50, Species: [2]string{"m", "p"}}, []races.Runner{
		{Method: "SSA", Effort: "100 runs", Job: sample(100)},
		{Method: "SSA", Effort: "10,000 runs", Job: sample(10_000)},
		{Method: "exact", Effort: "all states", Job: exact},
	}
}

func TestARaceMeasuresEachRunnerOnce(t *testing.T) {
	folder := t.TempDir()
	c, runners := course(t, folder)
	ended, err := races.Run(context.Background(), folder, c, runners, run.Silence{})
	if err != nil || len(ended) != 3 {
		t.Fatal(len(ended), err)
	}
	// 100 times as many runs: the distance falls about tenfold; 4 is exceeded by any seed.
	if few, many := ended[0].Distance.Value, ended[1].Distance.Value; few < 4*many || many <= 0 {
		t.Errorf("distances %g and %g", few, many)
	}
	want, err := c.Exact.Snapshots[0].Dist.Joint(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := ended[2].Distance.Value; d != dist.HellingerJoint(want, want).Value || d > 1e-7 {
		t.Errorf("the exact law is %g from itself", d)
	}
	again, err := races.Run(context.Background(), folder, c, runners, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range again {
		if f.Seconds <= 0 || f.Seconds != ended[i].Seconds || f.Processor != ended[i].Processor || f.Distance != ended[i].Distance {
			t.Errorf("%s, %s: %v after %v", f.Method, f.Effort, f, ended[i])
		}
	}
	svg, err := races.Draw(kernelext.Style{Title: "Race"}, c, ended)
	if err != nil || !strings.Contains(string(svg), "joint D of m, p against processor time (s) for SSA, exact") {
		t.Errorf("%v %.300s", err, svg)
	}
	if rows := races.Table(ended).Rows; len(rows) != 3 {
		t.Errorf("%d rows", len(rows))
	}
}

func TestARaceSaysWhatIsMissing(t *testing.T) {
	folder := t.TempDir()
	c, runners := course(t, folder)
	for _, bad := range []struct {
		course races.Course
		want   error
	}{
		{races.Course{Exact: c.Exact, Time: 51, Species: c.Species}, kernelext.ErrTime},
		{races.Course{Exact: c.Exact, Time: 50, Species: [2]string{"m", "q"}}, kernelext.ErrSpecies},
	} {
		ended, err := races.Run(context.Background(), folder, bad.course, runners, run.Silence{})
		if !errors.Is(err, bad.want) || !strings.Contains(err.Error(), "SSA, 100 runs: ") || len(ended) != 0 {
			t.Errorf("%d ended, %v", len(ended), err)
		}
	}
}
