package crn

import (
	"fmt"
	"math"
)

// value is a part of a formula with its names looked up: a number that is known, or a function.
type value struct {
	known  bool
	number float64
	eval   func(x []int32, t float64) float64
}

func number(v float64) value { return value{known: true, number: v} }

// check says what is wrong with the shape of f, "" if nothing is.
func (f Formula) check() string {
	least, most, known := f.Op.arity()
	n := len(f.Args)
	switch {
	case !known:
		return fmt.Sprintf("unknown operation %q: use one of the Op constants", f.Op)
	case most < 0 && n < least:
		return fmt.Sprintf("%s takes %d or more arguments, not %d", f.Op, least, n)
	case most >= 0 && (n < least || n > most):
		return fmt.Sprintf("%s takes %d arguments, not %d", f.Op, least, n)
	case f.Op == OpNumber && (math.IsNaN(f.Value) || math.IsInf(f.Value, 0)):
		return fmt.Sprintf("the number %v: use finite ones", f.Value)
	}
	return ""
}

// resolver gives the meaning of a name.
type resolver func(name string) (value, error)

// compile looks up the names and turns f into a tree of functions; parts that do not depend on the state become numbers.
func (f Formula) compile(names resolver) (value, error) {
	if reason := f.check(); reason != "" {
		return value{}, fmt.Errorf("%w: %s", ErrFormula, reason)
	}
	switch f.Op {
	case OpNumber:
		return number(f.Value), nil
	case OpName:
		return names(f.Name)
	case OpTime:
		return value{eval: func(_ []int32, t float64) float64 { return t }}, nil
	}
	args := make([]value, len(f.Args))
	constant := true
	for i, a := range f.Args {
		var err error
		if args[i], err = a.compile(names); err != nil {
			return value{}, err
		}
		constant = constant && args[i].known
	}
	if constant {
		parts := make([]func([]int32, float64) float64, len(args))
		for i, a := range args {
			parts[i] = a.function()
		}
		return number(f.Op.join(parts)(nil, 0)), nil
	}
	if fast := f.Op.joinNumber(args); fast != nil {
		return value{eval: fast}, nil
	}
	parts := make([]func([]int32, float64) float64, len(args))
	for i, a := range args {
		parts[i] = a.function()
	}
	return value{eval: f.Op.join(parts)}, nil
}

func (v value) function() func([]int32, float64) float64 {
	if !v.known {
		return v.eval
	}
	n := v.number
	return func([]int32, float64) float64 { return n }
}

