package crn

import "math"

// DependsOnTime reports whether a_k depends on t itself.
func (c *Compiled) DependsOnTime(k int) bool { return c.reactions[k].timed }

// HasCeilings reports whether Ceiling is finite for every reaction: all rates that depend on time offer a bound.
func (c *Compiled) HasCeilings() bool {
	for _, r := range c.reactions {
		if r.timed && r.ceiling == nil {
			return false
		}
	}
	return true
}

// Ceiling returns a number that a_k(x, t) does not exceed for any t from t0 to t1, which may be +Inf; it is a_k itself if that does
// not depend on time, and +Inf where the rate offers no bound.
func (c *Compiled) Ceiling(k int, x []int32, t0, t1 float64) float64 {
	r := &c.reactions[k]
	if !r.timed {
		return c.Propensity(k, x, t0)
	}
	if !c.inside(r, x) {
		return 0
	}
	if r.ceiling == nil {
		return math.Inf(1)
	}
	top := compiled{function: func(x []int32, _ float64) float64 { return r.ceiling(x, t0, t1) },
		term0: r.term0, term1: r.term1, mask0: r.mask0, mask1: r.mask1, anyOrderAboveOne: r.anyOrderAboveOne}
	return c.free(&top, x, t0)
}

// inside reports whether source and target lie inside the box in the species that the reaction changes.
func (c *Compiled) inside(r *compiled, x []int32) bool {
	for _, l := range c.limits[r.limit0:r.limit1] {
		if n := x[l.species]; n < l.low || n > l.high {
			return false
		}
	}
	return true
}
