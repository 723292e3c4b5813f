package run

import (
	"context"
	"errors"
)

// Status says how a run stands. A run that was killed without a chance to say so keeps Running; nothing holds its lock then.
type Status string

// The values of Status.
const (
	Running     Status = "running"
	Complete    Status = "complete"
	Interrupted Status = "interrupted" // stopped by the user or the scheduler; it can be resumed
	Truncated   Status = "truncated"   // a budget of steps or time was used up; it can be resumed
	Failed      Status = "failed"      // the last good state is kept; it can be resumed
)

// ErrTruncated says that a run stopped because its budget of steps or time was used up.
var ErrTruncated = errors.New("run: stopped")

// StatusOf is the status of a run that ended with err: Complete for nil, Interrupted after a cancelled context, Truncated
// at the end of a budget.
func StatusOf(err error) Status {
	switch {
	case err == nil:
		return Complete
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Interrupted
	case errors.Is(err, ErrTruncated):
		return Truncated
	}
	return Failed
}

func (s Status) known() bool {
	return s == Running || s == Complete || s == Interrupted || s == Truncated || s == Failed
}
