package sbml_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/sbml"
)

// Every function of MathML that SBML has, in a law for A/V = 1, B = 5, S = 7, k = 0.5 (local), q = 10, V = 4 at t = 0.
func TestFunctionsOfMathML(t *testing.T) {
	one, two, b := cn(1), cn(2), ci("B")
	qualified := func(op, qualifier, value, arg string) string {
		return apply(op, "<"+qualifier+">"+value+"</"+qualifier+">", arg)
	}
	symbol := func(name string) string {
		return `<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/` + name + `"> s </csymbol>`
	}
	for law, want := range map[string]float64{
		apply("plus", one, two, b):                    8,
		apply("plus"):                                 0,
		apply("times"):                                1,
		apply("times", b):                             5,
		apply("minus", apply("minus", b)):             5,
		apply("minus", b, two):                        3,
		apply("divide", b, two):                       2.5,
		apply("power", b, two):                        25,
		apply("root", b):                              math.Sqrt(5),
		qualified("root", "degree", cn(3), b):         math.Cbrt(5),
		apply("exp", one):                             math.E,
		apply("ln", b):                                math.Log(5),
		apply("log", b):                               math.Log10(5),
		qualified("log", "logbase", two, b):           math.Log2(5),
		apply("abs", apply("minus", b)):               5,
		apply("floor", cn(2.7)):                       2,
		apply("ceiling", cn(2.2)):                     3,
		apply("factorial", b):                         120,
		apply("sin", one):                             math.Sin(1),
		apply("cos", one):                             math.Cos(1),
		apply("tan", one):                             math.Tan(1),
		apply("sec", one):                             1 / math.Cos(1),
		apply("csc", one):                             1 / math.Sin(1),
		apply("cot", one):                             1 / math.Tan(1),
		apply("sinh", one):                            math.Sinh(1),
		apply("cosh", one):                            math.Cosh(1),
		apply("tanh", one):                            math.Tanh(1),
		apply("sech", one):                            1 / math.Cosh(1),
		apply("csch", one):                            1 / math.Sinh(1),
		apply("coth", one):                            1 / math.Tanh(1),
		apply("arcsin", cn(0.5)):                      math.Asin(0.5),
		apply("arccos", cn(0.5)):                      math.Acos(0.5),
		apply("arctan", b):                            math.Atan(5),
		apply("arcsec", two):                          math.Acos(0.5),
		apply("arccsc", two):                          math.Asin(0.5),
		apply("arccot", two):                          math.Atan(0.5),
		apply("arccot", cn(0)):                        math.Pi / 2,
		apply("arcsinh", b):                           math.Asinh(5),
		apply("arccosh", b):                           math.Acosh(5),
		apply("arctanh", cn(0.5)):                     math.Atanh(0.5),
		apply("arcsech", cn(0.5)):                     math.Acosh(2),
		apply("arccsch", cn(0.5)):                     math.Asinh(2),
		apply("arccoth", two):                         math.Atanh(0.5),
		apply("min", b, two, cn(3)):                   2,
		apply("max", b, two):                          5,
		apply("rem", cn(17), b):                       2,
		apply("quotient", cn(17), b):                  3,
		apply("lt", one, two, b):                      1,
		apply("lt", one, b, two):                      0,
		apply("leq", one, one, two):                   1,
		apply("gt", b, two, two):                      0,
		apply("geq", b, two, two):                     1,
		apply("eq", two, two, two):                    1,
		apply("neq", two, b):                          1,
		apply("and"):                                  1,
		apply("or"):                                   0,
		apply("xor", "<true/>", "<true/>", "<true/>"): 1,
		apply("not", "<false/>"):                      1,
		apply("and", b):                               1,
		apply("implies", "<true/>", "<false/>"):       0,
		apply("implies", "<false/>", "<false/>"):      1,
		"<pi/>":                                       math.Pi,
		"<exponentiale/>":                             math.E,
		"<cn type='rational'>3<sep/>4</cn>":           0.75,
		"<cn type='e-notation'>3<sep/>-2</cn>":        0.03,
		symbol("avogadro"):                            6.02214179e23,
		symbol("time"):                                0,
		ci("A"):                                       1,
		ci("V"):                                       4,
		ci("k"):                                       0.5,
		ci("q"):                                       10,
		"<apply><ci>twice</ci>" + b + "</apply>":      10,
		"<piecewise><piece>" + one + apply("gt", b, cn(9)) + "</piece><piece>" + two + apply("lt", b, cn(9)) + "</piece></piecewise>": 2,
		"<semantics>" + b + "<annotation-xml/></semantics>":                                                                           5,
	} {
		m, err := sbml.Read(strings.NewReader(withLaw(law)))
		if err != nil {
			t.Errorf("%s: %v", law, err)
			continue
		}
		c, err := m.Network.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Propensity(0, []int32{4, 5}, 0); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%s is %v, want %v", law, got, want)
		}
	}
}

