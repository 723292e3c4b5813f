package kernelext

import (
	"fmt"
	"html"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/janpfeifer/gonb/gonbui"
)

// redraw is the shortest time between two pictures of the progress.
const redraw = 250 * time.Millisecond

// Progress is a run.Hook that keeps one line of a notebook's output up to date:
// a bar, the time reached, and what the solver measured. Every solver run gets
// one line, which stays and says at the end how long it took.
type Progress struct {
	update func(line string) // shows a line in place of the last
	now    func() time.Time
	plain  bool // the line alone, without a bar and without markup

	mu          sync.Mutex
	start       run.Start
	began       time.Time // if it began before we were told
	begin, last time.Time
	fraction    float64
}

// NewProgress returns a hook for the notebook; in a terminal it is the bar of
// package run.
func NewProgress() run.Hook {
	if !gonbui.IsNotebook {
		return run.NewBar(os.Stderr)
	}
	// The id names a place in the running page only and is not saved. It has to
	// be new every time, or a cell that is run again would write to a place that
	// is gone.
	id := gonbui.UniqueId()
	return newProgress(func(line string) { gonbui.UpdateHTML(id, line) }, time.Now)
}

func newProgress(update func(string), now func() time.Time) *Progress {
	return &Progress{update: update, now: now}
}

// Began says when the run that starts next began: one that is followed may have
// worked for long.
func (p *Progress) Began(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.began = at
}

// Start shows an empty bar.
func (p *Progress) Start(s run.Start) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start, p.begin, p.fraction = s, p.now(), 0
	if !p.began.IsZero() {
		p.begin, p.began = p.began, time.Time{}
	}
	p.draw(run.Step{})
}

// Step moves the bar, a few times a second at most.
func (p *Progress) Step(s run.Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begin.IsZero() { // a solver that did not say Start is shown all the same
		p.begin = p.now()
	}
	p.fraction = min(max(s.Fraction, 0), 1)
	if p.now().Sub(p.last) >= redraw {
		p.draw(s)
	}
}

// Done replaces the bar by one line that says how it ended.
func (p *Progress) Done(d run.Done) {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := p.now().Sub(p.begin)
	line := fmt.Sprintf("%s: done, in %s", p.name(), roughly(took))
	if d.Err != nil {
		line = fmt.Sprintf("%s: stopped at %.0f %% after %s: %v", p.name(), 100*p.fraction, roughly(took), d.Err)
	}
	if p.plain {
		p.update(line)
		return
	}
	p.update(pre(line))
	if gonbui.IsNotebook {
		gonbui.Sync()
	}
}

// draw shows the state; the caller holds the lock.
func (p *Progress) draw(s run.Step) {
	const cells = 24
	p.last = p.now()
	full := int(p.fraction*cells + 0.5)
	line := fmt.Sprintf("%s  %s%s %3.0f %%  t = %s", p.name(), strings.Repeat("█", full), strings.Repeat("░", cells-full),
		100*p.fraction, number(s.Time))
	if p.plain {
		line = fmt.Sprintf("%s, %.0f %%, t = %s", p.name(), 100*p.fraction, number(s.Time))
	}
	if p.start.TEnd > 0 {
		line += " of " + number(p.start.TEnd)
	}
	if spent := p.last.Sub(p.begin); p.fraction > 0.02 && spent > time.Second {
		left := time.Duration(float64(spent) * (1 - p.fraction) / p.fraction)
		line += ", " + roughly(left) + " left"
	}
	for i, f := range s.Fields {
		if i == 3 { // more do not fit into the line
			break
		}
		line += fmt.Sprintf("  %s %.3g", f.Name, f.Value)
	}
	if p.plain {
		p.update(line)
		return
	}
	p.update(pre(line))
}

func (p *Progress) name() string {
	return strings.TrimSpace(p.start.Solver + " " + p.start.Model)
}

func pre(line string) string {
	return `<pre style="margin:0">` + html.EscapeString(line) + "</pre>"
}

// roughly writes a time with two digits at most.
func roughly(d time.Duration) string {
	switch {
	case d < time.Second:
		return "less than 1 s"
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
