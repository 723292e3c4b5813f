package rareevents

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
)

// Points are estimates as signs, with bars up to the upper ends of their intervals.
func Points(label string, x []float64, list []rare.Estimate) kernelext.Series {
	s := Line(label, x, list)
	s.Points = true
	for _, e := range list {
		s.Bars = append(s.Bars, max(0, e.High-e.Value))
	}
	return s
}

// Line is estimates as a line, without their intervals.
func Line(label string, x []float64, list []rare.Estimate) kernelext.Series {
	s := kernelext.Series{Label: label, X: x}
	for _, e := range list {
		s.Y = append(s.Y, e.Value)
	}
	return s
}

// Survival is a survival curve: a line, or signs with bars of two standard errors where it was drawn.
func Survival(label string, curve []rare.Survival) kernelext.Series {
	s := kernelext.Series{Label: label}
	for _, v := range curve {
		s.X, s.Y, s.Bars = append(s.X, v.Time), append(s.Y, v.Value), append(s.Bars, 2*v.SE)
		s.Points = s.Points || v.SE > 0
	}
	return s
}

// Cost is what kernelext.Run has recorded of a job that is done: processor seconds, and the effective number of states and the tail
// index of the weights in the last step of a network.
type Cost struct {
	CPU, Effective, Tail float64
}

// CostOf reads the record of a job in a folder.
func CostOf(folder string, job kernelext.Job) (c Cost, err error) {
	dir, err := kernelext.Dir(folder, job)
	if err != nil {
		return c, err
	}
	r, err := run.ReadRecord(dir)
	if err != nil {
		return c, err
	}
	if r.Status != run.Complete || len(r.Times) == 0 {
		return c, fmt.Errorf("%w: the run in %s is not complete", kernelext.ErrNothing, dir)
	}
	last := r.Times[len(r.Times)-1].Diagnostics
	c.CPU = r.CPUSeconds
	c.Effective, _ = last.Get("ess")
	c.Tail, _ = last.Get("tail")
	return c, nil
}
