package sbml

import (
	"math"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Limits on formulas after function definitions and rules were put in.
const (
	maxFormula = 100_000   // nodes of one
	maxTotal   = 2_000_000 // nodes of all
)

// function is a function definition with all calls inside it put in already.
type function struct {
	args []string
	body crn.Formula
}

// formulas turns MathML into formulas.
type formulas struct {
	functions map[string]function
	pending   map[string]*element // definitions that were not needed yet
	total     int
}

// grow books the nodes of a formula.
func (f *formulas) grow(e *element, nodes int) error {
	if f.total += nodes; nodes > maxFormula || f.total > maxTotal {
		return e.refuse(ErrTooLarge, "function definitions and rules make the formulas grow beyond %d parts: write them out", maxFormula)
	}
	return nil
}

func size(f crn.Formula) (n int) {
	f.Walk(func(crn.Formula) { n++ })
	return n
}

// replace puts formulas in place of names, after a check that the result is not too large.
func (f *formulas) replace(e *element, body crn.Formula, with map[string]crn.Formula) (crn.Formula, error) {
	sizes := map[string]int{}
	for name, g := range with {
		sizes[name] = size(g)
	}
	nodes := 0
	body.Walk(func(g crn.Formula) {
		nodes++
		if g.Op == crn.OpName {
			nodes += sizes[g.Name]
		}
	})
	if err := f.grow(e, nodes); err != nil {
		return body, err
	}
	return body.Replace(func(name string) (crn.Formula, bool) {
		g, ok := with[name]
		return g, ok
	}), nil
}

// of reads the formula in the math child of e.
func (f *formulas) of(e *element) (crn.Formula, error) {
	m := e.child("math")
	if m == nil || len(m.children) == 0 {
		return crn.Formula{}, e.refuse(ErrInvalid, "it has no math: write a formula")
	}
	if len(m.children) > 1 {
		return crn.Formula{}, m.refuse(ErrInvalid, "it has %d formulas: write one", len(m.children))
	}
	g, err := f.read(m.children[0])
	if err != nil {
		return g, err
	}
	return g, f.grow(m, size(g))
}

func (f *formulas) read(e *element) (crn.Formula, error) {
	switch e.name {
	case "cn":
		return number(e)
	case "ci":
		return crn.Name(strings.TrimSpace(e.text)), nil
	case "csymbol":
		return symbol(e)
	case "apply":
		return f.apply(e)
	case "piecewise":
		return f.piecewise(e)
	case "semantics":
		if len(e.children) > 0 {
			return f.read(e.children[0])
		}
	case "true":
		return crn.Num(1), nil
	case "false":
		return crn.Num(0), nil
	case "pi":
		return crn.Num(math.Pi), nil
	case "exponentiale":
		return crn.Num(math.E), nil
	}
	return crn.Formula{}, e.refuse(ErrUnsupported, "MathML element %s in a formula", e.name)
}

func number(e *element) (crn.Formula, error) {
	parts := strings.Split(e.text, separator)
	values := make([]float64, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return crn.Formula{}, e.refuse(ErrInvalid, "%q is no finite number", strings.TrimSpace(p))
		}
		values[i] = v
	}
	kind := e.attr("type")
	switch {
	case len(values) == 1 && (kind == "" || kind == "real" || kind == "integer"):
		return crn.Num(values[0]), nil
	case len(values) == 2 && kind == "rational" && values[1] != 0:
		return crn.Num(values[0] / values[1]), nil
	case len(values) == 2 && kind == "e-notation":
		v, err := strconv.ParseFloat(strings.TrimSpace(parts[0])+"e"+strings.TrimSpace(parts[1]), 64)
		if err == nil {
			return crn.Num(v), nil
		}
	}
	return crn.Formula{}, e.refuse(ErrInvalid, "a number of type %q in %d parts", kind, len(parts))
}

