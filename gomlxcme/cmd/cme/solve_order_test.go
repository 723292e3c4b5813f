package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The order of the species is part of the network's name in the record.
func TestSpeciesOrder(t *testing.T) {
	for _, c := range []struct{ order, want string }{
		{"p,m", "ordered([1 0], nade("},
		{"m, p", `"network": "nade(`},
		{"model", `"network": "nade(`},
		{"auto", `"network": "nade(`}, // two species stand together in any order
	} {
		dir := filepath.Join(t.TempDir(), "out")
		succeed(t, append(strings.Fields("solve gene-expression --times 1 --seed 1 --quiet --batch 200 --start-states 400 --out "+dir), "--species-order", c.order)...)
		if record := contents(t, dir, "run.json")["run.json"]; !strings.Contains(record, c.want) {
			t.Errorf("%s: %q is missing in\n%s", c.order, c.want, record)
		}
	}
}
