package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// Every system of the catalogue has one preset, with rising times up to its usual end.
func TestPresetsCoverTheCatalogue(t *testing.T) {
	b := &bench{}
	seen := map[string]int{}
	for _, p := range presets() {
		seen[p.system]++
		e, err := systems.Lookup(p.system)
		if err != nil {
			t.Error(err)
			continue
		}
		q, err := b.question(p, 1)
		if err != nil || q.Until != e.TEnd {
			t.Errorf("%s ends at %g, the catalogue at %g, error %v", p.system, q.Until, e.TEnd, err)
		}
		if p.original == "" {
			t.Errorf("%s says nothing of the published programs", p.system)
		}
	}
	for _, e := range systems.All() {
		if seen[e.Name] != 1 {
			t.Errorf("%s has %d presets", e.Name, seen[e.Name])
		}
	}
	if _, err := choose(presets(), []string{"toggle"}); err == nil || !strings.Contains(err.Error(), "toggle-switch") {
		t.Errorf("a system that is not there: %v", err)
	}
}

// two returns a law of one species on 0 and 1, and one that never moves.
func two(t *testing.T, p float64) dist.Snapshot {
	t.Helper()
	d, err := dist.NewTable([]string{"A", "B"}, []int32{0, 5, 1, 5}, []float64{1 - p, p}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return dist.Snapshot{Time: 2, Dist: d}
}

// Deviations against numbers worked out by hand: means 0.5 and 0.36, standard deviations 0.5 and 0.48.
func TestDeviation(t *testing.T) {
	d, err := deviate([]dist.Snapshot{two(t, 0.5)}, []dist.Snapshot{two(t, 0.36)})
	if err != nil {
		t.Fatal(err)
	}
	distance := math.Sqrt(1 - math.Sqrt(0.5*0.36) - math.Sqrt(0.5*0.64))
	for name, v := range map[string][2]float64{"distance": {d.Hellinger, distance}, "mean": {d.Mean, 0.28}, "sd": {d.SD, 0.04}, "noise": {d.Noise, 0}} {
		if math.Abs(v[0]-v[1]) > 1e-12 {
			t.Errorf("%s %v, want %v", name, v[0], v[1])
		}
	}
	if d.Where != "A, t = 2" {
		t.Errorf("worst at %q", d.Where)
	}
	if _, err := deviate([]dist.Snapshot{two(t, 0.5)}, nil); err == nil {
		t.Error("a result without times was compared")
	}
}

// What was measured is kept and not measured again; what failed is, and takes its own place.
func TestRowsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	store, err := openRows(path)
	if err != nil {
		t.Fatal(err)
	}
	good, bad := row{System: "a", Seed: 1, Options: "--times 1"}, row{System: "a", Seed: 2, Options: "--times 1", Failure: "out of luck"}
	for _, r := range []row{good, bad} {
		if err := store.put(r); err != nil {
			t.Fatal(err)
		}
	}
	if store, err = openRows(path); err != nil {
		t.Fatal(err)
	}
	if !store.done(good) || store.done(bad) || store.done(row{System: "a", Seed: 1, Options: "--times 2"}) {
		t.Errorf("rows %+v", store.list)
	}
	bad.Failure, bad.Hellinger = "", 0.5
	if err := store.put(bad); err != nil || len(store.list) != 2 || !store.done(bad) {
		t.Errorf("rows %+v, error %v", store.list, err)
	}
	if err := os.WriteFile(path, []byte("{\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := openRows(path); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a damaged file: %v", err)
	}
}

// The table shows the worst of the seeds, and failures as such.
func TestTable(t *testing.T) {
	list := []row{
		{System: "b", Seed: 1, Until: 5, Options: "--times 5", Reference: "fsp --times 5", Date: "2026-01-01", deviation: deviation{Hellinger: 0.01, Where: "X, t = 5"}},
		{System: "b", Seed: 2, Until: 5, Options: "--times 5", Reference: "fsp --times 5", Date: "2026-01-02", deviation: deviation{Hellinger: 0.03, Where: "Y, t = 5"}},
		{System: "b", Seed: 3, Until: 5, Options: "--times 5", Reference: "fsp --times 5", Date: "2026-01-03", Failure: "step failed"},
		{System: "c", Seed: 1, Until: 1, Options: "--times 1", Reference: "fsp --times 1", Date: "2026-01-03", Failure: "too many"},
	}
	var out bytes.Buffer
	if err := printTable(&out, list, []preset{{system: "a"}, {system: "b"}, {system: "c"}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| b | 5 | 2, and 1 failed | 0.0300 | Y, t = 5 |", "seed 3 failed: step failed", "| c | 1 | 0, and 1 failed | failed |", "seed 1 failed: too many", "Not measured yet: a."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

// A program that fails is a row with its message.
func TestFailuresAreRows(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "cme")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho no such luck >&2\nexit 1\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	b := &bench{cme: program, out: filepath.Join(folder, "out"), limit: time.Minute, say: func(string, ...any) {}}
	store, err := openRows(filepath.Join(folder, "rows"))
	if err != nil {
		t.Fatal(err)
	}
	tables := 0
	if err := b.all(context.Background(), presets()[:1], 2, store, func() error { tables++; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(store.list) != 2 || store.list[0].Failure != "reference: no such luck" || tables != 3 {
		t.Errorf("rows %+v, %d tables", store.list, tables)
	}
}
