package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

func TestSystemsListsTheCatalogue(t *testing.T) {
	text := succeed(t, "systems").stdout
	for _, want := range []string{"toggle-switch", "gene-expression", "birth-death", "Thattai"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if len(line) > 200 {
			t.Errorf("%d characters in one line: %s", len(line), line)
		}
	}
	for source, want := range map[string]string{
		"F. Schlögl, Chemical reaction models, Z. Phys. 253, 147 (1972); S. B. Nicholson (2023)":    "Schlögl 1972",
		"M. Thattai and A. van Oudenaarden, Intrinsic noise, PNAS 98, 8614 (2001)":                  "Thattai and van Oudenaarden 2001",
		"A. Terebus, C. Liu and J. Liang, Discrete models, J. Chem. Phys. 151, 185104 (2019)":       "Terebus et al. 2019",
		"W. O. Kermack and A. G. McKendrick, A contribution, Proc. R. Soc. Lond. A 115, 700 (1927)": "Kermack and McKendrick 1927",
		"file.xml, SBML Level 3": "file.xml, SBML Level 3",
	} {
		if got := shortSource(source); got != want {
			t.Errorf("%s is shortened to %q, want %q", source, got, want)
		}
	}
	var lines []systemLine
	if err := json.Unmarshal([]byte(succeed(t, "systems", "--json").stdout), &lines); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(lines, func(l systemLine) bool { return l.Name == "toggle-switch" })
	if i < 0 || lines[i].Species != 4 || lines[i].Reactions != 8 || lines[i].Source == "" {
		t.Errorf("lines %+v", lines)
	}
}

func TestDescribeShowsWhatTheOptionsMade(t *testing.T) {
	args := []string{"describe", "toggle-switch", "--param", "decay=2", "--init", "Px=3", "--cap", "50", "--cap", "Gx=none", "--propensity", "power"}
	text := succeed(t, args...).stdout
	for _, want := range []string{"binding Gy Px^2", "Gy = 0", "delta(3)", "power", "no conservation laws"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	var d description
	if err := json.Unmarshal([]byte(succeed(t, append(args, "--json")...).stdout), &d); err != nil {
		t.Fatal(err)
	}
	if d.Species[0].Cap != nil || *d.Species[3].Cap != 50 || d.Species[2].Initial != "delta(3)" {
		t.Errorf("species %+v", d.Species)
	}
	if !slices.Contains(d.Parameters, parameterLine{"decay", 2}) {
		t.Errorf("parameters %+v", d.Parameters)
	}
	if !strings.Contains(succeed(t, "describe", "toggle-switch").stdout, "binding Gy Px (Px-1)") {
		t.Error("the falling factorial is not written out")
	}
}

func TestTableGoesToStdoutAndTheSeedIsTold(t *testing.T) {
	o := succeed(t, "ssa", "birth-death", "--runs", "300", "--points", "2", "--workers", "1")
	if !strings.Contains(o.stdout, "mean_se") || !strings.Contains(o.stdout, "seed ") || !strings.HasPrefix(o.stderr, "seed ") {
		t.Errorf("%+v", o)
	}
	// The seed that was told repeats the run.
	seed := strings.Fields(o.stderr)[1]
	again := succeed(t, "ssa", "birth-death", "--runs", "300", "--points", "2", "--workers", "3", "--seed", seed, "--quiet")
	if again.stdout != o.stdout || again.stderr != "" {
		t.Errorf("%+v\nis not\n%+v", again, o)
	}
	if other := succeed(t, "ssa", "birth-death", "--runs", "300", "--points", "2"); other.stdout == o.stdout {
		t.Error("two runs without a seed are equal")
	}
}

func TestResultDirectoryHoldsTheRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	o := succeed(t, "ssa", "gene-expression", "--runs", "300", "--times", "0,10,50", "--param", "k_m=0.2", "--cap", "p=none", "--out", dir)
	if !strings.Contains(o.stdout, dir) {
		t.Errorf("summary %q", o.stdout)
	}
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	rec := r.Record
	if rec.Command != "ssa" || rec.Status != run.Complete || rec.Seed == nil || rec.Model.Parameters["k_m"] != 0.2 || rec.Model.Caps["p"] != nil ||
		len(rec.Times) != 3 || rec.Times[2].Samples != 300 || rec.WallSeconds < 0 || rec.Versions["go"] == "" {
		t.Errorf("record %+v", rec)
	}
	for _, name := range []string{"runs", "method", "times", "workers"} {
		if _, ok := rec.Settings[name]; !ok {
			t.Errorf("%s is not recorded", name)
		}
	}
	progress := contents(t, dir, "progress.jsonl")["progress.jsonl"]
	if !strings.HasPrefix(progress, `{"event":"start"`) || !strings.Contains(progress, `"fraction":1`) || !strings.HasSuffix(progress, "\"status\":\"complete\"}\n") {
		t.Errorf("progress %s", progress)
	}
}

