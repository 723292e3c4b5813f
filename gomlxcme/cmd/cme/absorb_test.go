package main

import (
	"encoding/csv"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// column reads a column of numbers of a CSV file.
func column(t testing.TB, text, name string) []float64 {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%v in %q", err, text)
	}
	for c, title := range rows[0] {
		if title != name {
			continue
		}
		var values []float64
		for _, row := range rows[1:] {
			v, err := strconv.ParseFloat(row[c], 64)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
		return values
	}
	t.Fatalf("no column %q in %v", name, rows[0])
	return nil
}

// Both ways write the survival of one question, and the trajectories agree with the projection: five standard errors in four
// comparisons, a false alarm in 3e-6 of seeds.
func TestAbsorbingBasin(t *testing.T) {
	root := t.TempDir()
	exact, drawn := filepath.Join(root, "fsp"), filepath.Join(root, "ssa")
	question := []string{"schlogl:sites=1", "--absorb", "X1 < 16", "--times", "0.1,0.2,0.3,0.5"}
	succeed(t, append([]string{"fsp", "--out", exact}, question...)...)
	args := append([]string{"ssa", "--runs", "400", "--seed", "1", "--out", drawn}, question...)
	if o := succeed(t, args...); !strings.Contains(o.stdout, "trajectories entered X1<=15 by t = 0.5") {
		t.Errorf("%+v", o)
	}
	projected, sampled := contents(t, exact, "survival.csv")["survival.csv"], contents(t, drawn, "survival.csv")["survival.csv"]
	for _, text := range []string{projected, sampled} {
		if !strings.HasPrefix(text, "time,survival,se,bound\n0.1,") {
			t.Errorf("survival.csv is %q", text)
		}
	}
	got, se, bound := column(t, sampled, "survival"), column(t, sampled, "se"), column(t, projected, "bound")
	times := column(t, contents(t, drawn, "first_passage.csv")["first_passage.csv"], "time")
	if len(times) != 400 {
		t.Fatalf("%d first passages", len(times))
	}
	for i, want := range column(t, projected, "survival") {
		if math.Abs(got[i]-want) > 5*math.Sqrt(want*(1-want)/400) || !(se[i] > 0) || bound[i] > 1e-7 {
			t.Errorf("time %d: survival %v (se %v), exactly %v ± %v", i, got[i], se[i], want, bound[i])
		}
		alive := 0.0
		for _, at := range times {
			if at > []float64{0.1, 0.2, 0.3, 0.5}[i] {
				alive += 1. / 400
			}
		}
		if math.Abs(alive-got[i]) > 1e-9 {
			t.Errorf("time %d: first passages give %v, survival.csv says %v", i, alive, got[i])
		}
	}
	for _, dir := range []string{exact, drawn} {
		r, err := run.ReadRecord(dir)
		if err != nil || r.Settings["absorb"] != "X1<=15" {
			t.Errorf("%v, %v", r.Settings, err)
		}
		if _, ok := r.Times[3].Diagnostics.Get("absorbed"); !ok {
			t.Errorf("%s: no absorbed probability", dir)
		}
	}
	// The held trajectories and the absorbed probability obey one law.
	if o := succeed(t, "compare", exact, drawn); strings.Contains(o.stdout, "note:") {
		t.Errorf("%+v", o)
	}
	// Another number of workers, the same bytes.
	again := filepath.Join(root, "again")
	succeed(t, append([]string{"ssa", "--runs", "400", "--seed", "1", "--workers", "3", "--out", again}, question...)...)
	names := []string{"moments.csv", "survival.csv", "first_passage.csv"}
	a, b := contents(t, drawn, names...), contents(t, again, names...)
	for _, name := range names {
		if a[name] != b[name] {
			t.Errorf("%s depends on the number of workers", name)
		}
	}
	// Without a directory all of it is in the table.
	if o := succeed(t, append([]string{"fsp"}, question...)...); !strings.Contains(o.stdout, "survival") || !strings.Contains(o.stdout, "rate of entering X1<=15 between t = 0.3 and 0.5") {
		t.Errorf("%+v", o)
	}
}

// Molecules that only decay: every trajectory enters the empty state.
func TestEveryTrajectoryEnters(t *testing.T) {
	o := succeed(t, "ssa", "birth-death", "--param", "birth=0", "--init", "X=6", "--absorb", "X=0", "--t-end", "100000", "--points", "2", "--runs", "300", "--seed", "2")
	if !strings.Contains(o.stdout, "300 of 300 trajectories entered X=0") || !strings.Contains(o.stdout, "in the mean (se") || !strings.Contains(o.stdout, "half of them by") {
		t.Errorf("%+v", o)
	}
}

func TestStationaryLaw(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "rest")
	if o := succeed(t, "fsp", "birth-death", "--stationary", "--t-end", "7", "--out", dir); !strings.Contains(o.stdout, "stationary law, kept under t = 7") {
		t.Errorf("%+v", o)
	}
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if m := r.Snapshots[0].Dist.Moment(0); len(r.Snapshots) != 1 || r.Snapshots[0].Time != 7 || math.Abs(m.Mean-10) > 1e-8 || math.Abs(m.SD-math.Sqrt(10)) > 1e-8 {
		t.Errorf("%d snapshots, moment %+v, want the Poisson law of mean 10", len(r.Snapshots), m)
	}
	if v, ok := r.Snapshots[0].Diagnostics.Get("error"); !ok || v > 1e-8 {
		t.Errorf("diagnostics %v", r.Snapshots[0].Diagnostics)
	}
	if o := succeed(t, "compare", dir, dir); !strings.Contains(o.stdout, "is a stationary law, kept under t = 7") {
		t.Errorf("%+v", o)
	}
}
