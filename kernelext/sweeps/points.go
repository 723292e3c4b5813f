package sweeps

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/gomlx-cme/cme/kernelext"
)

// ErrName is returned for a name that a sweep does not vary, or an output that it
// has not kept.
var ErrName = errors.New("sweeps: no such name")

// Point is one point of a sweep with its result.
type Point struct {
	sweep.Point
	Status sweep.Status
	Text   string // what it is, in words
	result *sweep.Result
	values map[string]sweep.Value
}

// Points are those of a sweep that have a result, in order.
type Points struct {
	Sweep *sweep.Sweep
	Count sweep.Count // of all points
	List  []Point
}

// Read takes what there is of a sweep, by its file or its folder.
func Read(spec string) (*Points, error) {
	folder := spec
	if info, err := os.Stat(spec); err == nil && !info.IsDir() {
		folder = sweep.DefaultFolder(spec)
	}
	s, err := sweep.Open(folder)
	if err != nil {
		return nil, err
	}
	all := &Points{Sweep: s}
	err = s.Watch(func(p *sweep.Point, status sweep.Status, r *sweep.Result) error {
		all.Count.Add(status)
		if r == nil || len(r.Rows) == 0 {
			return nil
		}
		values := map[string]sweep.Value{}
		for i, n := range s.Head.Names {
			values[n.String()] = p.Values[i]
		}
		all.List = append(all.List, Point{Point: *p, Status: status, Text: s.Head.Describe(p), result: r, values: values})
		return nil
	})
	return all, err
}

// Value is what a varied name is set to.
func (p Point) Value(name string) (float64, error) {
	v, ok := p.values[name]
	if !ok {
		var known []string
		for k := range p.values {
			known = append(known, k)
		}
		slices.Sort(known)
		return 0, fmt.Errorf("%w: %q is not varied, only %s", ErrName, name, strings.Join(known, ", "))
	}
	f, ok := v.Float()
	if !ok {
		return 0, fmt.Errorf("%w: %s = %v is no number, which an axis needs", ErrName, name, v)
	}
	return f, nil
}

// Answer is the result of the point for figures: the species whose marginals the
// sweep has kept. It is an error if there are none; Mean and Fano do without.
func (p Point) Answer() (kernelext.Answer, error) {
	a := kernelext.Answer{Label: p.Text}
	kept := func(r sweep.Row) bool { return len(r.Marginal) > 0 }
	if !slices.ContainsFunc(p.result.Rows, kept) {
		return a, fmt.Errorf("%w: the sweep has kept no marginals; write keep: {marginals: true} in the sweep file", ErrName)
	}
	for _, row := range p.result.Rows {
		if !kept(row) {
			continue
		}
		if n := len(a.Snapshots); n == 0 || a.Snapshots[n-1].Time != row.Time {
			a.Snapshots = append(a.Snapshots, dist.Snapshot{Time: row.Time, Dist: &law{}})
		}
		a.Snapshots[len(a.Snapshots)-1].Dist.(*law).add(row)
	}
	for i := range a.Snapshots {
		for _, d := range p.result.Diagnostics {
			if d.Time == a.Snapshots[i].Time {
				a.Snapshots[i].Diagnostics.Set(d.Name, d.Value)
			}
		}
	}
	return a, nil
}

// row finds an output at a time; the last digits of the time may differ.
func (p Point) row(name string, t float64) (sweep.Row, error) {
	for _, r := range p.result.Rows {
		if d := r.Time - t; r.Name == name && d <= 1e-9*t && d >= -1e-9*t {
			return r, nil
		}
	}
	return sweep.Row{}, fmt.Errorf("%w: the sweep has kept no %q at time %v", ErrName, name, t)
}

// law is a distribution as a sweep keeps it: the marginals of some species.
type law struct {
	names     []string
	moments   []dist.Moment
	marginals []dist.Marginal
}

func (l *law) add(r sweep.Row) {
	l.names = append(l.names, r.Name)
	marginal := dist.Marginal{P: r.Marginal}
	l.marginals = append(l.marginals, marginal)
	if r.Moments != nil {
		l.moments = append(l.moments, r.Moments.Moment()) // with its errors
	} else {
		l.moments = append(l.moments, marginal.Moment())
	}
}

// Species are those whose marginals were kept.
func (l *law) Species() []string { return slices.Clone(l.names) }

// Marginal is that of a species.
func (l *law) Marginal(i int) dist.Marginal { return l.marginals[i] }

// Moment is that of a species.
func (l *law) Moment(i int) dist.Moment { return l.moments[i] }

// Samples is 0: a sweep does not keep the number.
func (l *law) Samples() float64 { return 0 }

// Joint always fails: sweeps keep single species only.
func (l *law) Joint(a, b int) (dist.Joint, error) {
	return dist.Joint{}, fmt.Errorf("%w: the joint law of species %d and %d is not kept by sweeps", ErrName, a, b)
}