func TestWorkersDoNotChangeTheBytes(t *testing.T) {
	var first map[string]string
	for _, workers := range []string{"1", "2", "8"} {
		dir := filepath.Join(t.TempDir(), "out")
		succeed(t, "ssa", "gene-expression", "--runs", "600", "--t-end", "50", "--seed", "5", "--workers", workers, "--out", dir)
		files := contents(t, dir, "moments.csv", "marginals.csv")
		if first == nil {
			first = files
		}
		if first["moments.csv"] != files["moments.csv"] || first["marginals.csv"] != files["marginals.csv"] {
			t.Errorf("%s workers give other bytes", workers)
		}
	}
}

func TestProjectionAgreesWithTrajectories(t *testing.T) {
	root := t.TempDir()
	exact, drawn := filepath.Join(root, "fsp"), filepath.Join(root, "ssa")
	succeed(t, "fsp", "birth-death", "--times", "10,50", "--out", exact)
	succeed(t, "ssa", "birth-death", "--times", "10,50,60", "--runs", "2000", "--seed", "3", "--out", drawn)
	r, err := run.Open(exact)
	if err != nil {
		t.Fatal(err)
	}
	if bound, ok := r.Snapshots[1].Diagnostics.Get("truncation_bound"); !ok || bound > 1e-8 || r.Record.Seed != nil {
		t.Errorf("bound %v, seed %v", bound, r.Record.Seed)
	}
	// Poisson with mean 10 − 9 e^{−t/100}: the law of this model in closed form.
	if m := r.Snapshots[1].Dist.Moment(0); math.Abs(m.Mean-(10-9*math.Exp(-0.5))) > 1e-6 || m.MeanSE != 0 {
		t.Errorf("moment %+v", m)
	}
	text := succeed(t, "compare", exact, drawn).stdout
	for _, want := range []string{"hellinger", "floor", "left out, only in the second: t = 60"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	var c comparison
	if err := json.Unmarshal([]byte(succeed(t, "compare", exact, drawn, "--json").stdout), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Rows) != 2 || c.First.Command != "fsp" || c.Second.Command != "ssa" {
		t.Fatalf("comparison %+v", c)
	}
	for _, row := range c.Rows {
		// At this seed; three times the floor has a false-alarm rate far below 1e-6 over all seeds.
		if !(row.Hellinger.Floor > 0) || row.Hellinger.Value > 3*row.Hellinger.Floor {
			t.Errorf("row %+v", row)
		}
	}
}

func TestSolveWritesItsDiagnostics(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	succeed(t, append(smallSolve, "--out", dir)...)
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := r.Snapshots[0].Diagnostics.Get("kl"); !ok || r.Record.Backend == "" || r.Record.Settings["net"] != "auto" {
		t.Errorf("record %+v", r.Record)
	}
	text := succeed(t, append(smallSolve, "--quiet")...).stdout
	if !strings.Contains(text, "kl") || !strings.Contains(text, "solve of birth-death") {
		t.Errorf("table\n%s", text)
	}
}

func TestHelpOfEveryCommandNamesItsOptions(t *testing.T) {
	for _, c := range newRoot(os.Stdout, os.Stderr).Commands() {
		if text := succeed(t, c.Name(), "--help").stdout; !strings.Contains(text, "Usage:") {
			t.Errorf("help of %s is\n%s", c.Name(), text)
		}
	}
	for _, c := range []string{"ssa", "fsp", "solve"} {
		text := succeed(t, c, "--help").stdout
		for _, o := range []string{"t-end", "times", "points", "param", "init", "cap", "propensity", "seed", "workers", "out", "quiet", "resume"} {
			if !strings.Contains(text, "--"+o+" ") {
				t.Errorf("%s: --%s is missing", c, o)
			}
		}
	}
}

func TestCancelledRunKeepsWhatItHas(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := filepath.Join(t.TempDir(), "out")
	for _, c := range []string{"ssa", "fsp"} {
		o := cmeContext(ctx, c, "birth-death", "--seed", "1", "--out", filepath.Join(dir, c))
		if o.code != exitInterrupted || !strings.Contains(o.stderr, "--resume") {
			t.Errorf("%s: %+v", c, o)
		}
		if r, err := run.ReadRecord(filepath.Join(dir, c)); err != nil || r.Status != run.Interrupted {
			t.Errorf("%s: status %q, error %v", c, r.Status, err)
		}
		if o := cmeContext(ctx, c, "birth-death"); o.code != exitInterrupted {
			t.Errorf("%s without a directory: %+v", c, o)
		}
	}
}

func TestFailureExitsWithOneAndIsRecorded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	o := cme(t, "ssa", "birth-death", "--runs", "10", "--max-events", "2", "--out", dir)
	if o.code != exitFailed || !strings.Contains(o.stderr, dir) {
		t.Errorf("%+v", o)
	}
	if r, err := run.ReadRecord(dir); err != nil || r.Status != run.Failed || r.Error == "" {
		t.Errorf("record %+v, error %v", r, err)
	}
	// The states run out on the way: what was reached is kept.
	late := filepath.Join(t.TempDir(), "late")
	o = cme(t, "fsp", "gene-expression", "--cap", "none", "--times", "1,1000", "--max-states", "200", "--out", late)
	if r, err := run.ReadRecord(late); o.code != exitFailed || err != nil || r.Status != run.Failed || len(r.Times) != 1 {
		t.Errorf("%+v, record %+v, error %v", o, r, err)
	}
}
