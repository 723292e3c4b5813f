package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// listener notes what it is told.
type listener struct {
	told []string
	err  error
}

func (l *listener) Began(at time.Time) { l.told = append(l.told, "began "+at.Format("2006")) }
func (l *listener) Start(s Start)      { l.told = append(l.told, fmt.Sprint(s)) }
func (l *listener) Step(s Step)        { l.told = append(l.told, fmt.Sprint(s)) }
func (l *listener) Done(d Done)        { l.told, l.err = append(l.told, "done"), d.Err }

func TestReplayTellsWhatWasLogged(t *testing.T) {
	for _, cause := range []error{nil, context.Canceled, ErrTruncated, errors.New("broken")} {
		var file bytes.Buffer
		log := NewLog(&file)
		log.Start(Start{Solver: "ssa", Model: "m", TEnd: 2})
		log.Step(Step{Time: 1, Fraction: 0.5, Fields: dist.Diagnostics{{Name: "runs", Value: 3}}})
		log.Done(Done{Err: cause})
		var l listener
		n, err := Replay(append(file.Bytes(), `{"event":"st`...), &l)
		if err != nil || n != file.Len() {
			t.Errorf("%v: read %d of %d bytes, %v", cause, n, file.Len(), err)
		}
		want := []string{"began " + time.Now().UTC().Format("2006"), fmt.Sprint(Start{"ssa", "m", 2}), fmt.Sprint(Step{1, 0.5, dist.Diagnostics{{Name: "runs", Value: 3}}}), "done"}
		if strings.Join(l.told, "|") != strings.Join(want, "|") {
			t.Errorf("told %q, want %q", l.told, want)
		}
		if StatusOf(l.err) != StatusOf(cause) {
			t.Errorf("%v became %v", cause, l.err)
		}
	}
	if _, err := Replay([]byte("{\"event\":\"x\"}\n"), &listener{}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("an unknown event: %v", err)
	}
}

func TestHolderIsWhoHoldsTheLock(t *testing.T) {
	dir := t.TempDir()
	if _, running, err := HolderOf(dir); running || err != nil {
		t.Fatalf("nobody: %v, %v", running, err)
	}
	l, err := Acquire(dir)
	if err != nil {
		t.Fatal(err)
	}
	if h, running, err := HolderOf(dir); !running || err != nil || h.PID == 0 {
		t.Errorf("held: %+v, %v, %v", h, running, err)
	}
	path := l.path
	_ = l.file.Close() // as if killed: the file stays, the lock is gone
	if _, running, err := HolderOf(dir); running || err != nil {
		t.Errorf("killed, with %s left: %v, %v", path, running, err)
	}
}
