package sbml_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
)

// template is a model that uses most of what is read; tests replace parts of it.
const template = `<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model id="m" name="Template">
<notes><p xmlns="http://www.w3.org/1999/xhtml">text</p></notes>
<listOfFunctionDefinitions>
<functionDefinition id="twice"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci>a</ci></bvar>
<apply><ci>times2</ci><ci>a</ci><cn>2</cn></apply></lambda></math></functionDefinition>
<functionDefinition id="times2"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci>a</ci></bvar><bvar><ci>b</ci></bvar>
<apply><times/><ci>a</ci><ci>b</ci></apply></lambda></math></functionDefinition>
</listOfFunctionDefinitions>
<listOfCompartments><compartment id="V" size="4" constant="true"/></listOfCompartments>
<listOfSpecies>
<species id="A" compartment="V" initialConcentration="5" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
<species id="B" compartment="V" initialAmount="3" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>
<species id="S" compartment="V" initialAmount="7" hasOnlySubstanceUnits="true" boundaryCondition="true" constant="false"/>
</listOfSpecies>
<listOfParameters>
<parameter id="k" value="1.5" constant="true"/><parameter id="q" constant="false"/><parameter id="z" constant="true"/>
</listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="z"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><plus/><ci>A</ci><ci>k</ci></apply></math></initialAssignment></listOfInitialAssignments>
<listOfRules><assignmentRule variable="q"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><ci>twice</ci><ci>B</ci></apply></math></assignmentRule></listOfRules>
<listOfReactions>
<reaction id="R" reversible="false">
<listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
<listOfProducts><speciesReference species="B" stoichiometry="2" constant="true"/></listOfProducts>
<listOfModifiers><modifierSpeciesReference species="S"/></listOfModifiers>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML">LAW</math>
<listOfLocalParameters><localParameter id="k" value="0.5"/></listOfLocalParameters></kineticLaw>
</reaction>
</listOfReactions>
</model></sbml>`

func apply(op string, args ...string) string {
	return "<apply><" + op + "/>" + strings.Join(args, "") + "</apply>"
}

func ci(name string) string { return "<ci> " + name + " </ci>" }

func cn(v float64) string { return fmt.Sprintf("<cn> %v </cn>", v) }

func withLaw(law string) string { return strings.Replace(template, "LAW", law, 1) }

