package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunIsReadBackAsWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	d := begin(t, dir, record(7), false)
	if got, err := ReadRecord(dir); err != nil || got.Status != Running {
		t.Fatalf("while it runs: status %q, error %v", got.Status, err)
	}
	if _, err := Open(dir); !errors.Is(err, ErrNoResults) {
		t.Fatalf("results before the end: %v", err)
	}
	want := snapshots(t)
	if err := d.Finish(want, nil); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if r.Record.Status != Complete || *r.Record.Seed != 7 || r.Record.Ended == nil || r.Record.Versions["go"] == "" {
		t.Errorf("record %+v", r.Record)
	}
	if r.Record.Model.Parameters["k"] != 0.1 || *r.Record.Model.Caps["A"] != 9 || r.Record.Model.Caps["B, bound"] != nil {
		t.Errorf("model %+v", r.Record.Model)
	}
	for i, s := range r.Snapshots {
		if s.Time != want[i].Time || s.Dist.Samples() != 4 || s.Diagnostics[0] != want[i].Diagnostics[0] {
			t.Errorf("snapshot %d: %+v", i, s)
		}
		for k := range s.Dist.Species() {
			if got, w := s.Dist.Moment(k), want[i].Dist.Moment(k); got != w {
				t.Errorf("moment %d of snapshot %d: %+v, want %+v", k, i, got, w)
			}
			if got, w := fmt.Sprint(s.Dist.Marginal(k)), fmt.Sprint(want[i].Dist.Marginal(k)); got != w {
				t.Errorf("marginal %d of snapshot %d: %s, want %s", k, i, got, w)
			}
		}
		if _, err := s.Dist.Joint(0, 1); err == nil {
			t.Error("a joint distribution out of nowhere")
		}
	}
	for name := range contents(t, dir) {
		if strings.HasPrefix(filepath.Base(name), ".") {
			t.Errorf("%s was left behind", name)
		}
	}
}

func TestTablesHaveTheAgreedForm(t *testing.T) {
	dir := t.TempDir()
	if err := begin(t, dir, record(7), false).Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
	files := contents(t, dir)
	want := "time,species,count,probability\n" +
		"0,A,2,1\n0,\"B, bound\",0,1\n" +
		"0.1,A,0,0.25\n0.1,A,1,0.5\n0.1,A,2,0.25\n" +
		"0.1,\"B, bound\",0,0.25\n0.1,\"B, bound\",1,0.5\n0.1,\"B, bound\",7,0.25\n"
	if got := files["/marginals.csv"]; got != want {
		t.Errorf("marginals.csv is\n%s\nwant\n%s", got, want)
	}
	head := "time,species,mean,sd,mean_se,sd_se\n0,A,2,0,0,0\n0,\"B, bound\",0,0,0,0\n0.1,A,1,0.816496580927726,0.408248290463863,"
	if got := files["/moments.csv"]; !strings.HasPrefix(got, head) {
		t.Errorf("moments.csv is\n%s\nwant first\n%s", got, head)
	}
}

func TestOccupiedDirectoryIsRefusedUntouched(t *testing.T) {
	dir := t.TempDir()
	if err := begin(t, dir, record(7), false).Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	_, err := Begin(dir, record(7), false)
	if !errors.Is(err, ErrOccupied) || !strings.Contains(err.Error(), "--resume") || !strings.Contains(err.Error(), "--out") {
		t.Errorf("error %v", err)
	}
	other := record(8)
	other.Settings["runs"] = 5
	_, err = Begin(dir, other, true)
	if !errors.Is(err, ErrMismatch) || !strings.Contains(err.Error(), "--runs was 4, now 5") || !strings.Contains(err.Error(), "seed was 7, now 8") {
		t.Errorf("error %v", err)
	}
	if !maps.Equal(before, contents(t, dir)) {
		t.Error("a refusal changed the directory")
	}
	loose := t.TempDir()
	if err := os.WriteFile(filepath.Join(loose, "moments.csv"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Begin(loose, record(7), true); !errors.Is(err, ErrOccupied) {
		t.Errorf("a table without a record: %v", err)
	}
}

func TestResumeOfACompleteRunChangesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := begin(t, dir, record(7), false).Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	again := record(7)
	again.Settings["workers"], again.Settings["quiet"] = 8, true // neither changes a result
	d := begin(t, dir, again, true)
	if !d.Complete() {
		t.Error("the complete run was not recognised")
	}
	d.Progress().Start(Start{})
	if err := d.Finish(snapshots(t), nil); err == nil {
		t.Error("a complete run was finished again")
	}
	if !maps.Equal(before, contents(t, dir)) {
		t.Error("the directory changed")
	}
}

func TestInterruptedRunIsResumed(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, dir, record(7), false)
	if _, err := d.LoadCheckpoint("state"); !errors.Is(err, ErrNoCheckpoint) {
		t.Errorf("checkpoint at the start: %v", err)
	}
	if err := d.SaveCheckpoint("state", []byte("half\nway")); err != nil {
		t.Fatal(err)
	}
	if err := d.Finish(nil, context.Canceled); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadRecord(dir); err != nil || r.Status != Interrupted || r.Ended == nil {
		t.Fatalf("record %+v, error %v", r, err)
	}
	d = begin(t, dir, record(7), true)
	if got, err := d.LoadCheckpoint("state"); err != nil || string(got) != "half\nway" {
		t.Errorf("checkpoint %q, error %v", got, err)
	}
	if err := d.Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadRecord(dir); err != nil || r.Status != Complete || r.Resumed != 1 || r.Error != "" {
		t.Errorf("record %+v, error %v", r, err)
	}
}

