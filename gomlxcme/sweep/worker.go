package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"io"
)

// News is what a worker says about a point.
type News struct {
	Index  int    `json:"index"`
	Status Status `json:"status"` // a final one, Running if another runner has the point, Waiting if it was interrupted
	Error  string `json:"error,omitempty"`
	Full   bool   `json:"full,omitempty"` // the disk is; nothing goes on
}

// Work computes the points that it reads as JSON, one a line, and writes News, one a line, until the input ends. The end of
// the input interrupts the point in hand: whoever gave the orders is gone.
func (r *Runner) Work(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	orders := make(chan *Point)
	go func() {
		defer cancel()
		for lines := json.NewDecoder(in); ; {
			p := &Point{}
			if lines.Decode(p) != nil || len(p.ID) < 2 {
				return
			}
			select {
			case orders <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	tell := json.NewEncoder(out)
	for {
		select {
		case <-ctx.Done():
			return nil
		case p := <-orders:
			if err := tell.Encode(r.news(ctx, p)); err != nil {
				return err
			}
		}
	}
}

// news computes a point.
func (r *Runner) news(ctx context.Context, p *Point) News {
	n := News{Index: p.Index}
	result, err := r.Point(ctx, p)
	switch {
	case err == nil:
		n.Status, n.Error = result.Status, result.Error
	case errors.Is(err, ErrBusy):
		n.Status = Running
	default:
		n.Status, n.Error, n.Full = Waiting, oneLine(err), errors.Is(err, ErrDiskFull)
	}
	return n
}
