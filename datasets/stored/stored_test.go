package stored

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Every stored run is a result directory with results that names no place of the computer that made it, and packing what was
// unpacked gives the same bytes.
func TestStoredRuns(t *testing.T) {
	if len(Names()) == 0 {
		t.Fatal("no run is stored")
	}
	dir := t.TempDir()
	for _, name := range Names() {
		r, err := Open(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		if r.Record.Status == run.Running || r.Record.Status == run.Failed || len(r.Snapshots) == 0 {
			t.Errorf("%s: status %s, %d times", name, r.Record.Status, len(r.Snapshots))
		}
		for _, word := range append(r.Record.CommandLine, r.Record.Backend) {
			if filepath.IsAbs(strings.TrimPrefix(word, "xla:")) {
				t.Errorf("%s: the record names %s", name, word)
			}
		}
		var packed bytes.Buffer
		if err := Pack(&packed, r.Path); err != nil {
			t.Fatal(err)
		}
		want, err := archives.ReadFile(folder + "/" + name + ending)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(packed.Bytes(), want) {
			t.Errorf("%s is packed otherwise than it was", name)
		}
	}
}

// What is unpacked again replaces a file that was damaged and leaves the others alone.
func TestOpenMends(t *testing.T) {
	dir := t.TempDir()
	name := Names()[0]
	r, err := Open(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(r.Path, "moments.csv")
	if err := os.WriteFile(damaged, []byte("time,species\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	again, err := Open(dir, name)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := r.Snapshots[0].Dist.Moment(0), again.Snapshots[0].Dist.Moment(0); a != b {
		t.Errorf("moments are %v, then %v", a, b)
	}
}

// The laws of stored networks have the moments that their run left: exactly where the box is listed, and within five standard
// errors of two samples otherwise.
func TestLawsAreThoseOfTheTables(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"gene-expression", "mapk"} {
		r, err := Open(t.TempDir(), name)
		if err != nil {
			t.Fatal(err)
		}
		r.Snapshots = r.Snapshots[len(r.Snapshots)-1:]
		laws, err := Laws(r, b, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Record.Model.Species {
			want, got := r.Snapshots[0].Dist.Moment(i), laws[0].Dist.Moment(i)
			if limit := 5*math.Hypot(want.MeanSE, got.MeanSE) + 1e-6*want.Mean; math.Abs(got.Mean-want.Mean) > limit {
				t.Errorf("%s, species %d: mean %v, want %v ± %v", name, i, got.Mean, want.Mean, limit)
			}
		}
		if _, err := Network(r, b, 0.125); err == nil {
			t.Error("a network of a time that is no output time")
		}
	}
}

func TestUnknownName(t *testing.T) {
	_, err := Open(t.TempDir(), "mapkk")
	if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), `did you mean "mapk"?`) {
		t.Errorf("error %v", err)
	}
	if err := Pack(&bytes.Buffer{}, t.TempDir()); !errors.Is(err, run.ErrNoRun) {
		t.Errorf("packing an empty directory: %v", err)
	}
}