func symbol(e *element) (crn.Formula, error) {
	switch url := e.attr("definitionURL"); {
	case strings.HasSuffix(url, "/symbols/time"):
		return crn.Apply(crn.OpTime), nil
	case strings.HasSuffix(url, "/symbols/avogadro"):
		return crn.Num(6.02214179e23), nil // the value that SBML Level 3 fixes
	case strings.HasSuffix(url, "/symbols/delay"):
		return crn.Formula{}, e.refuse(ErrUnsupported, "delay: the state of the past is not kept: write the law without it")
	case strings.HasSuffix(url, "/symbols/rateOf"):
		return crn.Formula{}, e.refuse(ErrUnsupported, "rateOf: counts that jump have no rate of change: write the propensity instead")
	default:
		return crn.Formula{}, e.refuse(ErrUnsupported, "symbol %q: only time and avogadro are", url)
	}
}

// numberOf is the number that a formula is, NaN if it is none.
func numberOf(f crn.Formula) float64 {
	if f.Op == crn.OpNumber {
		return f.Value
	}
	return math.NaN()
}

// call puts the arguments into a function definition.
func (f *formulas) call(head *element, args []crn.Formula) (crn.Formula, error) {
	name := strings.TrimSpace(head.text)
	if e, waiting := f.pending[name]; waiting { // definitions may stand in any order
		delete(f.pending, name)
		if err := f.define(e); err != nil {
			return crn.Formula{}, err
		}
	}
	def, ok := f.functions[name]
	switch {
	case !ok:
		return crn.Formula{}, head.refuse(ErrInvalid, "there is no function %q, or it is defined by itself: mend the function definitions", name)
	case len(def.args) != len(args):
		return crn.Formula{}, head.refuse(ErrInvalid, "function %q takes %d arguments, not %d", name, len(def.args), len(args))
	}
	with := map[string]crn.Formula{}
	for i, a := range def.args {
		with[a] = args[i]
	}
	return f.replace(head, def.body, with)
}

func (f *formulas) piecewise(e *element) (crn.Formula, error) {
	out := crn.Formula{Op: crn.OpPiecewise}
	var otherwise *crn.Formula
	for _, c := range e.children {
		want := 2
		if c.name == "otherwise" {
			want = 1
		} else if c.name != "piece" {
			return out, c.refuse(ErrInvalid, "%s inside piecewise", c.name)
		}
		if len(c.children) != want {
			return out, c.refuse(ErrInvalid, "it has %d formulas: write %d", len(c.children), want)
		}
		for _, part := range c.children {
			g, err := f.read(part)
			if err != nil {
				return out, err
			}
			if want == 1 {
				otherwise = &g
			} else {
				out.Args = append(out.Args, g)
			}
		}
	}
	if otherwise != nil {
		out.Args = append(out.Args, *otherwise)
	}
	if len(out.Args) == 0 {
		return out, e.refuse(ErrInvalid, "an empty piecewise")
	}
	return out, nil
}

// define reads a function definition.
func (f *formulas) define(e *element) error {
	id := e.attr("id")
	m := e.child("math")
	if m != nil && len(m.children) == 1 && m.children[0].name == "semantics" {
		m = m.children[0]
	}
	if id == "" || m == nil || m.child("lambda") == nil {
		return e.refuse(ErrInvalid, "a function definition needs an id and a lambda")
	}
	def := function{}
	var body *element
	for _, c := range m.child("lambda").children {
		if c.name == "bvar" {
			if len(c.children) == 0 {
				return c.refuse(ErrInvalid, "an empty bvar in function %q", id)
			}
			def.args = append(def.args, strings.TrimSpace(c.children[0].text))
			continue
		}
		body = c
	}
	if body == nil {
		return e.refuse(ErrInvalid, "the lambda has no body")
	}
	var err error
	if def.body, err = f.read(body); err != nil {
		return err
	}
	f.functions[id] = def
	return f.grow(e, size(def.body))
}