func TestLawsAreRecognised(t *testing.T) {
	for name, test := range map[string]struct{ law, equation, rate string }{
		"concentration": {apply("times", ci("k"), ci("A")), "A -> 2 B", "R.k / V"},
		"size cancels":  {apply("times", ci("k"), ci("A"), ci("V")), "A -> 2 B", "R.k"},
		"number":        {apply("times", cn(3), ci("A"), ci("V")), "A -> 2 B", "3"},
		"catalyst":      {apply("times", ci("k"), ci("A"), ci("V"), ci("B")), "A + B -> 3 B", "R.k"},
		"pairs":         {apply("times", ci("A"), ci("V"), ci("B"), apply("minus", ci("B"), cn(1))), "A + 2 B -> 4 B", "1"},
		"boundary":      {apply("times", ci("S"), ci("A"), ci("V")), "A -> 2 B", "S"},
		"of parameters": {apply("times", ci("A"), ci("V"), apply("divide", cn(1), apply("plus", cn(1), ci("S")))), "A -> 2 B", "1 / (1 + S)"},
		"sum":           {apply("plus", apply("times", ci("k"), ci("A")), apply("times", ci("S"), ci("A"))), "A -> 2 B", "R.k / V + S / V"},
		"square":        {apply("times", ci("A"), apply("power", ci("B"), cn(2))), "A -> 2 B", "(A / V) * B^2"},
		"wrong order":   {ci("k"), "A -> 2 B", "R.k"},
		"saturation":    {apply("divide", ci("A"), apply("plus", cn(1), ci("A"))), "A -> 2 B", "A / V / (1 + A / V)"},
		"rule":          {apply("times", ci("q"), ci("A"), ci("V")), "A + B -> 3 B", "2"},
		"time":          {apply("times", ci("A"), ci("V"), `<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"/>`), "A -> 2 B", "time()"},
	} {
		m, err := sbml.Read(strings.NewReader(withLaw(test.law)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := m.Network.Reactions[0]
		if got := r.Format(m.Network); got != test.equation || r.Rate.String() != test.rate {
			t.Errorf("%s: %s @ %s, want %s @ %s", name, got, r.Rate, test.equation, test.rate)
		}
	}
}

func TestModelSaysWhatWasAssumed(t *testing.T) {
	m, err := sbml.Read(strings.NewReader(withLaw(ci("k"))))
	if err != nil {
		t.Fatal(err)
	}
	if a := m.Species[0]; a.Initial != 20 || !a.Concentration || a.Size != 4 || a.Role != sbml.Counted {
		t.Errorf("A: %+v", a)
	}
	if s := m.Species[2]; s.Role != sbml.Held || !s.Boundary || s.Concentration {
		t.Errorf("S: %+v", s)
	}
	if got := fmt.Sprint(m.Variables()); got != "[A B S q]" {
		t.Errorf("variables %s", got)
	}
	for v, want := range map[string]float64{"A": 1, "B": 5, "S": 7, "q": 10} {
		f, err := m.Function(v)
		if err != nil {
			t.Fatal(err)
		}
		if got := f([]int32{1, 5}, 0); got != want {
			t.Errorf("%s is %v, want %v", v, got, want)
		}
	}
	if i, err := m.Network.ParameterIndex("z"); err != nil || m.Network.Parameters[i].Value != 6.5 {
		t.Errorf("z: %v, %v", m.Network.Parameters, err) // concentration 5 + 1.5
	}
}

// A reversible law is split; the template's products are 2 B.
func TestReversibleLawIsSplit(t *testing.T) {
	law := apply("minus", apply("times", ci("k"), ci("A"), ci("V")), apply("times", ci("S"), ci("B"), apply("minus", ci("B"), cn(1))))
	m, err := sbml.Read(strings.NewReader(strings.Replace(withLaw(law), `reversible="false"`, `reversible="true"`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	n := m.Network
	if len(n.Reactions) != 2 || n.Reactions[1].Format(n) != "2 B -> A" || n.Reactions[1].Rate != (crn.MassAction{Parameter: "S"}) || len(m.Notes) != 1 {
		t.Errorf("%v, notes %q", n.Reactions, m.Notes)
	}
}

func TestRefusalsNameElementIDAndLine(t *testing.T) {
	for name, test := range map[string]struct {
		old, new string
		cause    error
		words    string // separated by |
	}{
		"algebraic rule":   {"assignmentRule", "algebraicRule", sbml.ErrUnsupported, "line 22|algebraicRule"},
		"rate rule":        {"assignmentRule", "rateRule", sbml.ErrUnsupported, `line 22|rateRule "q"`},
		"constraint":       {"</listOfReactions>", `</listOfReactions><listOfConstraints><constraint/></listOfConstraints>`, sbml.ErrUnsupported, "line 32|constraint"},
		"fast":             {`reversible="false"`, `reversible="false" fast="true"`, sbml.ErrUnsupported, `line 25|reaction "R"`},
		"stoichiometry":    {`stoichiometry="2"`, `stoichiometry="1.5"`, sbml.ErrUnsupported, "line 27|1.5"},
		"no stoichiometry": {`stoichiometry="2"`, "", sbml.ErrInvalid, "line 27|stoichiometry"},
		"count":            {`initialAmount="3"`, `initialAmount="3.5"`, sbml.ErrInvalid, `line 14|species "B"|3.5`},
		"negative":         {`initialAmount="3"`, `initialAmount="-3"`, sbml.ErrInvalid, `line 14|-3`},
		"no start":         {`initialAmount="3"`, "", sbml.ErrInvalid, "line 14|initialAmount"},
		"no size":          {` size="4"`, "", sbml.ErrInvalid, `line 13|"V" (line 11) has no size`},
		"package":          {`level="3" version="2"`, `level="3" version="2" xmlns:c="http://www.sbml.org/sbml/level3/version1/comp/version1" c:required="true"`, sbml.ErrUnsupported, "comp"},
		"level 1":          {`level="3" version="2"`, `level="1" version="2"`, sbml.ErrUnsupported, "Level 1"},
		"delay":            {"LAW", `<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/delay"/><ci>A</ci><cn>1</cn></apply>`, sbml.ErrUnsupported, "csymbol"},
		"operator":         {"LAW", apply("moment", ci("A")), sbml.ErrUnsupported, `line 29|moment in reaction "R"`},
		"unknown name":     {"LAW", ci("nobody"), sbml.ErrUnsupported, `line 29|kineticLaw|"nobody"`},
		"unset parameter":  {`value="1.5"`, "", sbml.ErrInvalid, `line 18|parameter "k"`},
		"no math":          {"LAW", "", sbml.ErrInvalid, "line 29"},
		"twice":            {`parameter id="k"`, `parameter id="A"`, sbml.ErrInvalid, "line 18|line 13"},
		"self call":        {"<ci>times2</ci>", "<ci>twice</ci>", sbml.ErrInvalid, "line 7|twice"},
		"self rule":        {"<ci>B</ci></apply></math></assignmentRule>", "<ci>q</ci></apply></math></assignmentRule>", sbml.ErrInvalid, "line 22|itself"},
		"conversion":       {`id="m"`, `id="m" conversionFactor="k"`, sbml.ErrUnsupported, "stoichiometry 1.5"},
		"conversion by q":  {`id="m"`, `id="m" conversionFactor="q"`, sbml.ErrInvalid, "line 3|conversionFactor"},
		"doctype":          {"<sbml ", `<!DOCTYPE x [<!ENTITY a "b">]><sbml `, sbml.ErrUnsupported, "line 2|document type"},
		"entity":           {"LAW", "<ci>&a;</ci>", sbml.ErrSyntax, "line 29"},
		"cut off":          {"</model></sbml>", "", sbml.ErrSyntax, "line"},
		"encoding":         {"UTF-8", "EBCDIC", sbml.ErrSyntax, "EBCDIC"},
		"other root":       {"sbml.org/sbml", "example.org", sbml.ErrSyntax, "namespace"},
		"negative rate":    {"LAW", apply("times", cn(-1), ci("A")), sbml.ErrInvalid, "R (A -> 2 B)"},
		"piecewise":        {"LAW", "<piecewise></piecewise>", sbml.ErrInvalid, "line 29|empty"},
	} {
		_, err := sbml.Read(strings.NewReader(strings.Replace(strings.Replace(template, test.old, test.new, -1), "LAW", ci("k"), 1)))
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

// Files made to exhaust the reader are refused soon.
func TestLimits(t *testing.T) {
	var bombs, chain strings.Builder
	for i := range 60 {
		fmt.Fprintf(&bombs, `<functionDefinition id="f%d"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci>a</ci></bvar><apply><plus/>%s</apply></lambda></math></functionDefinition>`,
			i, strings.Repeat(fmt.Sprintf("<apply><ci>f%d</ci><ci>a</ci></apply>", i+1), 2))
	}
	chain.WriteString(`<functionDefinition id="f60"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda><bvar><ci>a</ci></bvar><ci>a</ci></lambda></math></functionDefinition>`)
	power := ci("A")
	for range 60 {
		power = apply("power", power, cn(9))
	}
	for name, text := range map[string]string{
		"nested":    withLaw(strings.Repeat("<apply>", 10_000)),
		"elements":  withLaw(strings.Repeat("<ci/>", 600_000)),
		"bytes":     withLaw(strings.Repeat(" ", 40<<20)),
		"functions": strings.Replace(withLaw(ci("k")), "<listOfFunctionDefinitions>", "<listOfFunctionDefinitions>"+bombs.String()+chain.String(), 1),
		"powers":    withLaw(power),
	} {
		began := time.Now()
		_, err := sbml.Read(strings.NewReader(text))
		if name != "powers" && !errors.Is(err, sbml.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "powers" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		// A limit that did not hold would take hours; a busy machine under the race detector takes seconds.
		if d := time.Since(began); d > 2*time.Minute {
			t.Errorf("%s: took %v", name, d)
		}
	}
}

// Level 2 has other defaults: stoichiometry 1, reversible, parameters of laws under another name.
func TestLevel2(t *testing.T) {
	text := strings.NewReplacer(
		"level3/version2/core", "level2/version4", `level="3" version="2"`, `level="2" version="4"`, ` stoichiometry="1" constant="true"`, "",
		"listOfLocalParameters", "listOfParameters", "localParameter", "parameter", ` reversible="false"`, "",
	).Replace(withLaw(apply("times", ci("k"), ci("A"), ci("V"))))
	m, err := sbml.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if r := m.Network.Reactions[0]; r.Format(m.Network) != "A -> 2 B" || r.Rate.String() != "R.k" || m.Level != 2 {
		t.Errorf("%v", r)
	}
	if len(m.Notes) != 1 || !strings.Contains(m.Notes[0], "mole") {
		t.Errorf("notes %q", m.Notes)
	}
}

// Whatever is read is valid, and can be compiled; errors wrap a sentinel.
func FuzzRead(f *testing.F) {
	f.Add([]byte(withLaw(apply("times", ci("k"), ci("A")))))
	f.Add([]byte(withLaw("<piecewise><piece><cn type='e-notation'>1<sep/>2</cn><apply><lt/><ci>A</ci><cn>3</cn></apply></piece><otherwise><pi/></otherwise></piecewise>")))
	f.Add([]byte(withEvents(event("e", late, apply("geq", timeSymbol, cn(25)), part("delay", cn(1)), part("priority", ci("q")),
		assignments(assignment("A", ci("B")), assignment("k", cn(2.5)))))))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := sbml.Read(strings.NewReader(string(text)))
		if err != nil {
			for _, s := range []error{sbml.ErrSyntax, sbml.ErrInvalid, sbml.ErrUnsupported, sbml.ErrTooLarge} {
				if errors.Is(err, s) {
					return
				}
			}
			t.Fatalf("%v wraps no sentinel", err)
		}
		c, err := m.Network.Compile()
		if err != nil {
			t.Fatal(err)
		}
		x := make([]int32, c.NumSpecies())
		for k := range c.NumReactions() {
			if a := c.Propensity(k, x, 0); a < 0 || math.IsInf(a, 0) {
				t.Fatalf("propensity %v", a)
			}
		}
		for _, v := range m.Variables() {
			if _, err := m.Function(v); err != nil {
				t.Fatal(err)
			}
		}
	})
}