// A killed process leaves a record that says running, half a temporary file and half a line.
func TestLeftoversOfAKilledRunAreCleared(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, dir, record(7), false)
	d.Progress().Start(Start{Solver: "ssa"})
	d.Close() // without Finish: what the kernel does to a killed process
	half := filepath.Join(dir, ".moments.csv.1-1.tmp")
	if err := os.WriteFile(half, []byte("time,sp"), 0o600); err != nil {
		t.Fatal(err)
	}
	progress := filepath.Join(dir, "progress.jsonl")
	whole, err := os.ReadFile(progress)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(progress, append(whole, `{"event":"st`...), 0o600); err != nil {
		t.Fatal(err)
	}
	d = begin(t, dir, record(7), true)
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary file is still there: %v", err)
	}
	if got, err := os.ReadFile(progress); err != nil || string(got) != string(whole) {
		t.Errorf("progress %q, want %q", got, whole)
	}
	if err := d.Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
}

func TestFailureIsRecorded(t *testing.T) {
	dir := t.TempDir()
	if err := begin(t, dir, record(7), false).Finish(snapshots(t)[:1], errors.New("step 3: loss is NaN")); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil || r.Record.Status != Failed || r.Record.Error != "step 3: loss is NaN" || len(r.Snapshots) != 1 {
		t.Errorf("result %+v, error %v", r, err)
	}
}

func TestSecondWriterIsToldWhoWrites(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, dir, record(7), false)
	_, err := Begin(dir, record(7), true)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("error %v", err)
	}
	d.Close()
	begin(t, dir, record(7), true)
}

func TestDamageIsNamed(t *testing.T) {
	dir := t.TempDir()
	d := begin(t, dir, record(7), false)
	if err := d.SaveCheckpoint("state", []byte("abc")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "checkpoint", "state")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, 'x'), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.LoadCheckpoint("state"); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
		t.Errorf("damaged checkpoint: %v", err)
	}
	if err := d.Finish(snapshots(t), nil); err != nil {
		t.Fatal(err)
	}
	moments := filepath.Join(dir, "moments.csv")
	whole, err := os.ReadFile(moments)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"missing row":  strings.Join(strings.SplitAfter(string(whole), "\n")[:4], ""),
		"line 3":       strings.Replace(string(whole), ",0,0,0,0\n", ",0,x,0,0\n", 1),
		"strange time": strings.Replace(string(whole), "\n0,", "\n0.5,", 1),
		"header":       strings.Replace(string(whole), "mean", "avg", 1),
	} {
		if err := os.WriteFile(moments, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), moments) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnwritablePlacesAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "below"), "/proc/nowhere"} {
		if _, err := Begin(path, record(7), false); !errors.Is(err, ErrUnwritable) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestDiscardLeavesNoTrace(t *testing.T) {
	root := t.TempDir()
	d := begin(t, filepath.Join(root, "a", "b"), record(7), false)
	d.Progress().Start(Start{})
	if err := errors.Join(d.SaveCheckpoint("state", nil), d.Discard(nil)); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(root); err != nil || len(entries) > 0 {
		t.Errorf("%v is left, error %v", entries, err)
	}
	note := filepath.Join(root, "note")
	if err := os.WriteFile(note, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, root, record(7), false).Discard(nil); err != nil {
		t.Fatal(err)
	}
	if files := contents(t, root); len(files) != 1 {
		t.Errorf("%v is left", files)
	}
	// A run that was there before is kept.
	if err := begin(t, root, record(7), false).Finish(nil, context.Canceled); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, root, record(7), true).Discard(errors.New("impossible")); err != nil {
		t.Fatal(err)
	}
	if r, err := ReadRecord(root); err != nil || r.Status != Failed || r.Error != "impossible" {
		t.Errorf("record %+v, error %v", r, err)
	}
}

func TestReaderNeverSeesHalfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write := func(text string) error {
		return WriteFile(path, func(w io.Writer) error {
			_, err := w.Write([]byte(text))
			return err
		})
	}
	if err := write("old"); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			text, err := os.ReadFile(path)
			if err == nil && len(text) != 3 && len(text) != 1<<20 {
				err = fmt.Errorf("a reader saw %d bytes", len(text))
			}
			if err != nil {
				done <- err
				return
			}
		}
	}()
	long := strings.Repeat("x", 1<<20)
	for range 20 {
		if err := errors.Join(write(long), write("old")); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
	failure := errors.New("no more")
	if err := WriteFile(path, func(w io.Writer) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("error %v", err)
	}
	if files := contents(t, filepath.Dir(path)); len(files) != 1 || files["/file"] != "old" {
		t.Errorf("after a failed write: %v", files)
	}
}
