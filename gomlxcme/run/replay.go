package run

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Beginner is a Hook that wants to know when a run that it is told about later began. Replay calls Began before Start.
type Beginner interface {
	Began(at time.Time)
}

// Replay tells a hook what the lines of a progress.jsonl say, in their order, and returns how many bytes it has read: what
// follows is a line that is not whole yet. Done gets an error that has the same status as the one that ended the run. A
// line that is not what Log writes is an error that wraps ErrCorrupt.
func Replay(data []byte, to Hook) (read int, err error) {
	for {
		line, _, whole := bytes.Cut(data[read:], []byte("\n"))
		if !whole {
			return read, nil
		}
		if err := replay(line, to); err != nil {
			return read, fmt.Errorf("%w: %s: %w", ErrCorrupt, progressName, err)
		}
		read += len(line) + 1
	}
}

// logged is any line of the file.
type logged struct {
	Event    string           `json:"event"`
	At       time.Time        `json:"at"`
	Solver   string           `json:"solver"`
	Model    string           `json:"model"`
	TEnd     float64          `json:"t_end"`
	Time     float64          `json:"time"`
	Fraction float64          `json:"fraction"`
	Fields   dist.Diagnostics `json:"fields"`
	Status   Status           `json:"status"`
	Error    string           `json:"error"`
}

func replay(line []byte, to Hook) error {
	var l logged
	if err := json.Unmarshal(line, &l); err != nil {
		return err
	}
	switch l.Event {
	case "start":
		if b, ok := to.(Beginner); ok {
			b.Began(l.At)
		}
		to.Start(Start{Solver: l.Solver, Model: l.Model, TEnd: l.TEnd})
	case "step":
		to.Step(Step{Time: l.Time, Fraction: l.Fraction, Fields: l.Fields})
	case "done":
		to.Done(Done{Err: l.cause()})
	default:
		return fmt.Errorf("an event %q", l.Event)
	}
	return nil
}

// cause is an error of the status that a line tells, nil if the run is complete.
func (l logged) cause() error {
	switch l.Status {
	case Complete:
		return nil
	case Interrupted:
		return fmt.Errorf("%s: %w", l.Error, context.Canceled)
	case Truncated:
		return fmt.Errorf("%s: %w", l.Error, ErrTruncated)
	}
	return errors.New(l.Error)
}
