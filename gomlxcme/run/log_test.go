package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

func TestLogKeepsEveryStepThatIsDue(t *testing.T) {
	var out bytes.Buffer
	l := NewLog(&out)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	l.now = func() time.Time { return now }
	l.Start(Start{Solver: "ssa", Model: "pair", TEnd: 4})
	fields := dist.Diagnostics{{Name: "b", Value: 1}, {Name: "a", Value: math.NaN()}}
	for i, wait := range []time.Duration{time.Millisecond, time.Millisecond, logInterval, time.Millisecond, time.Millisecond} {
		now = now.Add(wait)
		fields.Set("b", float64(i+1))
		l.Step(Step{Time: float64(i), Fraction: float64(i) / 8, Fields: fields})
	}
	fields.Set("b", -1) // the solver uses its list again; the step that waits must not change
	l.Done(Done{Err: context.Canceled})
	want := `{"event":"start","at":"2026-01-02T03:04:05Z","solver":"ssa","model":"pair","t_end":4}
{"event":"step","seconds":0.001,"time":0,"fraction":0,"fields":{"b":1,"a":"NaN"}}
{"event":"step","seconds":0.202,"time":2,"fraction":0.25,"fields":{"b":3,"a":"NaN"}}
{"event":"step","seconds":0.204,"time":4,"fraction":0.5,"fields":{"b":5,"a":"NaN"}}
{"event":"done","seconds":0.204,"status":"interrupted","error":"context canceled"}
`
	if out.String() != want {
		t.Errorf("log is\n%s\nwant\n%s", out.String(), want)
	}
	if l.Err() != nil {
		t.Error(l.Err())
	}
}

type brokenWriter struct{ calls int }

func (b *brokenWriter) Write([]byte) (int, error) {
	b.calls++
	return 0, errors.New("disk full")
}

func TestLogIsSilentAfterAnError(t *testing.T) {
	w := &brokenWriter{}
	l := NewLog(w)
	l.Start(Start{})
	l.Step(Step{})
	l.Done(Done{})
	if l.Err() == nil || w.calls != 1 {
		t.Errorf("error %v after %d calls", l.Err(), w.calls)
	}
}

func TestHalfLinesAreCut(t *testing.T) {
	long := strings.Repeat("y", 10_000)
	for text, want := range map[string]string{
		"": "", "abc": "", "a\n": "a\n", "a\nb": "a\n", "a\nb\n": "a\nb\n", "a\n" + long: "a\n", long + "\n" + long: long + "\n", long: "",
	} {
		path := filepath.Join(t.TempDir(), progressName)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := openProgress(filepath.Dir(path))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%.10q…: %d bytes are left, want %d (error %v)", text, len(got), len(want), err)
		}
	}
}

func TestBarIsSilentWithoutATerminal(t *testing.T) {
	if h := NewBar(&bytes.Buffer{}); h != (Silence{}) {
		t.Errorf("a buffer got %T", h)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if h := NewBar(f); h != (Silence{}) {
		t.Errorf("a file got %T", h)
	}
}

func TestBarStaysOnOneLine(t *testing.T) {
	var out bytes.Buffer
	b := &bar{w: &out}
	b.Step(Step{}) // before Start: shown, not a panic
	b.Start(Start{Solver: "ssa", Model: "pair", TEnd: 2})
	b.Step(Step{Time: 1, Fraction: 0.5})
	b.Step(Step{Time: 2, Fraction: 1.5})
	b.Done(Done{})
	if text := out.String(); !strings.Contains(text, "ssa pair") || strings.Contains(text, "\n") {
		t.Errorf("bar wrote %q", text)
	}
}

type recorder struct{ calls []string }

func (r *recorder) Start(Start) { r.calls = append(r.calls, "start") }
func (r *recorder) Step(Step)   { r.calls = append(r.calls, "step") }
func (r *recorder) Done(Done)   { r.calls = append(r.calls, "done") }

func TestTeeTellsEveryone(t *testing.T) {
	a, b := &recorder{}, &recorder{}
	h := Tee(a, nil, Silence{}, b)
	h.Start(Start{})
	h.Step(Step{})
	h.Done(Done{})
	for _, r := range []*recorder{a, b} {
		if got := strings.Join(r.calls, " "); got != "start step done" {
			t.Errorf("calls %q", got)
		}
	}
	if Tee() != (Silence{}) || Tee(nil, a) != Hook(a) {
		t.Error("a tee of none or one is not that one")
	}
}

func TestStatusIsReadAsWritten(t *testing.T) {
	for err, want := range map[error]Status{nil: Complete, context.Canceled: Interrupted, context.DeadlineExceeded: Interrupted, os.ErrClosed: Failed} {
		if got := StatusOf(err); got != want || !got.known() {
			t.Errorf("%v gives %q, want %q", err, got, want)
		}
	}
	text, err := json.Marshal(Difference{1, math.Inf(1)})
	if err != nil || string(text) != `{"value":1,"se":null}` {
		t.Errorf("%s, error %v", text, err)
	}
}
