package kernelext

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

const (
	// dashboardRedraw is the shortest time between two pictures.
	dashboardRedraw = 500 * time.Millisecond
	// drawingShare is how much of the time drawing may take: 1/drawingShare.
	drawingShare = 20
	// dashboardPanels is how many curves a dashboard chooses by itself.
	dashboardPanels = 9
	// dashboardPoints is how many steps of a long run are drawn.
	dashboardPoints = 400
)

// Dashboard is a run.Hook that keeps one figure of a notebook's output up to
// date: what a solver measures about itself against the time of the model, and
// above it how far it is and how long it will take. It is drawn at most twice a
// second, and never takes more than a twentieth of the time. At the end the
// figure stays, as any other.
type Dashboard struct {
	style Style
	names []string
	show  func(svg []byte) // in place of the last
	now   func() time.Time

	mu   sync.Mutex
	head Progress // counts the time and writes the line
	line string
	past history
	next time.Time // of the next picture
	err  error     // of the last drawing
}

// NewDashboard returns a hook for the notebook, with a panel for each of the
// named measurements; without names those of loss, error bounds and effective
// samples that the solver offers, and distances to an exact answer where there
// is one (jobs.Network.Reference). In a terminal it is the bar of package run.
func NewDashboard(s Style, names ...string) run.Hook {
	if !gonbui.IsNotebook {
		return run.NewBar(os.Stderr)
	}
	// New every time, for the same reason as in NewProgress.
	id := gonbui.UniqueId()
	return newDashboard(s, names, time.Now, func(svg []byte) { sendFigure(id, svg) })
}

func newDashboard(s Style, names []string, now func() time.Time, show func([]byte)) *Dashboard {
	d := &Dashboard{style: s, names: names, now: now, show: show}
	d.head = Progress{now: now, update: func(line string) { d.line = line }, plain: true}
	return d
}

// sendFigure shows a figure in place of the one with the same id.
func sendFigure(id string, svg []byte) {
	gonbui.SendData(&protocol.DisplayData{Data: figureData(svg), DisplayID: id})
}

// Began says when the run that starts next began.
func (d *Dashboard) Began(at time.Time) { d.head.Began(at) }

// Start shows the line alone: nothing has been measured before the first step.
func (d *Dashboard) Start(s run.Start) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.past = history{}
	d.head.Start(s)
	d.draw()
	d.next = time.Time{} // the first step is worth a picture
}

// Step adds to the curves.
func (d *Dashboard) Step(s run.Step) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Fields = slices.Clone(s.Fields)
	d.past.add(s.Time, s.Fields)
	d.past.thin(dashboardPoints)
	if d.now().Before(d.next) {
		return
	}
	s.Fields = nil // they are drawn, the line is to be short
	d.head.last = time.Time{}
	d.head.Step(s)
	d.draw()
}

// Done draws the last picture.
func (d *Dashboard) Done(v run.Done) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.head.Done(v)
	d.draw()
	if gonbui.IsNotebook {
		gonbui.Sync()
	}
}

// draw shows the picture, and says when the next one may come; the caller holds
// the lock.
func (d *Dashboard) draw() {
	begin := d.now()
	style := d.style
	style.Title = strings.TrimPrefix(style.Title+": "+d.line, ": ")
	names := d.names
	if len(names) == 0 {
		names = d.past.chosen(d.style.Species)
	}
	svg, err := drawHistories(style, style.timeLabel(), known(names, d.past), []history{d.past})
	if err != nil { // nothing measured yet: the line alone
		svg, err = figure{legend: legend{title: style.Title}, alt: style.Title}.svg()
	}
	if d.err = err; err == nil {
		d.show(svg)
	}
	end := d.now()
	d.next = end.Add(max(dashboardRedraw, drawingShare*end.Sub(begin)))
}

// chosen are the measurements worth a panel: first distances and means of the
// species to draw, two of each at most.
func (h history) chosen(species []string) []string {
	var names []string
	for _, prefix := range []string{distancePrefix, meanPrefix} {
		var found []string
		for _, list := range h.lists {
			for _, d := range list {
				of, ours := strings.CutPrefix(d.Name, prefix)
				wanted := len(species) == 0 || slices.Contains(species, strings.TrimSuffix(of, ")"))
				if ours && wanted && !slices.Contains(found, d.Name) {
					found = append(found, d.Name)
				}
			}
		}
		names = append(names, found[:min(len(found), 2)]...)
	}
	names = append(names, known(usualDiagnostics, h)...)
	return names[:min(len(names), dashboardPanels)]
}

// known keeps the names of which there is something to draw.
func known(names []string, h history) []string {
	var kept []string
	for _, name := range names {
		r := h.series(name)
		if slices.ContainsFunc(r.Y, func(v float64) bool { return finite(v) }) {
			kept = append(kept, name)
		}
	}
	return kept
}

// thin leaves out every second point when there are more than n, but not the
// last.
func (h *history) thin(n int) {
	if len(h.at) <= n {
		return
	}
	kept := history{label: h.label}
	for i := range h.at {
		if i%2 == 0 || i == len(h.at)-1 {
			kept.add(h.at[i], h.lists[i])
		}
	}
	*h = kept
}

// DrawProgress draws what a run in a directory has logged about itself so far,
// one panel a name; no names means those of a Dashboard.
func DrawProgress(s Style, dir string, names ...string) ([]byte, error) {
	r := &recorder{}
	f := follower{dir: dir, hook: &started{Hook: r}}
	if err := f.read(); err != nil {
		return nil, err
	}
	if len(r.past.at) == 0 {
		return nil, fmt.Errorf("%w: %s has logged no step", ErrNothing, dir)
	}
	if len(names) == 0 {
		names = r.past.chosen(s.Species)
	}
	return drawHistories(s, s.timeLabel(), names, []history{r.past})
}

// recorder keeps the steps of the last run that it is told of.
type recorder struct {
	run.Silence
	past history
}

// Step keeps the step. Time that goes back belongs to a run that was taken up
// again from a checkpoint before: what came after that is computed once more.
func (r *recorder) Step(s run.Step) {
	for len(r.past.at) > 0 && r.past.at[len(r.past.at)-1] > s.Time {
		r.past.at, r.past.lists = r.past.at[:len(r.past.at)-1], r.past.lists[:len(r.past.lists)-1]
	}
	r.past.add(s.Time, s.Fields)
}