// joinNumber is a shorter way for two operands of which one is a number; nil if there is none.
func (o Op) joinNumber(args []value) func(x []int32, t float64) float64 {
	if len(args) != 2 || args[0].known == args[1].known {
		return nil
	}
	n, f := args[0].number, args[1].eval
	if args[1].known {
		n, f = args[1].number, args[0].eval
	}
	switch {
	case o == OpMultiply:
		return func(x []int32, t float64) float64 { return n * f(x, t) }
	case o == OpAdd:
		return func(x []int32, t float64) float64 { return n + f(x, t) }
	case o == OpDivide && args[1].known:
		return func(x []int32, t float64) float64 { return f(x, t) / n }
	case o == OpPower && args[1].known && n == 2:
		return func(x []int32, t float64) float64 { v := f(x, t); return v * v }
	}
	return nil
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// factorial is Γ(v + 1), NaN below 0; of whole numbers it is whole.
func factorial(v float64) float64 {
	if v < 0 {
		return math.NaN()
	}
	f := math.Gamma(v + 1)
	if v == math.Trunc(v) {
		f = math.Round(f)
	}
	return f
}

// unary are the operations on one number.
func (o Op) unary() func(float64) float64 {
	switch o {
	case OpExp:
		return math.Exp
	case OpLn:
		return math.Log
	case OpLog10:
		return math.Log10
	case OpSqrt:
		return math.Sqrt
	case OpAbs:
		return math.Abs
	case OpFloor:
		return math.Floor
	case OpCeil:
		return math.Ceil
	case OpSin:
		return math.Sin
	case OpCos:
		return math.Cos
	case OpTan:
		return math.Tan
	case OpAsin:
		return math.Asin
	case OpAcos:
		return math.Acos
	case OpAtan:
		return math.Atan
	case OpSinh:
		return math.Sinh
	case OpCosh:
		return math.Cosh
	case OpTanh:
		return math.Tanh
	case OpAsinh:
		return math.Asinh
	case OpAcosh:
		return math.Acosh
	case OpAtanh:
		return math.Atanh
	case OpFactorial:
		return factorial
	case OpNegate:
		return func(v float64) float64 { return -v }
	case OpNot:
		return func(v float64) float64 { return truth(v == 0) }
	}
	return nil
}

// binary are the operations on two numbers, and those that chains fold from the left.
func (o Op) binary() (f func(a, b float64) float64, start float64) {
	switch o {
	case OpAdd:
		return func(a, b float64) float64 { return a + b }, 0
	case OpMultiply:
		return func(a, b float64) float64 { return a * b }, 1
	case OpDivide:
		return func(a, b float64) float64 { return a / b }, 0
	case OpPower:
		return math.Pow, 0
	case OpRem:
		return math.Mod, 0
	case OpQuotient:
		return func(a, b float64) float64 { return math.Round((a - math.Mod(a, b)) / b) }, 0
	case OpMin:
		return math.Min, math.Inf(1)
	case OpMax:
		return math.Max, math.Inf(-1)
	case OpLess:
		return func(a, b float64) float64 { return truth(a < b) }, 0
	case OpLessEq:
		return func(a, b float64) float64 { return truth(a <= b) }, 0
	case OpGreater:
		return func(a, b float64) float64 { return truth(a > b) }, 0
	case OpGreaterEq:
		return func(a, b float64) float64 { return truth(a >= b) }, 0
	case OpEqual:
		return func(a, b float64) float64 { return truth(a == b) }, 0
	case OpNotEqual:
		return func(a, b float64) float64 { return truth(a != b) }, 0
	case OpXor:
		return func(a, b float64) float64 { return truth((a != 0) != (b != 0)) }, 0
	}
	return nil, 0
}

// join is the operation on the values of its operands. Piecewise, && and || look no further than they need to.
func (o Op) join(args []func([]int32, float64) float64) func(x []int32, t float64) float64 {
	if g := o.unary(); g != nil {
		f := args[0]
		return func(x []int32, t float64) float64 { return g(f(x, t)) }
	}
	if o == OpPiecewise {
		return func(x []int32, t float64) float64 {
			i := 0
			for ; i+1 < len(args); i += 2 {
				if args[i+1](x, t) != 0 {
					break
				}
			}
			if i == len(args) {
				return math.NaN()
			}
			return args[i](x, t)
		}
	}
	if o == OpAnd || o == OpOr {
		stop := o == OpOr
		return func(x []int32, t float64) float64 {
			for _, f := range args {
				if (f(x, t) != 0) == stop {
					return truth(stop)
				}
			}
			return truth(!stop)
		}
	}
	g, start := o.binary()
	if len(args) == 2 && o != OpXor {
		f, h := args[0], args[1]
		switch o { // the usual ones without a call in between
		case OpAdd:
			return func(x []int32, t float64) float64 { return f(x, t) + h(x, t) }
		case OpMultiply:
			return func(x []int32, t float64) float64 { return f(x, t) * h(x, t) }
		}
		return func(x []int32, t float64) float64 { return g(f(x, t), h(x, t)) }
	}
	return func(x []int32, t float64) float64 {
		v := start
		for _, f := range args {
			v = g(v, f(x, t))
		}
		return v
	}
}

// Evaluate returns f with the given meaning of its names.
func (f Formula) Evaluate(names func(name string) (float64, error), t float64) (float64, error) {
	v, err := f.compile(func(name string) (value, error) {
		n, err := names(name)
		return number(n), err
	})
	if err != nil {
		return 0, err
	}
	return v.function()(nil, t), nil
}

// resolver looks up what a formula of the network may name. used collects the species.
func (n *Network) resolver(used map[int]bool) resolver {
	return func(name string) (value, error) {
		s, unknown := n.SpeciesIndex(name)
		p, missing := n.ParameterIndex(name)
		switch {
		case unknown != nil && missing != nil:
			return value{}, fmt.Errorf("%w; it is no parameter either: %w", unknown, missing)
		case unknown == nil && missing == nil:
			return value{}, fmt.Errorf("%w: %q is a species and a parameter: rename one", ErrDuplicate, name)
		case unknown != nil:
			return number(n.Parameters[p].Value), nil
		}
		used[s] = true
		return value{eval: func(x []int32, _ float64) float64 { return float64(x[s]) }}, nil
	}
}

// Function looks up the names of f in the network and returns it as a function of state and time. It is pure and bears
// concurrent calls. Its value may be anything, NaN as well: callers check it.
func (f Formula) Function(n *Network) (func(x []int32, t float64) float64, error) {
	v, err := f.compile(n.resolver(map[int]bool{}))
	if err != nil {
		return nil, err
	}
	return v.function(), nil
}
