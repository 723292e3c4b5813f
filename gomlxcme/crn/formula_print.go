package crn

import (
	"math"
	"strconv"
	"strings"
)

// How tightly operations bind, the loosest first.
const (
	bindOr = iota
	bindAnd
	bindCompare
	bindAdd
	bindMultiply
	bindUnary
	bindPower
	bindAtom
)

// String writes f so that ParseFormula reads it back, with no more parentheses than it needs. Time is time().
func (f Formula) String() string {
	var b strings.Builder
	f.write(&b, bindOr)
	return b.String()
}

func (f Formula) binding() int {
	switch f.Op {
	case OpOr:
		return bindOr
	case OpAnd:
		return bindAnd
	case OpLess, OpLessEq, OpGreater, OpGreaterEq, OpEqual, OpNotEqual:
		return bindCompare
	case OpAdd:
		return bindAdd
	case OpMultiply, OpDivide:
		return bindMultiply
	case OpNegate, OpNot:
		return bindUnary
	case OpPower:
		return bindPower
	case OpNumber:
		if math.Signbit(f.Value) {
			return bindUnary
		}
	}
	return bindAtom
}

// write writes f as an operand of something that binds as tightly as outer.
func (f Formula) write(b *strings.Builder, outer int) {
	own := f.binding()
	if own < outer {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch {
	case f.Op == OpNumber:
		b.WriteString(strconv.FormatFloat(f.Value, 'g', -1, 64))
	case f.Op == OpName:
		b.WriteString(f.Name)
	case f.Op == OpTime:
		b.WriteString("time()")
	case f.Op.isFunction():
		b.WriteString(string(f.Op))
		b.WriteByte('(')
		for i, a := range f.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			a.write(b, bindOr)
		}
		b.WriteByte(')')
	case own == bindUnary:
		b.WriteString(string(f.Op))
		f.Args[0].write(b, bindUnary)
	case f.Op == OpPower:
		f.Args[0].write(b, bindAtom)
		b.WriteByte('^')
		f.Args[1].write(b, bindUnary)
	case f.Op == OpAdd:
		f.writeSum(b)
	default:
		for i, a := range f.Args {
			if i > 0 {
				b.WriteString(" " + string(f.Op) + " ")
			}
			need := own + 1
			if i == 0 && f.Op == OpDivide { // a * b / c and a / b / c are read from the left
				need = own
			}
			a.write(b, need)
		}
	}
}

func (f Formula) writeSum(b *strings.Builder) {
	for i, a := range f.Args {
		switch {
		case i == 0:
			a.write(b, bindAdd+1)
		case a.Op == OpNegate:
			b.WriteString(" - ")
			a.Args[0].write(b, bindAdd+1)
		default:
			b.WriteString(" + ")
			a.write(b, bindAdd+1)
		}
	}
}
