package crn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxFormula = 1 << 16 // bytes of text
	maxNesting = 200     // parentheses, functions and signs inside each other
)

// FormulaError says where the text of a formula cannot be read. It wraps ErrFormula.
type FormulaError struct {
	Text   string // the whole text
	Column int    // in bytes, 1 for the first
	Reason string // what is wrong, and how to mend it
}

// Error points at the column.
func (e *FormulaError) Error() string {
	text := e.Text
	if len(text) > 80 {
		text = text[:80] + "…"
	}
	return fmt.Sprintf("%v %q, column %d: %s", ErrFormula, text, e.Column, e.Reason)
}

// Unwrap returns ErrFormula.
func (e *FormulaError) Unwrap() error { return ErrFormula }

// ParseFormula reads formulas such as "k * X / (K + X)", "piecewise(a, X > 10 && time() < 5, b)" and "k * X^2". From loose to
// tight bind || ; && ; < <= > >= == != ; + - ; * / ; signs and ! ; ^ (from the right). The functions are those named by the
// Op constants; names are those of species, with dots inside as well.
func ParseFormula(text string) (Formula, error) {
	p := formulaParser{text: text}
	if len(text) > maxFormula {
		return Formula{}, p.fail("it has %d bytes: give at most %d", len(text), maxFormula)
	}
	f, err := p.chain(bindOr)
	if err != nil {
		return Formula{}, err
	}
	if p.skip(); p.at < len(text) {
		return Formula{}, p.fail("expected an operator or the end")
	}
	return f, nil
}

type formulaParser struct {
	text      string
	at, depth int
}

func (p *formulaParser) fail(format string, a ...any) error {
	return &FormulaError{Text: p.text, Column: p.at + 1, Reason: fmt.Sprintf(format, a...)}
}

func (p *formulaParser) skip() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
}

// take moves past the first of the tokens that stands here.
func (p *formulaParser) take(tokens ...string) string {
	p.skip()
	for _, t := range tokens {
		if strings.HasPrefix(p.text[p.at:], t) {
			p.at += len(t)
			return t
		}
	}
	return ""
}

// tokens are the operators of each level; longer ones first where one begins another.
var tokens = [...][]string{bindOr: {"||"}, bindAnd: {"&&"}, bindCompare: {"<=", ">=", "==", "!=", "<", ">"}, bindAdd: {"+", "-"},
	bindMultiply: {"*", "/"}}

// chain reads operands joined by operators of one level.
func (p *formulaParser) chain(level int) (Formula, error) {
	if level == bindUnary {
		return p.unary()
	}
	f, err := p.chain(level + 1)
	if err != nil {
		return f, err
	}
	joined := false // f is a chain that this loop made, not one in parentheses
	for {
		start := p.at
		token := p.take(tokens[level]...)
		if token == "" {
			p.at = start
			return f, nil
		}
		if level == bindCompare && joined {
			p.at = start
			return f, p.fail("comparisons do not chain: write a < b && b < c")
		}
		g, err := p.chain(level + 1)
		if err != nil {
			return f, err
		}
		op := Op(token)
		if token == "-" {
			op, g = OpAdd, Apply(OpNegate, g)
		}
		if joined && f.Op == op && op != OpDivide {
			f.Args = append(f.Args, g)
		} else {
			f = Apply(op, f, g)
		}
		joined = true
	}
}

func (p *formulaParser) deeper() error {
	if p.depth++; p.depth > maxNesting {
		return p.fail("nested more than %d deep: split it", maxNesting)
	}
	return nil
}

func (p *formulaParser) unary() (Formula, error) {
	if err := p.deeper(); err != nil {
		return Formula{}, err
	}
	defer func() { p.depth-- }()
	sign := p.take("-", "+", "!")
	if sign == "" {
		return p.power()
	}
	f, err := p.unary()
	switch {
	case err != nil || sign == "+":
		return f, err
	case sign == "!":
		return Apply(OpNot, f), nil
	case f.Op == OpNumber && f.binding() == bindAtom:
		return Num(-f.Value), nil
	}
	return Apply(OpNegate, f), nil
}

func (p *formulaParser) power() (Formula, error) {
	f, err := p.atom()
	if err != nil || p.take("^") == "" {
		return f, err
	}
	g, err := p.unary()
	return Apply(OpPower, f, g), err
}

func (p *formulaParser) atom() (Formula, error) {
	if p.take("(") != "" {
		f, err := p.chain(bindOr)
		if err == nil && p.take(")") == "" {
			err = p.fail("expected ) or an operator")
		}
		return f, err
	}
	start := p.at
	if p.at == len(p.text) {
		return Formula{}, p.fail("expected a number, a name or (")
	}
	if c := p.text[p.at]; c == '.' || isDigit(c) {
		return p.number()
	}
	name := p.name()
	if name == "" {
		return Formula{}, p.fail("expected a number, a name or (")
	}
	if p.take("(") == "" {
		return Name(name), nil
	}
	f, err := p.call(Op(name))
	if err != nil {
		return f, err
	}
	if reason := f.check(); reason != "" {
		p.at = start
		return f, p.fail("%s", reason)
	}
	return f, nil
}

func (p *formulaParser) call(op Op) (Formula, error) {
	if op != OpTime && !op.isFunction() {
		p.at -= len(op) + 1
		return Formula{}, p.fail("unknown function %s: choose one of %s", op, strings.Join(functionNames(), ", "))
	}
	f := Formula{Op: op}
	if p.take(")") != "" {
		return f, nil
	}
	for {
		a, err := p.chain(bindOr)
		if err != nil {
			return f, err
		}
		f.Args = append(f.Args, a)
		if p.take(",") == "" {
			break
		}
	}
	if p.take(")") == "" {
		return f, p.fail("expected , or )")
	}
	return f, nil
}

func functionNames() []string {
	names := []string{string(OpTime)}
	for _, o := range functions {
		names = append(names, string(o))
	}
	slices.Sort(names)
	return names
}

func (p *formulaParser) number() (Formula, error) {
	start := p.at
	digits := func() {
		for p.at < len(p.text) && (isDigit(p.text[p.at]) || p.text[p.at] == '.') {
			p.at++
		}
	}
	digits()
	if rest := p.text[p.at:]; rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		p.at++
		p.at += len(rest[1:]) - len(strings.TrimLeft(rest[1:], "+-"))
		digits()
	}
	v, err := strconv.ParseFloat(p.text[start:p.at], 64)
	if err != nil {
		text := p.text[start:p.at]
		p.at = start
		return Formula{}, p.fail("%q is no finite number", text)
	}
	return Num(v), nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// name reads what could name a species or a parameter; dots may stand inside, as in "R1.k".
func (p *formulaParser) name() string {
	start := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !nameRune(r, p.at == start) && (r != '.' || p.at == start) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}
