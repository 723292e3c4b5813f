package crn_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"pgregory.net/rapid"
)

func formulaNetwork() *crn.Network {
	n := crn.New("formulas")
	n.Param("k", 2)
	n.Param("R1.k", 0.5)
	n.AddSpecies("A", crn.Delta(0), crn.Unbounded)
	n.AddSpecies("B", crn.Delta(0), crn.Unbounded)
	n.ReactWith("A -> B", crn.Number(1))
	return n
}

func TestFormulaValues(t *testing.T) {
	x, at := []int32{3, 4}, 7.0
	for text, want := range map[string]float64{
		"1 + 2 * 3 - 4":                    3,
		"2^3^2":                            512,
		"-2^2":                             -4,
		"(-2)^2":                           4,
		"2 * A / (1 + B) * k":              2.4,
		"8 / 4 / 2":                        1,
		"10 - 3 - 2":                       5,
		"k * A * (A - 1) / 2":              6,
		"R1.k * B":                         2,
		"time() + 1":                       8,
		"exp(0) + ln(exp(A)) + log10(100)": 6,
		"sqrt(B) + abs(-3) + floor(2.7)+ceil(.2)":          8,
		"sin(0) + cos(0) + tan(0)":                         1,
		"min(A, B, 2) + max(A, B) + max(1)":                7,
		"piecewise(10, A > 5, 20, B >= 4, 30)":             20,
		"piecewise(10, A > 5, 30)":                         30,
		"piecewise(1/0, 0, 5)":                             5, // what does not apply is not computed
		"A < B && B <= 4 && !(A == B)":                     1,
		"A > B || A != 3 || xor(1, 1, 0)":                  0,
		"1e3 + 1.5E-1":                                     1000.15,
		"asin(sin(1)) + acos(cos(1)) + atan(tan(1))":       3,
		"asinh(sinh(1)) + acosh(cosh(1)) + atanh(tanh(1))": 3,
		"factorial(B) + factorial(0) + factorial(20)":      2432902008176640025,
		"factorial(0.5)":                                   math.Sqrt(math.Pi) / 2,
		"rem(7, B) + 10 * rem(-7, B)":                      3 - 30,
		"quotient(7, B) + 10 * quotient(-7, B)":            1 - 10,
		"quotient(0.3, 0.1) * 0.1 + rem(0.3, 0.1)":         0.3,
		"piecewise(10, A > 5, 20, B >= 4)":                 20,
		"A^2 + A^-1":                                       9 + 1.0/3,
		"2 - -A":                                           5,
	} {
		f, err := crn.ParseFormula(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		g, err := f.Function(formulaNetwork())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := g(x, at); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

func TestFormulaSyntaxSaysWhere(t *testing.T) {
	for text, words := range map[string]string{
		"":                              "column 1: expected a number",
		"1 +":                           "column 4: expected a number",
		"(A":                            "column 3: expected )",
		"A B":                           "column 3: expected an operator",
		"foo(A)":                        "column 1: unknown function foo: choose one of abs, acos",
		"exp(1, 2)":                     "exp takes 1 arguments, not 2",
		"rem(1)":                        "rem takes 2 arguments, not 1",
		"1 < 2 < 3":                     "do not chain",
		"1e999":                         "no finite number",
		"A $ B":                         "column 3",
		strings.Repeat("(", 1000) + "A": "nested more than",
		strings.Repeat("-", 1000) + "A": "nested more than",
		strings.Repeat("1", 1<<17):      "at most",
	} {
		if len(text) > 100 {
			text = text[:min(len(text), 1<<17)]
		}
		_, err := crn.ParseFormula(text)
		if !errors.Is(err, crn.ErrFormula) || !strings.Contains(err.Error(), words) {
			t.Errorf("%.40s: %v, want %q", text, err, words)
		}
	}
}

func TestExpressionBinds(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want error
		word string
	}{
		"unknown name":    {"k * AA", crn.ErrUnknownSpecies, `did you mean "A"?`},
		"negative":        {"k - 3", crn.ErrRate, "-1"},
		"infinite":        {"1 / 0", crn.ErrRate, "+Inf"},
		"both":            {"both", crn.ErrDuplicate, "rename"},
		"nothing is said": {"A - 100", nil, ""},
	} {
		n := formulaNetwork()
		n.Param("both", 1)
		n.AddSpecies("both", crn.Delta(0), crn.Unbounded)
		e, err := crn.ParseExpression(test.text)
		if err != nil {
			t.Fatal(err)
		}
		n.ReactWith("A -> 0", e)
		err = n.Validate()
		if !errors.Is(err, test.want) || (err != nil && !strings.Contains(err.Error(), test.word)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpressionPropensity(t *testing.T) {
	n := formulaNetwork()
	add := func(equation, text string, factors bool) {
		f, err := crn.ParseFormula(text)
		if err != nil {
			t.Fatal(err)
		}
		n.ReactWith(equation, crn.Expression{Formula: f, Factors: factors})
	}
	add("2 A -> B", "k * R1.k * 3", true) // mass action with a computed constant
	add("A -> B", "k / (1 + B)", false)
	add("0 -> A", "4 - B", false)
	add("B -> 0", "time()", true)
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	x := []int32{5, 3}
	for k, want := range []float64{5, 60, 0.5, 1, 18} {
		if got := c.Propensity(k, x, 6); got != want {
			t.Errorf("propensity %d is %v, want %v", k, got, want)
		}
	}
	if got := c.Reads(2); len(got) != 2 {
		t.Errorf("k/(1+B) of A -> B reads %v", got)
	}
	if got := c.Propensity(3, []int32{0, 5}, 0); !math.IsNaN(got) {
		t.Errorf("a negative rate yields %v, want NaN", got)
	}
	if !c.TimeDependent() {
		t.Error("time is not seen")
	}
	if got := c.Propensity(2, []int32{0, 3}, 0); got != 0 {
		t.Errorf("A -> B runs without A: %v", got)
	}
}

// Any formula is printed so that it reads back as the same tree.
func TestFormulaRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := formulas(4).Draw(t, "f")
		g, err := crn.ParseFormula(f.String())
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if g.String() != f.String() {
			t.Fatalf("%q reads back as %q", f, g)
		}
		n := formulaNetwork()
		want, err := f.Function(n)
		if err != nil {
			t.Fatal(err)
		}
		got, err := g.Function(n)
		if err != nil {
			t.Fatal(err)
		}
		x := []int32{2, 5}
		if a, b := want(x, 1.5), got(x, 1.5); a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
			t.Fatalf("%s is %v, and %v when read back", f, a, b)
		}
	})
}

func formulas(depth int) *rapid.Generator[crn.Formula] {
	leaf := rapid.Custom(func(t *rapid.T) crn.Formula {
		switch rapid.IntRange(0, 3).Draw(t, "leaf") {
		case 0:
			return crn.Num(rapid.SampledFrom([]float64{0, 1, 2, 0.5, 1e-7, 3e20}).Draw(t, "number"))
		case 1:
			return crn.Apply(crn.OpTime)
		}
		return crn.Name(rapid.SampledFrom([]string{"A", "B", "k", "R1.k"}).Draw(t, "name"))
	})
	if depth == 0 {
		return leaf
	}
	below := formulas(depth - 1)
	return rapid.Custom(func(t *rapid.T) crn.Formula {
		op := rapid.SampledFrom([]crn.Op{crn.OpNumber, crn.OpAdd, crn.OpMultiply, crn.OpDivide, crn.OpPower, crn.OpNegate, crn.OpNot,
			crn.OpLess, crn.OpEqual, crn.OpAnd, crn.OpOr, crn.OpXor, crn.OpMin, crn.OpPiecewise, crn.OpExp, crn.OpAsinh, crn.OpRem}).Draw(t, "op")
		n := 2
		switch op {
		case crn.OpNumber:
			return leaf.Draw(t, "leaf")
		case crn.OpNegate, crn.OpNot, crn.OpExp, crn.OpAsinh:
			n = 1
		case crn.OpPiecewise:
			n = 3
		case crn.OpAdd, crn.OpMultiply, crn.OpAnd, crn.OpOr, crn.OpXor, crn.OpMin:
			n = rapid.IntRange(2, 3).Draw(t, "n")
		}
		f := crn.Formula{Op: op}
		for range n {
			f.Args = append(f.Args, below.Draw(t, "argument"))
		}
		return f
	})
}

// What is read is printed as something that reads back as the same text.
func FuzzParseFormula(f *testing.F) {
	for _, s := range []string{"k * A / (1 + B)", "-2^-A", "piecewise(1, A > 3 && !B, xor(1,0))", "a - b - -1e-5", "(a*b)*c/d", "1e+5^x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one, err := crn.ParseFormula(text)
		if err != nil {
			if !errors.Is(err, crn.ErrFormula) {
				t.Fatalf("%q: %v wraps no sentinel", text, err)
			}
			return
		}
		printed := one.String()
		if len(printed) > 1<<16 {
			return
		}
		two, err := crn.ParseFormula(printed)
		if err != nil {
			t.Fatalf("%q is printed as %q: %v", text, printed, err)
		}
		if two.String() != printed {
			t.Fatalf("%q is printed as %q, then as %q", text, printed, two)
		}
	})
}
