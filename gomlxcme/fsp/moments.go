package fsp

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// moments is a weighted sum of the propensities at a few times.
type moments []moment

type moment struct{ time, weight float64 }

// always are the propensities of a network without time.
var always = moments{{0, 1}}

func (m moments) propensity(c *crn.Compiled, k int, x []int32) float64 {
	sum := 0.0
	if c.DependsOnTime(k) {
		for _, e := range m {
			sum += e.weight * c.Propensity(k, x, e.time)
		}
		return sum
	}
	for _, e := range m {
		sum += e.weight
	}
	return sum * c.Propensity(k, x, 0)
}

func (m moments) blocked(c *crn.Compiled, x []int32) float64 {
	sum := 0.0
	for _, e := range m {
		sum += e.weight * c.Blocked(x, e.time)
	}
	return sum
}

// never reports whether reaction k can run in state x at no time. It may be wrong on the safe side, for rates that depend on time
// and offer no ceiling.
func never(c *crn.Compiled, k int, x []int32) bool {
	if c.DependsOnTime(k) {
		return c.Ceiling(k, x, 0, math.Inf(1)) == 0
	}
	return c.Propensity(k, x, 0) == 0
}
