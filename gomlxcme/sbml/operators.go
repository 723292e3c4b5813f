package sbml

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// operators are the MathML operators that mean one operation of formulas.
var operators = map[string]crn.Op{
	"plus": crn.OpAdd, "times": crn.OpMultiply, "divide": crn.OpDivide, "power": crn.OpPower, "exp": crn.OpExp, "ln": crn.OpLn,
	"abs": crn.OpAbs, "floor": crn.OpFloor, "ceiling": crn.OpCeil, "factorial": crn.OpFactorial, "rem": crn.OpRem, "quotient": crn.OpQuotient,
	"sin": crn.OpSin, "cos": crn.OpCos, "tan": crn.OpTan, "arcsin": crn.OpAsin, "arccos": crn.OpAcos, "arctan": crn.OpAtan,
	"sinh": crn.OpSinh, "cosh": crn.OpCosh, "tanh": crn.OpTanh, "arcsinh": crn.OpAsinh, "arccosh": crn.OpAcosh, "arctanh": crn.OpAtanh,
	"min": crn.OpMin, "max": crn.OpMax, "lt": crn.OpLess, "leq": crn.OpLessEq, "gt": crn.OpGreater, "geq": crn.OpGreaterEq,
	"eq": crn.OpEqual, "neq": crn.OpNotEqual, "and": crn.OpAnd, "or": crn.OpOr, "xor": crn.OpXor, "not": crn.OpNot,
}

// reciprocals are the operators that are 1 over an operation.
var reciprocals = map[string]crn.Op{
	"sec": crn.OpCos, "csc": crn.OpSin, "cot": crn.OpTan, "sech": crn.OpCosh, "csch": crn.OpSinh, "coth": crn.OpTanh,
}

// ofReciprocals are the operators that are an operation of 1 over the argument.
var ofReciprocals = map[string]crn.Op{
	"arcsec": crn.OpAcos, "arccsc": crn.OpAsin, "arccot": crn.OpAtan, "arcsech": crn.OpAcosh, "arccsch": crn.OpAsinh, "arccoth": crn.OpAtanh,
}

func inverse(f crn.Formula) crn.Formula { return crn.Apply(crn.OpDivide, crn.Num(1), f) }

// application is an apply element that was taken apart.
type application struct {
	head      *element
	args      []crn.Formula
	qualifier *crn.Formula // of degree or logbase
}

func (f *formulas) apply(e *element) (crn.Formula, error) {
	if len(e.children) == 0 {
		return crn.Formula{}, e.refuse(ErrInvalid, "an empty apply")
	}
	a := application{head: e.children[0]}
	if a.head.name == "csymbol" { // delay, rateOf, or a symbol that is no function
		if _, err := symbol(a.head); err != nil {
			return crn.Formula{}, err
		}
		return crn.Formula{}, a.head.refuse(ErrInvalid, "it is no function")
	}
	for _, c := range e.children[1:] {
		target := c
		if c.name == "degree" || c.name == "logbase" {
			if len(c.children) != 1 || a.qualifier != nil {
				return crn.Formula{}, c.refuse(ErrInvalid, "it must stand once, with one formula")
			}
			target = c.children[0]
		}
		g, err := f.read(target)
		if err != nil {
			return g, err
		}
		if target != c {
			a.qualifier = &g
			continue
		}
		a.args = append(a.args, g)
	}
	if a.head.name == "ci" {
		return f.call(a.head, a.args)
	}
	g, err := a.formula()
	if err == nil && g.Op == crn.OpAnd && a.head.name != "and" { // a chain of comparisons writes its middle twice
		err = f.grow(e, size(g))
	}
	return g, err
}

// formula is the operator applied to its arguments.
func (a *application) formula() (crn.Formula, error) {
	least, most := 1, 1 // arguments; −1 for any number
	switch a.head.name {
	case "plus", "times", "and", "or", "xor":
		least, most = 0, -1
	case "min", "max":
		most = -1
	case "lt", "leq", "gt", "geq", "eq":
		least, most = 2, -1
	case "minus":
		most = 2
	case "divide", "power", "neq", "implies", "rem", "quotient":
		least, most = 2, 2
	}
	switch n := len(a.args); {
	case !a.known():
		return crn.Formula{}, a.head.refuse(ErrUnsupported, "MathML operator %s", a.head.name)
	case n < least || (most >= 0 && n > most):
		return crn.Formula{}, a.head.refuse(ErrInvalid, "%s with %d arguments", a.head.name, n)
	}
	return a.build(), nil
}

func (a *application) known() bool {
	name := a.head.name
	_, plain := operators[name]
	_, over := reciprocals[name]
	_, of := ofReciprocals[name]
	return plain || over || of || name == "minus" || name == "implies" || name == "root" || name == "log"
}

func (a *application) build() crn.Formula {
	args, n := a.args, len(a.args)
	switch name := a.head.name; name {
	case "plus", "times", "and", "or", "xor": // any number, by MathML none as well
		neutral := map[string]float64{"plus": 0, "times": 1, "and": 1, "or": 0, "xor": 0}[name]
		switch {
		case n == 0:
			return crn.Num(neutral)
		case n == 1 && (name == "plus" || name == "times"):
			return args[0]
		case n == 1:
			return crn.Apply(crn.OpNotEqual, args[0], crn.Num(0))
		}
	case "minus":
		if n == 1 {
			return crn.Apply(crn.OpNegate, args[0])
		}
		return crn.Apply(crn.OpAdd, args[0], crn.Apply(crn.OpNegate, args[1]))
	case "implies":
		return crn.Apply(crn.OpOr, crn.Apply(crn.OpNot, args[0]), args[1])
	case "root":
		if a.qualifier == nil || numberOf(*a.qualifier) == 2 {
			return crn.Apply(crn.OpSqrt, args[0])
		}
		return crn.Apply(crn.OpPower, args[0], inverse(*a.qualifier))
	case "log":
		if a.qualifier == nil || numberOf(*a.qualifier) == 10 {
			return crn.Apply(crn.OpLog10, args[0])
		}
		return crn.Apply(crn.OpDivide, crn.Apply(crn.OpLn, args[0]), crn.Apply(crn.OpLn, *a.qualifier))
	case "lt", "leq", "gt", "geq", "eq": // a < b < c means a < b and b < c
		if n == 2 {
			break
		}
		links := make([]crn.Formula, n-1)
		for i := range links {
			links[i] = crn.Apply(operators[name], args[i], args[i+1])
		}
		return crn.Apply(crn.OpAnd, links...)
	}
	if op, ok := reciprocals[a.head.name]; ok {
		return inverse(crn.Apply(op, args[0]))
	}
	if op, ok := ofReciprocals[a.head.name]; ok {
		return crn.Apply(op, inverse(args[0]))
	}
	return crn.Apply(operators[a.head.name], args...)
}
