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
	OpMin       Op = "min"       // one or more, like the next one
	OpMax       Op = "max"       //
	OpPiecewise Op = "piecewise" // value, condition, value, condition, …, and the value if none holds
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
	case OpDivide, OpPower, OpLess, OpLessEq, OpGreater, OpGreaterEq, OpEqual, OpNotEqual:
		return 2, 2, true
	case OpNegate, OpNot, OpExp, OpLn, OpLog10, OpSqrt, OpAbs, OpFloor, OpCeil, OpSin, OpCos, OpTan:
		return 1, 1, true
	}
	return 0, 0, false
}

// isFunction reports whether the operation is written as name(…).
func (o Op) isFunction() bool {
	switch o {
	case OpExp, OpLn, OpLog10, OpSqrt, OpAbs, OpFloor, OpCeil, OpSin, OpCos, OpTan, OpMin, OpMax, OpPiecewise, OpXor:
		return true
	}
	return false
}
