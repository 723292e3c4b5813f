package rareevents_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/gomlx-cme/cme/kernelext/jobs"
	"github.com/gomlx-cme/cme/kernelext/rareevents"
)

// decay is two species that die at rate 1, one by one.
func decay() *crn.Network {
	n := crn.New("decay")
	n.Param("k", 1)
	for _, name := range []string{"X", "Y"} {
		n.AddSpecies(name, crn.Delta(3), 3)
		n.React(name+" -> 0", "k")
	}
	return n
}

func TestSetsAndCosts(t *testing.T) {
	n, folder := decay(), t.TempDir()
	b, err := rareevents.Everywhere(n, "<=0")
	if err != nil || b.String() != "X=0,Y=0" {
		t.Fatalf("%s, %v", b, err)
	}
	if _, err := rareevents.Everywhere(n, "below 1"); !errors.Is(err, rare.ErrBasin) {
		t.Errorf("a bound that is none: %v", err)
	}
	job := jobs.FSP{Network: n, Settings: fsp.Settings{Times: []float64{0.5, 2}}}
	if _, err := rareevents.CostOf(folder, job); err == nil {
		t.Error("a job that was never run has a cost")
	}
	a, err := kernelext.Run(context.Background(), folder, job, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := rareevents.CostOf(folder, job); err != nil || c.CPU < 0 {
		t.Errorf("%+v, %v", c, err)
	}
	list, err := rareevents.Inside(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for i, at := range []float64{0.5, 2} { // six molecules, each dead with probability 1 − e^−t
		if want := math.Pow(-math.Expm1(-at), 6); math.Abs(list[i].Value-want) > 1e-8 {
			t.Errorf("t = %g: %v, want %v", at, list[i].Value, want)
		}
	}
	// 2000 trajectories, with their pair and without: an interval of 95 per cent widened twice, missed by chance in 1e-4 of seeds.
	drawn := jobs.SSA{Network: n, Settings: ssa.Settings{Times: []float64{0.5, 2}, Runs: 2000, Seed: 1, Pairs: [][2]int{{0, 1}}}}
	sample, err := kernelext.Run(context.Background(), folder, drawn, run.Silence{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := rareevents.Inside(sample, b)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range got {
		if want := list[i].Value; want > e.Value+2*(e.High-e.Value) || want < e.Value-2*(e.Value-e.Low) || e.High == e.Low {
			t.Errorf("time %d: %+v, exactly %v", i, e, want)
		}
	}
	drawn.Settings.Pairs = nil
	if sample, err = kernelext.Run(context.Background(), folder, drawn, run.Silence{}); err != nil {
		t.Fatal(err)
	}
	if _, err := rareevents.Inside(sample, b); err == nil {
		t.Error("a joint law that was not kept has a probability")
	}
}

func TestSeries(t *testing.T) {
	list := []rare.Estimate{{Value: 2, Low: 1, High: 4}, {Value: 3, Low: 3, High: 3}}
	s := rareevents.Points("rate", []float64{1, 2}, list)
	if !s.Points || s.Y[0] != 2 || s.Bars[0] != 2 || s.Bars[1] != 0 {
		t.Errorf("%+v", s)
	}
	if text := rareevents.Text(list[0]) + "; " + rareevents.Text(list[1]); text != "2 (1 to 4); 3" {
		t.Error(text)
	}
	if s := rareevents.Survival("drawn", []rare.Survival{{Time: 1, Value: 0.5, SE: 0.1}}); !s.Points || s.Bars[0] != 0.2 {
		t.Errorf("%+v", s)
	}
	if s := rareevents.Survival("exact", []rare.Survival{{Time: 1, Value: 0.5}}); s.Points {
		t.Errorf("%+v", s)
	}
}
