package sweep

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Count is how many points stand how.
type Count struct {
	Points    int `json:"points"`
	Complete  int `json:"complete"`
	Truncated int `json:"truncated"`
	Failed    int `json:"failed"`
	Running   int `json:"running"`
	Waiting   int `json:"waiting"`
	Damaged   int `json:"damaged"`
}

// Add counts one more point.
func (c *Count) Add(s Status) {
	c.Points++
	switch s {
	case Complete:
		c.Complete++
	case Truncated:
		c.Truncated++
	case Failed:
		c.Failed++
	case Running:
		c.Running++
	case Damaged:
		c.Damaged++
	default:
		c.Waiting++
	}
}

// String lists what is not 0: "600 points: 590 complete, 10 waiting".
func (c Count) String() string {
	text, separator := fmt.Sprintf("%d points", c.Points), ": "
	for _, x := range []struct {
		n    int
		what Status
	}{{c.Complete, Complete}, {c.Truncated, Truncated}, {c.Failed, Failed}, {c.Running, Running}, {c.Waiting, Waiting}, {c.Damaged, Damaged}} {
		if x.n > 0 {
			text += fmt.Sprintf("%s%d %s", separator, x.n, x.what)
			separator = ", "
		}
	}
	return text
}

// Stand says how a point stands, with its result if there is one. Without a result it is running if somebody holds its lock.
func (s *Sweep) Stand(id string) (Status, *Result, error) {
	r, found, err := s.Result(id)
	switch {
	case errors.Is(err, ErrDamaged):
		return Damaged, nil, nil
	case err != nil:
		return "", nil, err
	case found && !s.Head.pending(r):
		return r.Status, r, nil
	}
	if _, running, err := run.HolderOf(s.pointFolder(id)); err != nil || running {
		return Running, r, err
	}
	return Waiting, r, nil
}

// Watch calls see for every point with how it stands, in the order of the indices; an error of see ends it.
func (s *Sweep) Watch(see func(*Point, Status, *Result) error) error {
	for p, err := range s.Points() {
		if err != nil {
			return err
		}
		status, r, err := s.Stand(p.ID)
		if err != nil {
			return err
		}
		if err := see(p, status, r); err != nil {
			return err
		}
	}
	return nil
}

// Count counts the points by how they stand.
func (s *Sweep) Count() (Count, error) {
	var c Count
	err := s.Watch(func(_ *Point, status Status, _ *Result) error { c.Add(status); return nil })
	return c, err
}

// Left lists the indices of points that have something left to compute: those that wait, and those that somebody computes.
func (s *Sweep) Left() ([]int, error) {
	var left []int
	for p, err := range s.Points() {
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(s.pointFolder(p.ID), resultName)); err == nil {
			if r, _, err := s.Result(p.ID); err == nil && !s.Head.pending(r) {
				continue
			}
		}
		left = append(left, p.Index)
	}
	return left, nil
}

// Again asks to have points computed again (those that failed) or on (those that were truncated), and returns how many.
// chosen says which; nil means all of the statuses.
func (s *Sweep) Again(statuses []Status, chosen func(*Point) bool) (n int, err error) {
	wanted := map[Status]bool{}
	for _, x := range statuses {
		wanted[x] = true
	}
	err = s.Watch(func(p *Point, status Status, r *Result) error {
		if r == nil || r.Again || !wanted[status] || chosen != nil && !chosen(p) {
			return nil
		}
		lock, err := run.Acquire(s.pointFolder(p.ID))
		if errors.Is(err, run.ErrLocked) {
			return nil // somebody is at it already
		}
		if err != nil {
			return err
		}
		defer lock.Release()
		r.Again = true
		n++
		return s.Store(r)
	})
	return n, err
}
