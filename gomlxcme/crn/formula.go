package crn

import "slices"

// Op is what a node of a Formula does.
type Op string

// The operations of a Formula. Truth is a number: 1 and 0 as results, and anything but 0 counts as true.
const (
	OpNumber    Op = "number"    // Value
	OpName      Op = "name"      // a species count or a parameter
	OpTime      Op = "time"      // t
	OpAdd       Op = "+"         // two or more terms
	OpMultiply  Op = "*"         // two or more factors
	OpDivide    Op = "/"         // two
	OpNegate    Op = "-"         // one
	OpPower     Op = "^"         // two
	OpExp       Op = "exp"       // one, like the next ones
	OpLn        Op = "ln"        //
	OpLog10     Op = "log10"     //
	OpSqrt      Op = "sqrt"      //
	OpAbs       Op = "abs"       //
	OpFloor     Op = "floor"     //
	OpCeil      Op = "ceil"      //
	OpSin       Op = "sin"       //
	OpCos       Op = "cos"       //
	OpTan       Op = "tan"       //
	OpAsin      Op = "asin"      //
	OpAcos      Op = "acos"      //
	OpAtan      Op = "atan"      //
	OpSinh      Op = "sinh"      //
	OpCosh      Op = "cosh"      //
	OpTanh      Op = "tanh"      //
	OpAsinh     Op = "asinh"     //
	OpAcosh     Op = "acosh"     //
	OpAtanh     Op = "atanh"     //
	OpFactorial Op = "factorial" // Γ(a + 1), of 0 and above
	OpRem       Op = "rem"       // two: the rest of a division, with the sign of the first, like the next one
	OpQuotient  Op = "quotient"  // the whole part of a division, cut towards 0
	OpMin       Op = "min"       // one or more, like the next one
	OpMax       Op = "max"       //
	OpPiecewise Op = "piecewise" // value, condition, value, condition, …, and the value if none holds; without it that is no number (NaN)
	OpLess      Op = "<"         // two, like the next ones
	OpLessEq    Op = "<="        //
	OpGreater   Op = ">"         //
	OpGreaterEq Op = ">="        //
	OpEqual     Op = "=="        //
	OpNotEqual  Op = "!="        //
	OpAnd       Op = "&&"        // two or more, like the next one
	OpOr        Op = "||"        //
	OpXor       Op = "xor"       // one or more: true if an odd number of them is
	OpNot       Op = "!"         // one
)

// Formula is an expression tree over species, parameters and time, as plain data. ParseFormula reads one; literals and the
// functions Num, Name and Apply build one.
type Formula struct {
	Op    Op
	Value float64   // of OpNumber
	Name  string    // of OpName
	Args  []Formula // of the others
}

// Num is a number.
func Num(v float64) Formula { return Formula{Op: OpNumber, Value: v} }

// Name is the count of a species or the value of a parameter.
func Name(name string) Formula { return Formula{Op: OpName, Name: name} }

// Apply is an operation on other formulas.
func Apply(op Op, args ...Formula) Formula { return Formula{Op: op, Args: args} }

// Walk calls visit for f and everything below it, parents first.
func (f Formula) Walk(visit func(Formula)) {
	visit(f)
	for _, a := range f.Args {
		a.Walk(visit)
	}
}

// Names lists the names in f, sorted, each once.
func (f Formula) Names() []string {
	var names []string
	f.Walk(func(g Formula) {
		if g.Op == OpName {
			names = append(names, g.Name)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// Replace returns f with every name for which with has an answer replaced by it.
func (f Formula) Replace(with func(name string) (Formula, bool)) Formula {
	if f.Op == OpName {
		if g, ok := with(f.Name); ok {
			return g
		}
		return f
	}
	if len(f.Args) == 0 {
		return f
	}
	args := make([]Formula, len(f.Args))
	for i, a := range f.Args {
		args[i] = a.Replace(with)
	}
	f.Args = args
	return f
}

// arity is the least and the largest number of arguments of an operation, -1 for no limit.
func (o Op) arity() (least, most int, known bool) {
	switch o {
	case OpNumber, OpName, OpTime:
		return 0, 0, true
	case OpAdd, OpMultiply, OpAnd, OpOr:
		return 2, -1, true
	case OpXor, OpMin, OpMax, OpPiecewise:
		return 1, -1, true
	case OpDivide, OpPower, OpRem, OpQuotient, OpLess, OpLessEq, OpGreater, OpGreaterEq, OpEqual, OpNotEqual:
		return 2, 2, true
	case OpNegate, OpNot:
		return 1, 1, true
	}
	if o.unary() != nil {
		return 1, 1, true
	}
	return 0, 0, false
}

// functions are the operations that are written as name(…), but for time().
var functions = []Op{OpAbs, OpAcos, OpAcosh, OpAsin, OpAsinh, OpAtan, OpAtanh, OpCeil, OpCos, OpCosh, OpExp, OpFactorial, OpFloor, OpLn, OpLog10,
	OpMax, OpMin, OpPiecewise, OpQuotient, OpRem, OpSin, OpSinh, OpSqrt, OpTan, OpTanh, OpXor}

// isFunction reports whether the operation is written as name(…).
func (o Op) isFunction() bool { return slices.Contains(functions, o) }
