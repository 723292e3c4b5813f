package run

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// barSteps is how finely the bar divides the work.
const barSteps = 1000

// bar is a Hook that keeps one line of a terminal up to date.
type bar struct {
	w    io.Writer
	bar  *progressbar.ProgressBar
	name string
}

// NewBar returns a Hook that shows one line with the share done, the time reached and the time left, and removes it at the
// end. If w is not a terminal it is Silence.
func NewBar(w io.Writer) Hook {
	if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return Silence{}
	}
	return &bar{w: w}
}

func (b *bar) Start(s Start) {
	b.name = s.Solver + " " + s.Model
	b.bar = progressbar.NewOptions(barSteps,
		progressbar.OptionSetWriter(b.w),
		progressbar.OptionSetDescription(b.name),
		progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(),
	)
}

func (b *bar) Step(s Step) {
	if b.bar == nil { // a solver that did not say Start is shown all the same
		b.Start(Start{})
	}
	b.bar.Describe(fmt.Sprintf("%s t=%.4g", b.name, s.Time))
	// An error of the terminal must not stop the computation.
	_ = b.bar.Set(int(barSteps * min(max(s.Fraction, 0), 1)))
}

func (b *bar) Done(Done) {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}
