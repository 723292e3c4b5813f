// Package races compares ways to the same law by the error that each ends with and
// the time that it takes: a plot of work against precision. Each run is kept in
// its run directory (see kernelext.Run), and its times are those of its record, so
// that a cell can be run again without a second race.
package races

import (
	"context"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
)

// Runner is one run of a method. Runs of one method differ in their effort: steps,
// updates, samples.
type Runner struct {
	Method, Effort string // "Adam", "20 updates a step"
	Job            kernelext.Job
}

// Course is where a race ends: the exact joint law of two species at a time.
type Course struct {
	Exact   kernelext.Answer
	Time    float64
	Species [2]string
}

// Finish is how a runner ended.
type Finish struct {
	Runner
	Distance dist.Distance // Hellinger distance of the joint laws
	// Seconds are those of the clock, Processor those of all its cores. Both are of
	// the whole run, its start and its output included.
	Seconds, Processor float64
}

// Run lets all runners run, one after the other, in folder. What is done is not done
// again. It returns those that have ended, also beside an error.
func Run(ctx context.Context, folder string, c Course, runners []Runner, hooks ...run.Hook) ([]Finish, error) {
	var ended []Finish
	for _, r := range runners {
		a, err := kernelext.Run(ctx, folder, r.Job, hooks...)
		if err != nil {
			return ended, fmt.Errorf("%s, %s: %w", r.Method, r.Effort, err)
		}
		f := Finish{Runner: r}
		if f.Distance, err = c.distance(a); err != nil {
			return ended, fmt.Errorf("%s, %s: %w", r.Method, r.Effort, err)
		}
		dir, err := kernelext.Dir(folder, r.Job)
		if err != nil {
			return ended, err
		}
		record, err := run.ReadRecord(dir)
		if err != nil {
			return ended, err
		}
		f.Seconds, f.Processor = record.WallSeconds, record.CPUSeconds
		ended = append(ended, f)
	}
	return ended, nil
}

func (c Course) distance(a kernelext.Answer) (dist.Distance, error) {
	exact, err := c.joint(c.Exact)
	if err != nil {
		return dist.Distance{}, err
	}
	other, err := c.joint(a)
	if err != nil {
		return dist.Distance{}, err
	}
	return dist.HellingerJoint(exact, other), nil
}

func (c Course) joint(a kernelext.Answer) (dist.Joint, error) {
	s, err := a.At(c.Time)
	if err != nil {
		return dist.Joint{}, err
	}
	var at [2]int
	names := s.Dist.Species()
	for i, name := range c.Species {
		if at[i] = slices.Index(names, name); at[i] < 0 {
			return dist.Joint{}, fmt.Errorf("%w: %s has no %q", kernelext.ErrSpecies, a.Label, name)
		}
	}
	return s.Dist.Joint(at[0], at[1])
}

// Draw draws the distances against seconds of the processor, which depend little on
// what else the computer does, with a line for each method; methods of one run are
// a sign.
func Draw(s kernelext.Style, c Course, ended []Finish) ([]byte, error) {
	chart := kernelext.Chart{
		X: "processor time (s)", Y: fmt.Sprintf("joint D of %s, %s", c.Species[0], c.Species[1]), LogX: true, LogY: true,
	}
	for _, f := range ended {
		i := slices.IndexFunc(chart.Series, func(l kernelext.Series) bool { return l.Label == f.Method })
		if i < 0 {
			i = len(chart.Series)
			chart.Series = append(chart.Series, kernelext.Series{Label: f.Method})
		}
		l := &chart.Series[i]
		l.X, l.Y = append(l.X, f.Processor), append(l.Y, f.Distance.Value)
	}
	for i, l := range chart.Series {
		chart.Series[i].Points = len(l.X) == 1
	}
	return kernelext.DrawChart(s, chart)
}

// Table has a row for each runner.
func Table(ended []Finish) kernelext.Table {
	t := kernelext.Table{Header: []string{"method", "effort", "joint D", "wall time (s)", "processor time (s)"}}
	for _, f := range ended {
		t.Add(f.Method, f.Effort, f.Distance.Value, f.Seconds, f.Processor)
	}
	return t
}
