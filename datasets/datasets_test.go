package datasets

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// tiny is made in some hundredths of a second.
func tiny() Set {
	return Set{
		Name: "tiny", Version: 1, Title: "for tests", Generator: generator, Seed: 7, Runs: 20, From: 0.1, TEnd: 0.2, Every: 0.1,
		Conditions: []calcium.Condition{calcium.Standard(0.1), calcium.Standard(0.3)},
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMakeLoadVerify(t *testing.T) {
	store, set := Store{t.TempDir()}, tiny()
	if _, err := store.Load(set); !errors.Is(err, ErrAbsent) {
		t.Errorf("loading what was not made: error %v", err)
	}
	made, err := store.Make(t.Context(), set, Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := store.State(set); got != Made {
		t.Errorf("state %v, want made", got)
	}
	loaded, err := store.Verify(t.Context(), set, true, Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range set.Conditions {
		want, err := calcium.Moments(t.Context(), c, calcium.Batch{Runs: 20, Settings: set.settings()}, set.From)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []*Data{made, loaded} {
			if got := digest(d.Sums[i : i+1]); got != digest(append(d.Sums[:0:0], want)) {
				t.Errorf("condition %d: other numbers than those of its runs", i)
			}
		}
	}
	if len(loaded.Sums[0].Times) != 2 || loaded.Description.Times != 2 || loaded.Sums[0].Runs != 20 {
		t.Errorf("%v", loaded.Description)
	}
}

// stopper ends the work after some steps.
type stopper struct {
	run.Silence
	left int
	stop context.CancelFunc
}

func (s *stopper) Step(run.Step) {
	if s.left--; s.left == 0 {
		s.stop()
	}
}

// Files made with interruptions at every step and with other workers have the same bytes.
func TestInterruptedIsTheSame(t *testing.T) {
	set := tiny()
	whole := Store{t.TempDir()}
	if _, err := whole.Make(t.Context(), set, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	parts := Store{t.TempDir()}
	interruptions := 0
	for {
		ctx, stop := context.WithCancel(t.Context())
		_, err := parts.Make(ctx, set, Options{Workers: 1 + interruptions%2, Hook: &stopper{left: 1, stop: stop}})
		stop()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := parts.State(set); got != Unfinished {
			t.Fatalf("state %v, want unfinished", got)
		}
		if interruptions++; interruptions > 20 {
			t.Fatal("it does not get on")
		}
	}
	if interruptions < 3 {
		t.Errorf("%d interruptions, want 3 or more", interruptions)
	}
	for _, path := range []func(Store) string{
		func(s Store) string { return s.Archive(set) },
		func(s Store) string { return s.Description(set) },
	} {
		if !bytes.Equal(read(t, path(whole)), read(t, path(parts))) {
			t.Errorf("%s differs from %s", path(parts), path(whole))
		}
	}
	if _, err := os.Stat(parts.partial(set)); err == nil {
		t.Error("the unfinished part is still there")
	}
}

func TestDamageIsSeen(t *testing.T) {
	set := tiny()
	store := Store{t.TempDir()}
	if _, err := store.Make(t.Context(), set, Options{}); err != nil {
		t.Fatal(err)
	}
	archive, text := read(t, store.Archive(set)), read(t, store.Description(set))
	flipped := bytes.Clone(archive)
	flipped[len(flipped)/2] ^= 1
	for what, c := range map[string]struct{ archive, text []byte }{
		"a flipped bit":       {flipped, text},
		"half an archive":     {archive[:len(archive)/2], text},
		"no description":      {archive, nil},
		"another description": {archive, bytes.Replace(text, []byte(`"seed": 7`), []byte(`"seed": 8`), 1)},
		"another checksum":    {archive, bytes.Replace(text, []byte(`"sha256_numbers": "`), []byte(`"sha256_numbers": "0`), 1)},
	} {
		if err := errors.Join(os.WriteFile(store.Archive(set), c.archive, 0o666), os.WriteFile(store.Description(set), c.text, 0o666)); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Make(t.Context(), set, Options{}); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if _, err := store.Make(t.Context(), set, Options{Again: true}); err != nil {
		t.Errorf("made again: error %v", err)
	}
	if err := errors.Join(os.Remove(store.Archive(set)), os.WriteFile(store.partial(set), []byte("?"), 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Make(t.Context(), set, Options{}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a damaged part: error %v", err)
	}
}

func TestFind(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if got, err := Find(s.Name); err != nil || got.Name != s.Name || seen[s.Name] {
			t.Errorf("%s: %v, error %v", s.Name, got.Name, err)
		}
		seen[s.Name] = true
		for _, c := range s.Conditions {
			if err := c.Check(); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
	}
	if _, err := Find("ip3-smal"); !errors.Is(err, ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

// A folder that cannot be made is named.
func TestMakeWhereAFileIs(t *testing.T) {
	path := t.TempDir() + "/file"
	if err := os.WriteFile(path, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := (Store{path}).Make(t.Context(), tiny(), Options{}); err == nil {
		t.Error("made in a file")
	}
}

// Whatever is read as an archive is refused, or written as it was read.
func FuzzReadArchive(f *testing.F) {
	set := tiny()
	d, err := Store{f.TempDir()}.Make(f.Context(), set, Options{})
	if err != nil {
		f.Fatal(err)
	}
	var whole bytes.Buffer
	if err := writeArchive(&whole, set, d.Sums); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add(whole.Bytes()[:whole.Len()/2])
	f.Add([]byte("PK"))
	f.Fuzz(func(t *testing.T, content []byte) {
		sums, err := readArchive(content, set)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeArchive(&again, set, sums); err != nil {
			return // numbers that are too large for an archive of ours
		}
		got, err := readArchive(again.Bytes(), set)
		if err != nil || digest(got) != digest(sums) {
			t.Errorf("written and read again: error %v", err)
		}
	})
}
