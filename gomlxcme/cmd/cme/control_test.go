package main

import (
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

// quickSolve is a network of a few dozen steps, with a stored network at both times.
var quickSolve = []string{"solve", "birth-death", "--times", "0.5,2", "--start-time", "0.25", "--seed", "1", "--cap", "15", "--batch", "16", "--backend", "go", "--quiet"}

// networksOf reads the stored networks of a result directory.
func networksOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	times, err := networkTimes(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, at := range times {
		path, err := networkAt(dir, &at)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = string(text)
	}
	return out
}

// A run with a budget stops with status truncated and exit status 130; resumed until it is done, it leaves the same bytes
// as a run in one go, stored networks included.
func TestBudgetsEndARunThatCanBeResumed(t *testing.T) {
	root := t.TempDir()
	whole, cut := filepath.Join(root, "whole"), filepath.Join(root, "cut")
	succeed(t, append(slices.Clone(quickSolve), "--out", whole)...)
	budget := []string{"--max-steps", "4"}
	cuts := 0
	for ; ; cuts++ {
		o := cme(t, slices.Concat(quickSolve, budget, []string{"--out", cut, "--resume"})...)
		if o.code == exitDone {
			break
		}
		r, err := run.ReadRecord(cut)
		if o.code != exitInterrupted || err != nil || r.Status != run.Truncated || !strings.Contains(o.stderr, "--resume") {
			t.Fatalf("exit status %d, status %q, error %v, %s", o.code, r.Status, err, o.stderr)
		}
		budget = []string{"--max-wall", "1ns"} // one step a time from here on
	}
	if cuts < 3 {
		t.Errorf("%d cuts are too few for a test", cuts)
	}
	sameResults(t, whole, cut)
	if a, b := networksOf(t, whole), networksOf(t, cut); len(a) != 2 || !maps.Equal(a, b) {
		t.Errorf("the stored networks differ: %d and %d", len(a), len(b))
	}
}

// A run goes on from the network of another one, with other parameters; so does one that is interrupted on the way. What
// was started from is on record.
func TestSolveStartsFromAnotherRun(t *testing.T) {
	root := t.TempDir()
	first, second, cut := filepath.Join(root, "first"), filepath.Join(root, "second"), filepath.Join(root, "cut")
	succeed(t, append(slices.Clone(quickSolve), "--out", first)...)
	warm := []string{"solve", "birth-death", "--from", first, "--at", "0.5", "--times", "0.5,0.7", "--param", "birth=0.2", "--cap", "15", "--batch", "16", "--seed", "2", "--backend", "go", "--quiet"}
	succeed(t, append(slices.Clone(warm), "--out", second)...)
	r, err := run.Open(second)
	if err != nil {
		t.Fatal(err)
	}
	if from, _ := r.Record.Settings["from"].(string); !strings.HasPrefix(from, "sha256:") || len(r.Snapshots) != 2 {
		t.Errorf("from %q, %d output times", from, len(r.Snapshots))
	}
	a, err := run.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Snapshots[0].Dist.Moment(0), a.Snapshots[0].Dist.Moment(0); got != want {
		t.Errorf("it starts with %v, the other run had %v", got, want)
	}
	// dE[X]/dt = birth − death·X: 0.2 for so short a time; the network and its first short steps explain a hundredth.
	if rise := r.Snapshots[1].Dist.Moment(0).Mean - r.Snapshots[0].Dist.Moment(0).Mean; rise < 0.035 || rise > 0.041 {
		t.Errorf("the mean rises by %.4f, expected 0.0378", rise)
	}
	if o := cme(t, append(slices.Clone(warm), "--max-steps", "2", "--out", cut)...); o.code != exitInterrupted {
		t.Fatalf("exit status %d, %s", o.code, o.stderr)
	}
	succeed(t, append(slices.Clone(warm), "--out", cut, "--resume")...)
	sameResults(t, second, cut)
}

// Options that make no sense together or name nothing are refused before anything is written.
func TestBadStartsAndBudgetsAreRefused(t *testing.T) {
	root := t.TempDir()
	first, exact, out := filepath.Join(root, "first"), filepath.Join(root, "exact"), filepath.Join(root, "out")
	succeed(t, append(slices.Clone(quickSolve), "--out", first)...)
	succeed(t, "fsp", "birth-death", "--times", "1", "--out", exact)
	damaged := filepath.Join(root, "damaged")
	if err := os.CopyFS(damaged, os.DirFS(first)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "networks", "2.net"), []byte("{}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"--at 1":                                 "--from",
		"--from " + root + "/nowhere":            "--out",
		"--from " + exact:                        "no networks",
		"--from " + damaged + " --times 3":       "2.net",
		"--from " + first + " --at 0.6":          "t = 0.5, 2",
		"--from " + first + " --net gru":         "--net has no effect",
		"--from " + first + " --start-time 0.1":  "--start-time has no effect",
		"--from " + first + " --times 1,3":       "before t = 2",
		"--from " + first + " --t-end 1":         "behind it",
		"--from " + first + " --cap 9 --times 3": "caps",
		"--max-steps 0":                          "at least 1",
		"--max-wall 0s":                          "above 0",
		"--max-wall soon":                        "90s",
	} {
		o := cme(t, append([]string{"solve", "birth-death", "--seed", "1", "--backend", "go", "--quiet", "--out", out}, strings.Fields(args)...)...)
		if o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: exit status %d, %q", args, o.code, o.stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Fatalf("%s: something was written", args)
		}
	}
	for args, want := range map[string]string{
		exact + " --samples 5":              "no networks",
		first + " --at 2":                   "--samples or --states",
		first + " --samples 0":              "at least 1",
		first + " --samples 5 --at 3":       "t = 0.5, 2",
		first + " --samples 5 --format npz": "--format has no effect",
		first + " --samples 1000000000":     "smaller number",
	} {
		if o := cme(t, append([]string{"export"}, strings.Fields(args)...)...); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("export %s: exit status %d, %q", args, o.code, o.stderr)
		}
	}
}

