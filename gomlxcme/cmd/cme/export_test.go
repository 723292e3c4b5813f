package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestResultsAreExported(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "exact")
	succeed(t, "fsp", "birth-death", "--times", "1,10", "--out", dir)
	for format, names := range map[string][]string{"npz": {"result.npz"}, "parquet": {"moments.parquet", "marginals.parquet"}} {
		said := succeed(t, "export", dir, "--format", format).stdout
		for _, name := range names {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || info.Size() == 0 || !strings.Contains(said, name) {
				t.Errorf("%s: %v, said %q", name, err, said)
			}
		}
	}
	for args, want := range map[string]string{
		"export " + dir + " --format hdf5":      "npz",
		"export " + dir + "/nowhere":            "run.json",
		"export " + dir + " --to " + dir + "/x": "--to",
	} {
		if o := cme(t, strings.Fields(args)...); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: exit status %d, %q", args, o.code, o.stderr)
		}
	}
}