// Ways to write how many molecules take part, all of them constants.
func TestStoichiometries(t *testing.T) {
	const product = `<speciesReference species="B" stoichiometry="2" constant="true"/>`
	assigned := func(symbol, formula string) string {
		return part(`initialAssignment symbol="`+symbol+`"`, formula) + "</listOfInitialAssignments>"
	}
	for name, test := range map[string]struct{ product, assignment, attribute, want string }{
		"id":                {`<speciesReference id="n" species="B" stoichiometry="3" constant="true"/>`, "", "", "A -> 3 B"},
		"initial":           {`<speciesReference id="n" species="B" constant="true"/>`, assigned("n", apply("times", cn(2), ci("V"))), "", "A -> 8 B"},
		"math":              {`<speciesReference species="B">` + part("stoichiometryMath", apply("plus", ci("V"), cn(1))) + "</speciesReference>", "", "", "A -> 5 B"},
		"conversion":        {product, "", ` conversionFactor="V2"`, "3 A -> 6 B"},
		"twice":             {product + product, "", "", "A -> 4 B"},
		"boundary":          {`<speciesReference species="S" stoichiometry="1" constant="true"/>`, "", "", "A -> 0"},
		"used in a formula": {`<speciesReference id="k" species="B" stoichiometry="3" constant="true"/>`, "", "", "A -> 3 B"},
	} {
		text := strings.Replace(withLaw(ci("S")), product, test.product, 1)
		if test.assignment != "" {
			text = strings.Replace(text, "</listOfInitialAssignments>", test.assignment, 1)
		}
		text = strings.Replace(text, `<model id="m"`, `<model id="m"`+test.attribute, 1)
		text = strings.Replace(text, `<parameter id="q"`, `<parameter id="V2" value="3" constant="true"/><parameter id="q"`, 1)
		if name == "used in a formula" {
			text = strings.NewReplacer(`<parameter id="k" value="1.5" constant="true"/>`, "", `<localParameter id="k" value="0.5"/>`, "", "<ci> S </ci></math>", "<ci> k </ci></math>").Replace(text)
		}
		m, err := sbml.Read(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := m.Network.Reactions[0].Format(m.Network); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
	for name, test := range map[string]struct {
		old, new string
		cause    error
		words    string
	}{
		"varying math": {product, `<speciesReference species="B">` + part("stoichiometryMath", ci("A")) + "</speciesReference>", sbml.ErrUnsupported, `"A", which is no constant`},
		"rule": {`<assignmentRule variable="q">`, `<assignmentRule variable="n">` + mathOpen + cn(2) + mathClose + `</assignmentRule><assignmentRule variable="q">`,
			sbml.ErrUnsupported, `line 22|assignmentRule "n"|stoichiometry that changes`},
		"unknown child":     {"<listOfModifiers>", "<listOfInhibitors/><listOfModifiers>", sbml.ErrUnsupported, `listOfInhibitors in reaction "R"`},
		"rule for nothing":  {`variable="q"`, `variable="nobody"`, sbml.ErrUnsupported, `assignmentRule "nobody"`},
		"math of no math":   {"LAW</math>", `LAW</math><math xmlns="http://www.sbml.org/sbml/level3/version2/core"/>`, sbml.ErrInvalid, "namespace"},
		"own clash":         {product, `<speciesReference id="A" species="B" stoichiometry="2" constant="true"/>`, sbml.ErrInvalid, "line 13"},
		"no such converter": {`hasOnlySubstanceUnits="true" boundaryCondition="false"`, `hasOnlySubstanceUnits="true" boundaryCondition="false" conversionFactor="c"`, sbml.ErrInvalid, `species "B"|conversionFactor="c"`},
		"half converter":    {`hasOnlySubstanceUnits="true" boundaryCondition="false"`, `hasOnlySubstanceUnits="true" boundaryCondition="false" conversionFactor="h"`, sbml.ErrUnsupported, "stoichiometry 1.5"},
	} {
		text := strings.Replace(template, product, `<speciesReference id="n" species="B" stoichiometry="2" constant="true"/>`, 1)
		if strings.Contains(test.old, product) {
			text = template
		}
		text = strings.Replace(text, `<parameter id="q"`, `<parameter id="h" value="0.75" constant="true"/><parameter id="q"`, 1)
		text = strings.Replace(strings.Replace(text, test.old, test.new, 1), "LAW", ci("k"), 1)
		_, err := sbml.Read(strings.NewReader(text))
		if !errors.Is(err, test.cause) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, w := range strings.Split(test.words, "|") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is missing in %v", name, w, err)
			}
		}
	}
}

// Values that are set reach all that is computed from them.
func TestWithComputesAnew(t *testing.T) {
	m, err := sbml.Read(strings.NewReader(withLaw(ci("k"))))
	if err != nil {
		t.Fatal(err)
	}
	value := func(m *sbml.Model, parameter string) float64 {
		i, err := m.Network.ParameterIndex(parameter)
		if err != nil {
			t.Fatal(err)
		}
		return m.Network.Parameters[i].Value
	}
	// z is the concentration of A plus k; A has the concentration 5 in V.
	if n, err := m.With(map[string]float64{"k": 2}); err != nil || value(n, "z") != 7 || value(m, "z") != 6.5 {
		t.Errorf("k: %v", err)
	}
	if n, err := m.With(map[string]float64{"A": 8}); err != nil || value(n, "z") != 3.5 || n.Species[0].Initial != 8 {
		t.Errorf("A: %v", err)
	}
	n, err := m.With(map[string]float64{"V": 2, "R.k": 9, "S": 1.5})
	if err != nil {
		t.Fatal(err)
	}
	if n.Species[0].Initial != 10 || value(n, "z") != 6.5 || value(n, "R.k") != 9 || value(n, "S") != 1.5 {
		t.Errorf("V, R.k and S: %+v, %v", n.Species[0], n.Network.Parameters)
	}
	if n, err = n.With(map[string]float64{"z": 1}); err != nil || value(n, "z") != 1 || value(n, "R.k") != 9 || len(n.Notes) == 0 {
		t.Errorf("z: %v", err)
	}
	for name, values := range map[string]map[string]float64{
		"follows this rule": {"q": 1}, "unknown parameter": {"nobody": 1}, "finite": {"k": math.NaN()}, "whole number": {"B": 0.5},
	} {
		if _, err := m.With(values); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", values, err)
		}
	}
}
