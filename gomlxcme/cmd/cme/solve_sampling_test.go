package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// Every formula and every sampling runs from the command line, for both families, and is
// in the record.
func TestFormulasAndSamplings(t *testing.T) {
	for _, c := range []struct{ options, want string }{
		{"--formula linear --order 1", "formula=linear-bdf(order=1, powers=false)"},
		{"--formula hand-over --order 2", "front=log-bdf(order=2, powers=false)"},
		{"--formula richardson", "richardson(solver="},
		{"--sampling tempered --independent --batch 300", "unique=300"},
		{"--sampling propagated --jumps 2 --batch 300", "propagated(draws=300, share=0.5, old=0, jumps=2, weights=defensive"},
		{"--sampling history-bias --along X=2 --batch 300", "history-bias(along=[2], draws=300"},
		{"--sampling alpha --batch 300", "weights=defensive"},
		{"--sampling full-sum", "full-sum(floor=60, lowest=0.08, weight=0.05)"},
		{"--scheme published --sampling propagated --batch 300 --unweighted", "jumps=3, weights=unweighted"},
		{"--scheme published --sampling history-bias --along X=-1 --batch 300", "weights=balanced"},
		{"--scheme published --sampling tempered --batch 50", "unique=50"},
	} {
		t.Run(c.options, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			succeed(t, append(strings.Fields("solve birth-death --times 24 --start-time 20 --seed 1 --quiet --out "+dir), strings.Fields(c.options)...)...)
			if record := contents(t, dir, "run.json")["run.json"]; !strings.Contains(record, c.want) {
				t.Errorf("%q is missing in\n%s", c.want, record)
			}
		})
	}
}