// Networks are exported as samples and as lists of states.
func TestNetworksAreExported(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "solve")
	succeed(t, append(slices.Clone(quickSolve), "--out", dir)...)
	succeed(t, "export", dir, "--samples", "50", "--states", "--backend", "go")
	counts, logp := matrix(t, filepath.Join(dir, "samples.npz"), "count_X"), matrix(t, filepath.Join(dir, "samples.npz"), "log_p")
	for _, m := range []*mat.Dense{counts, logp} {
		if rows, columns := m.Dims(); rows != 2 || columns != 50 {
			t.Errorf("%d times %d", rows, columns)
		}
	}
	if mat.Max(logp) > 0 || mat.Max(counts) > 15 || mat.Min(counts) < 0 {
		t.Errorf("counts up to %g, log-probabilities up to %g", mat.Max(counts), mat.Max(logp))
	}
	// What the network gives to all states adds up to 1.
	listed := matrix(t, filepath.Join(dir, "states.npz"), "log_p")
	for i := range 2 {
		sum := 0.0
		for _, v := range listed.RawRowView(i) {
			sum += math.Exp(v)
		}
		if len(listed.RawRowView(i)) != 16 || math.Abs(sum-1) > 1e-12 {
			t.Errorf("%d states have the probability %v", len(listed.RawRowView(i)), sum)
		}
	}
	succeed(t, "export", dir, "--samples", "50", "--at", "2", "--backend", "go")
	if rows, _ := matrix(t, filepath.Join(dir, "samples.npz"), "log_p").Dims(); rows != 1 {
		t.Errorf("%d times instead of one", rows)
	}
}

// matrix reads an array of two dimensions from an archive.
func matrix(t *testing.T, path, name string) *mat.Dense {
	t.Helper()
	r, err := npz.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m := new(mat.Dense)
	if err := r.Read(name+".npy", m); err != nil {
		t.Fatal(name, err)
	}
	return m
}
