package crn

import (
	"fmt"
	"math"
)

// span is a range of values.
type span struct{ low, high float64 }

var everything = span{math.Inf(-1), math.Inf(1)}

// bounded gives a span that holds all values of a formula in state x for times from t0 to t1, up to rounding (R. E. Moore,
// Interval Analysis, 1966). It may be wider than need be.
type bounded func(x []int32, t0, t1 float64) span

// bounds compiles a formula into its span.
func (c *triggerCompiler) bounds(f Formula) (bounded, error) {
	if !f.timed() {
		v, err := f.compile(c.names)
		if err != nil {
			return nil, err
		}
		eval := v.function()
		return func(x []int32, t0, _ float64) span { v := eval(x, t0); return span{v, v}.orAll() }, nil
	}
	if f.Op == OpTime {
		return func(_ []int32, t0, t1 float64) span { return span{t0, t1} }, nil
	}
	args := make([]bounded, len(f.Args))
	for i, a := range f.Args {
		var err error
		if args[i], err = c.bounds(a); err != nil {
			return nil, err
		}
	}
	join := f.Op.span()
	if join == nil {
		return nil, fmt.Errorf("%w: %s of something that depends on time cannot be followed in a trigger", ErrEvent, f.Op)
	}
	return func(x []int32, t0, t1 float64) span {
		spans := make([]span, len(args))
		for i, a := range args {
			spans[i] = a(x, t0, t1)
			if spans[i] == everything && f.Op != OpPiecewise { // it may be no number at all
				return everything
			}
		}
		return join(spans).orAll()
	}, nil
}

// orAll is everything where the span is no span.
func (s span) orAll() span {
	if s.low <= s.high {
		return s
	}
	return everything
}

// hull is the span of numbers, everything if one is no number.
func hull(values ...float64) span {
	out := span{math.Inf(1), math.Inf(-1)}
	for _, v := range values {
		if math.IsNaN(v) {
			return everything
		}
		out = span{min(out.low, v), max(out.high, v)}
	}
	return out
}

// span is the operation on spans; nil if there is none.
func (o Op) span() func([]span) span {
	switch o {
	case OpAdd, OpMultiply, OpMin, OpMax, OpDivide:
		pair, _ := o.binary()
		return func(s []span) span {
			out := s[0]
			for _, v := range s[1:] {
				if o == OpDivide && v.low <= 0 && v.high >= 0 {
					return everything
				}
				out = hull(pair(out.low, v.low), pair(out.low, v.high), pair(out.high, v.low), pair(out.high, v.high))
			}
			return out
		}
	case OpNegate:
		return func(s []span) span { return span{-s[0].high, -s[0].low} }
	case OpExp, OpLn, OpLog10, OpSqrt, OpFloor, OpCeil, OpAsin, OpAcos, OpAtan, OpSinh, OpTanh, OpAsinh, OpAcosh, OpAtanh: // they rise or fall all the way
		g := o.unary()
		return func(s []span) span { return hull(g(s[0].low), g(s[0].high)) }
	case OpAbs, OpCosh: // least at 0
		g := o.unary()
		return func(s []span) span {
			out := hull(g(s[0].low), g(s[0].high))
			if s[0].low < 0 && s[0].high > 0 {
				out.low = g(0)
			}
			return out
		}
	case OpSin:
		return func(s []span) span { return s[0].wave(math.Sin, math.Pi/2) }
	case OpCos:
		return func(s []span) span { return s[0].wave(math.Cos, 0) }
	case OpTan:
		return func(s []span) span {
			if math.Floor(s[0].low/math.Pi+0.5) != math.Floor(s[0].high/math.Pi+0.5) {
				return everything
			}
			return hull(math.Tan(s[0].low), math.Tan(s[0].high))
		}
	case OpPower:
		return func(s []span) span { return s[0].power(s[1]) }
	case OpRem:
		return func(s []span) span { return s[0].rest(s[1]) }
	case OpPiecewise:
		return func(s []span) span {
			out := span{math.Inf(1), math.Inf(-1)}
			for i := 0; i < len(s); i += 2 { // any of the values may hold whose condition may
				if i+1 < len(s) && s[i+1].never() {
					continue
				}
				out = span{min(out.low, s[i].low), max(out.high, s[i].high)}
				if i+1 < len(s) && s[i+1].always() {
					break
				}
			}
			return out
		}
	case OpLess, OpLessEq, OpGreater, OpGreaterEq:
		holds, _ := o.binary()
		return func(s []span) span { // certain if it is the same for all corners
			return hull(holds(s[0].low, s[1].high), holds(s[0].high, s[1].low))
		}
	case OpAnd, OpOr:
		return func(s []span) span {
			all, none := true, true
			for _, v := range s {
				all, none = all && v.always(), none && v.never()
				if o == OpAnd && v.never() {
					return span{0, 0}
				}
				if o == OpOr && v.always() {
					return span{1, 1}
				}
			}
			return hull(truth(all), truth(!none))
		}
	case OpNot:
		return func(s []span) span { return span{truth(s[0].never()), truth(!s[0].always())} }
	case OpEqual, OpNotEqual, OpXor:
		return func([]span) span { return span{0, 1} }
	}
	return nil
}

// always and never tell what is certain of a condition.
func (s span) always() bool { return s.low > 0 || s.high < 0 }
func (s span) never() bool  { return s.low == 0 && s.high == 0 }

// largestPhase is the argument above which it is not worked out where in its period a wave is: rounding would show.
const largestPhase = 1e6

// wave is a sine or cosine with a crest at the given place: it looks whether crests or troughs lie inside.
func (s span) wave(f func(float64) float64, crest float64) span {
	switch {
	case s.low == s.high:
		return hull(f(s.low))
	case max(-s.low, s.high) > largestPhase:
		return span{-1, 1}
	}
	out := hull(f(s.low), f(s.high))
	inside := func(place float64) bool {
		return math.Ceil((s.low-place)/(2*math.Pi)-1e-9) <= math.Floor((s.high-place)/(2*math.Pi)+1e-9)
	}
	if inside(crest) {
		out.high = 1
	}
	if inside(crest + math.Pi) {
		out.low = -1
	}
	return out
}

// power is s^e: for a positive base it is greatest and least at corners, and so it is for whole exponents but for 0 inside.
func (s span) power(e span) span {
	corners := hull(math.Pow(s.low, e.low), math.Pow(s.low, e.high), math.Pow(s.high, e.low), math.Pow(s.high, e.high))
	switch {
	case s.low > 0:
		return corners
	case e.low == e.high && e.low > 0 && e.low == math.Trunc(e.low):
		if s.low < 0 && s.high > 0 {
			corners.low = min(corners.low, 0)
		}
		return corners
	}
	return everything
}

// rest is the rest of a division by one number.
func (s span) rest(by span) span {
	size := math.Abs(by.low)
	if by.low != by.high || size == 0 {
		return everything
	}
	if math.Trunc(s.low/size) == math.Trunc(s.high/size) && s.low*s.high >= 0 {
		if out := hull(math.Mod(s.low, size), math.Mod(s.high, size)); out.low != -out.high {
			return out
		}
	}
	out := span{-size, size}
	if s.low >= 0 {
		out.low = 0
	}
	if s.high <= 0 {
		out.high = 0
	}
	return out
}
