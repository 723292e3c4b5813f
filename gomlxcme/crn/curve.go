package crn

import "math"

// curve is the difference of the sides of a comparison that is not linear in time. The first time at which its sign changes
// is found by spans: windows in which the span does not hold 0 are passed over, others are halved down to a length of about
// 1e-11 of the time, and a change inside is then bisected to the last bit. So no change is missed, but those that are taken
// back within such a length, and those where the spans cannot tell the curve from 0 for long.
type curve struct {
	eval   func(x []int32, t float64) float64
	bounds bounded
}

// most evaluations of one search; what is left is searched later.
const mostSpans = 2000

// grain is the length within which two changes of sign are not told apart.
func grain(t float64) float64 { return max(1e-11*math.Abs(t), 1e-20) }

// sign is that of the curve at t, or where after is set of the place one grain later, where it has left a root at t.
func (c curve) sign(x []int32, t float64, after bool) float64 {
	if after {
		t += grain(t)
	}
	v := c.eval(x, t)
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v // 0 or NaN
}

// next is the first time after `at` at which the sign changes, or an earlier time up to which it does not; +Inf if it never
// does.
func (c curve) next(x []int32, at float64) float64 {
	now := c.sign(x, at, true)
	t := at + grain(at)
	if c.constant(x, t, math.Inf(1)) {
		return math.Inf(1)
	}
	window, skip := 1.0, 0.0
	for range mostSpans {
		switch end := t + window; {
		case c.constant(x, t, end):
			t, window, skip = end, 2*window, 0
		case window > max(grain(t), skip):
			window /= 2
		default:
			if math.Float64bits(c.sign(x, end, false)) != math.Float64bits(now) {
				return c.bisect(x, t, end, now)
			}
			t, skip = end, 2*window // as good as 0 for longer and longer
			window = skip
		}
	}
	return t
}

// constant reports whether the sign is the same from t0 to t1 for certain.
func (c curve) constant(x []int32, t0, t1 float64) bool {
	s := c.bounds(x, t0, t1)
	return s.low > 0 || s.high < 0 || (s.low == 0 && s.high == 0)
}

// bisect finds the change of sign between two times.
func (c curve) bisect(x []int32, t0, t1, now float64) float64 {
	for {
		middle := t0 + (t1-t0)/2
		if middle <= t0 || middle >= t1 {
			return t1
		}
		if math.Float64bits(c.sign(x, middle, false)) == math.Float64bits(now) {
			t0 = middle
		} else {
			t1 = middle
		}
	}
}
