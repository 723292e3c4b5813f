package run

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// network is a small model with a capped and an uncapped species.
func network() *crn.Network {
	n := crn.New("pair")
	n.Param("k", 0.1)
	n.AddSpecies("A", crn.Delta(2), 9)
	n.AddSpecies("B, bound", crn.Delta(0), crn.Unbounded) // the comma wants quotes in a table
	n.Reactions = append(n.Reactions, crn.Reaction{Name: "go", Rate: crn.MassAction{Parameter: "k"},
		Reactants: []crn.Term{{Species: 0, Order: 1}}, Products: []crn.Term{{Species: 1, Order: 1}}})
	return n
}

// record is what a caller of Begin fills in.
func record(seed uint64) Record {
	return Record{
		Command:  "ssa",
		Model:    ModelOf(network()),
		Settings: map[string]any{"runs": 4, "workers": 1, "times": []float64{0, 0.1}, "quiet": false},
		Seed:     &seed,
	}
}

// snapshots are two output times of four samples each.
func snapshots(t testing.TB) []dist.Snapshot {
	t.Helper()
	var out []dist.Snapshot
	for _, at := range []struct {
		time   float64
		states [][]int32
	}{
		{0, [][]int32{{2, 0}, {2, 0}, {2, 0}, {2, 0}}},
		{0.1, [][]int32{{2, 0}, {1, 1}, {0, 7}, {1, 1}}},
	} {
		c, err := dist.NewCounts([]string{"A", "B, bound"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range at.states {
			if err := c.Add(x); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, dist.Snapshot{Time: at.time, Dist: c, Diagnostics: dist.Diagnostics{{Name: "leak", Value: 0.25}}})
	}
	return out
}

// begin opens a directory and fails the test on an error.
func begin(t testing.TB, path string, r Record, resume bool) *Dir {
	t.Helper()
	d, err := Begin(path, r, resume)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// contents reads all files below dir.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		out[path[len(dir):]] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
