package crn

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Trigger is the condition of an event. It is immutable and bears concurrent calls.
//
// A comparison of two sides that are linear in time is α(x) + β(x) t against 0. For a given state it switches at the root
// −α/β and nowhere else, so that the times at which a trigger may switch are known exactly. Truth at a time is taken from
// its place before, at or behind the root, not from the sum, which would be rounded. Other comparisons with time are curves.
type Trigger struct {
	root   condition
	lines  []line  // of the comparisons that are linear in time
	curves []curve // of those that depend on it otherwise
	reads  []int
}

// condition is a truth value; after asks for the limit from above in time.
type condition func(x []int32, t float64, after bool) bool

// line is α + β t for a given state.
type line struct {
	alpha, beta func(x []int32, t float64) float64
}

// root is the time at which the line crosses 0, NaN if it does not.
func (l line) root(x []int32) float64 {
	return -l.alpha(x, 0) / l.beta(x, 0) // of parallels ±Inf or NaN
}

// sign is −1, 0 or 1, and NaN where the line is no number.
func (l line) sign(x []int32, t float64, after bool) float64 {
	alpha, beta := l.alpha(x, 0), l.beta(x, 0)
	side := alpha
	if beta != 0 {
		root := -alpha / beta
		side = t - root
		if after && side == 0 {
			side = 1
		}
		if beta < 0 {
			side = -side
		}
	}
	switch {
	case side > 0:
		return 1
	case side < 0:
		return -1
	}
	return side // 0 or NaN
}

// Now is the value of the trigger at time t, and After its limit from above: "time() > 25" is false at 25 and true after it.
func (t *Trigger) Now(x []int32, at float64) bool { return t.root(x, at, false) }

// After is the value right after time t.
func (t *Trigger) After(x []int32, at float64) bool { return t.root(x, at, true) }

// Next is the first time after t at which a comparison switches in state x, or an earlier one up to which none does and from
// which to ask again; +Inf if none ever does.
func (t *Trigger) Next(x []int32, at float64) float64 {
	next := math.Inf(1)
	for _, l := range t.lines {
		if r := l.root(x); r > at && r < next {
			next = r
		}
	}
	for _, c := range t.curves {
		next = min(next, c.next(x, at))
	}
	return next
}

// Timed reports whether the trigger depends on time.
func (t *Trigger) Timed() bool { return len(t.lines)+len(t.curves) > 0 }

// Reads returns the species on which the trigger depends. It must not be written to.
func (t *Trigger) Reads() []int { return t.reads }

// triggerCompiler looks up names and collects the lines and curves.
type triggerCompiler struct {
	names  resolver
	lines  []line
	curves []curve
}

func (n *Network) trigger(f Formula) (*Trigger, error) {
	used := map[int]bool{}
	c := &triggerCompiler{names: n.resolver(used)}
	root, err := c.condition(f)
	if err != nil {
		return nil, fmt.Errorf("trigger: %w", err)
	}
	return &Trigger{root: root, lines: c.lines, curves: c.curves, reads: slices.Sorted(maps.Keys(used))}, nil
}

// timed reports whether the formula names time.
func (f Formula) timed() (yes bool) {
	f.Walk(func(g Formula) { yes = yes || g.Op == OpTime })
	return yes
}

func (c *triggerCompiler) condition(f Formula) (condition, error) {
	if reason := f.check(); reason != "" {
		return nil, fmt.Errorf("%w: %s", ErrFormula, reason)
	}
	if !f.timed() {
		return c.timeless(f)
	}
	switch f.Op {
	case OpLess, OpLessEq, OpGreater, OpGreaterEq, OpEqual, OpNotEqual:
		return c.comparison(f)
	case OpAnd, OpOr, OpXor, OpNot, OpPiecewise:
	default:
		return nil, fmt.Errorf("%w: %s depends on time and is no condition: compare it with something", ErrEvent, f)
	}
	parts := make([]condition, len(f.Args))
	for i, a := range f.Args {
		var err error
		if parts[i], err = c.condition(a); err != nil {
			return nil, err
		}
	}
	switch f.Op {
	case OpNot:
		return func(x []int32, t float64, after bool) bool { return !parts[0](x, t, after) }, nil
	case OpXor:
		return func(x []int32, t float64, after bool) bool {
			odd := false
			for _, p := range parts {
				odd = odd != p(x, t, after)
			}
			return odd
		}, nil
	case OpPiecewise:
		return func(x []int32, t float64, after bool) bool {
			i := 0
			for ; i+1 < len(parts) && !parts[i+1](x, t, after); i += 2 {
			}
			return i < len(parts) && parts[i](x, t, after)
		}, nil
	}
	stop := f.Op == OpOr
	return func(x []int32, t float64, after bool) bool {
		for _, p := range parts {
			if p(x, t, after) == stop {
				return stop
			}
		}
		return !stop
	}, nil
}

