package run

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// progressName is the file of progress lines.
const progressName = "progress.jsonl"

// logInterval is the shortest time between two step lines; a long run then leaves a file that a notebook can still read.
const logInterval = 200 * time.Millisecond

// Log is a Hook that writes one JSON object a line:
//
//	{"event":"start","at":"2026-01-02T03:04:05Z","solver":"ssa","model":"toggle-switch","t_end":40}
//	{"event":"step","seconds":1.25,"time":20,"fraction":0.5,"fields":{"mean.Px":29.1}}
//	{"event":"done","seconds":2.5,"status":"complete"}
//
// Every line is written at once and whole. Steps that follow faster than five a second are left out, but never the last one.
type Log struct {
	w        io.Writer
	now      func() time.Time
	start    time.Time
	last     time.Time
	held     *Step // the newest step that was left out
	anything bool  // a step has been written
	err      error
}

// NewLog returns a Hook that writes JSON lines to w.
func NewLog(w io.Writer) *Log { return &Log{w: w, now: time.Now, start: time.Now()} }

// Err returns the first error of the writer; the log is silent after it.
func (l *Log) Err() error { return l.err }

// Start writes the first line.
func (l *Log) Start(s Start) {
	l.start = l.now()
	l.line(struct {
		Event  string    `json:"event"`
		At     time.Time `json:"at"`
		Solver string    `json:"solver"`
		Model  string    `json:"model"`
		TEnd   float64   `json:"t_end"`
	}{"start", l.start.UTC().Truncate(time.Second), s.Solver, s.Model, s.TEnd})
}

// Step writes a line, unless the line before is younger than the interval; then the step waits for its turn.
func (l *Log) Step(s Step) {
	now := l.now()
	if l.anything && s.Fraction < 1 && now.Sub(l.last) < logInterval {
		s.Fields = s.Fields.Clone() // the solver may use its list again
		l.held = &s
		return
	}
	l.write(s, now)
}

// Done writes the step that waits, if any, and the last line.
func (l *Log) Done(d Done) {
	now := l.now()
	if l.held != nil {
		l.write(*l.held, now)
	}
	text := ""
	if d.Err != nil {
		text = d.Err.Error()
	}
	l.line(struct {
		Event   string  `json:"event"`
		Seconds float64 `json:"seconds"`
		Status  Status  `json:"status"`
		Error   string  `json:"error,omitempty"`
	}{"done", milli(now.Sub(l.start)), StatusOf(d.Err), text})
}

func (l *Log) write(s Step, now time.Time) {
	l.held, l.last, l.anything = nil, now, true
	l.line(struct {
		Event    string           `json:"event"`
		Seconds  float64          `json:"seconds"`
		Time     float64          `json:"time"`
		Fraction float64          `json:"fraction"`
		Fields   dist.Diagnostics `json:"fields"`
	}{"step", milli(now.Sub(l.start)), s.Time, s.Fraction, s.Fields})
}

func (l *Log) line(v any) {
	if l.err != nil {
		return
	}
	text, err := json.Marshal(v)
	if err == nil {
		_, err = l.w.Write(append(text, '\n')) // one call, so that a reader or a kill can cut only the last line
	}
	l.err = err
}

// openProgress opens progress.jsonl for appending, after cutting off half a line that a killed run may have left.
func openProgress(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, progressName), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	if err := cutHalfLine(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// cutHalfLine truncates the file after its last line end.
func cutHalfLine(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	end := info.Size()
	block := make([]byte, 4096)
	for end > 0 {
		n := min(end, int64(len(block)))
		if _, err := f.ReadAt(block[:n], end-n); err != nil {
			return err
		}
		for i := n - 1; i >= 0; i-- {
			if block[i] == '\n' {
				if end == info.Size() {
					return nil
				}
				return f.Truncate(end)
			}
			end--
		}
	}
	if info.Size() > 0 {
		return f.Truncate(0)
	}
	return nil
}