// timeless is any formula without time: all but 0 is true, and what is no number is false.
func (c *triggerCompiler) timeless(f Formula) (condition, error) {
	v, err := f.compile(c.names)
	if err != nil {
		return nil, err
	}
	eval := v.function()
	return func(x []int32, t float64, _ bool) bool {
		n := eval(x, t)
		return n != 0 && !math.IsNaN(n)
	}, nil
}

func (c *triggerCompiler) comparison(f Formula) (condition, error) {
	holds, _ := f.Op.binary()
	difference := Apply(OpAdd, f.Args[0], Apply(OpNegate, f.Args[1]))
	alpha, beta, err := c.linear(difference)
	if err != nil {
		if f.Op == OpEqual || f.Op == OpNotEqual {
			return nil, fmt.Errorf("%w: the times at which %s holds are points that cannot be found: use < or > instead", err, f)
		}
		return c.curve(difference, holds)
	}
	l := line{}
	for _, part := range []struct {
		f  Formula
		to *func([]int32, float64) float64
	}{{alpha, &l.alpha}, {beta, &l.beta}} {
		v, err := part.f.compile(c.names)
		if err != nil {
			return nil, err
		}
		*part.to = v.function()
	}
	c.lines = append(c.lines, l)
	return func(x []int32, t float64, after bool) bool { return holds(l.sign(x, t, after), 0) != 0 }, nil
}

func (c *triggerCompiler) curve(difference Formula, holds func(a, b float64) float64) (condition, error) {
	v, err := difference.compile(c.names)
	if err != nil {
		return nil, err
	}
	out := curve{eval: v.function()}
	if out.bounds, err = c.bounds(difference); err != nil {
		return nil, err
	}
	c.curves = append(c.curves, out)
	return func(x []int32, t float64, after bool) bool { return holds(out.sign(x, t, after), 0) != 0 }, nil
}

// linear takes f apart into α + β t.
func (c *triggerCompiler) linear(f Formula) (alpha, beta Formula, err error) {
	if !f.timed() {
		return f, Num(0), nil
	}
	switch f.Op {
	case OpTime:
		return Num(0), Num(1), nil
	case OpNegate:
		alpha, beta, err = c.linear(f.Args[0])
		return Apply(OpNegate, alpha), Apply(OpNegate, beta), err
	case OpAdd:
		var alphas, betas []Formula
		for _, a := range f.Args {
			if alpha, beta, err = c.linear(a); err != nil {
				return f, f, err
			}
			alphas, betas = append(alphas, alpha), append(betas, beta)
		}
		return Apply(OpAdd, alphas...), Apply(OpAdd, betas...), nil
	case OpMultiply:
		i := slices.IndexFunc(f.Args, Formula.timed)
		if slices.IndexFunc(f.Args[i+1:], Formula.timed) < 0 {
			if alpha, beta, err = c.linear(f.Args[i]); err != nil {
				return f, f, err
			}
			with := func(g Formula) Formula {
				args := slices.Clone(f.Args)
				args[i] = g
				return Apply(OpMultiply, args...)
			}
			return with(alpha), with(beta), nil
		}
	case OpDivide:
		if !f.Args[1].timed() {
			if alpha, beta, err = c.linear(f.Args[0]); err != nil {
				return f, f, err
			}
			return Apply(OpDivide, alpha, f.Args[1]), Apply(OpDivide, beta, f.Args[1]), nil
		}
	}
	return f, f, fmt.Errorf("%w: %s is not linear in time", ErrEvent, f)
}
