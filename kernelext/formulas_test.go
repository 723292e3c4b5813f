package kernelext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
)

func ExampleReactionFormulas() {
	n := crn.New("dimers")
	n.Param("birth", 0.1)
	n.Param("k_b", 1e-4)
	n.AddSpecies("X", crn.Delta(0), 39)
	n.AddSpecies("G1", crn.Delta(1), 1)
	n.React("0 -> X", "birth", crn.While("G1", 1))
	n.React("G1 + 2 X -> 0", "k_b", crn.Named("binding"))
	formulas, err := kernelext.ReactionFormulas(n)
	fmt.Println(kernelext.LaTeX(formulas), err)
	// Output:
	// $$\begin{aligned}
	// \varnothing &\longrightarrow X,\qquad a_{\text{R0}} = \mathrm{birth}\,\mathbf{1}_{G_{\mathrm{1}} = 1} \\
	// G_{\mathrm{1}} + 2\,X &\longrightarrow \varnothing,\qquad a_{\text{binding}} = k_{\mathrm{b}}\,G_{\mathrm{1}}\,X(X - 1)
	// \end{aligned}$$ <nil>
}

func ExampleMasterEquation() {
	n := crn.New("birth-death")
	n.Param("birth", 0.1)
	n.Param("death", 0.01)
	n.AddSpecies("X", crn.Delta(0), 39)
	n.React("0 -> X", "birth")
	n.React("X -> 0", "death")
	formulas, err := kernelext.MasterEquation(n)
	fmt.Println(kernelext.LaTeX(formulas), err)
	// Output:
	// $$\begin{aligned}
	// \frac{\partial}{\partial t} P(X, t) &= \left(\mathbb{E}_{X}^{-1} - 1\right) \mathrm{birth}\,P \\
	//  &\phantom{={}} + \left(\mathbb{E}_{X}^{+1} - 1\right) \mathrm{death}\,X\,P
	// \end{aligned}$$ <nil>
}

// Rates of other kinds are written as formulas, with brackets where needed.
func TestRatesAsFormulas(t *testing.T) {
	n := crn.New("rates")
	for _, p := range []string{"a", "b", "h", "K", "T"} {
		n.Param(p, 1)
	}
	n.AddSpecies("X", crn.Delta(0), 39)
	n.ReactWith("0 -> X", crn.Hill{Species: "X", Base: "a", Gain: "b", Half: "K", Exponent: "h"})
	n.ReactWith("X -> 0", crn.Sinusoid{Rate: "a", Amplitude: "b", Period: "T"})
	e, err := crn.ParseExpression("piecewise(a * (b + X)^2, X > 3, 1e-5 * sqrt(X))")
	if err != nil {
		t.Fatal(err)
	}
	n.ReactWith("X -> 0", e)
	formulas, err := kernelext.ReactionFormulas(n)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`a + \frac{b\,X^{h}}{K + X^{h}}`,
		`\operatorname{sin}`,
		`\begin{cases}a\,\left(b + X\right)^{2} & \text{if } X > 3\\10^{-5}\,\sqrt{X} & \text{otherwise}\end{cases}`,
	} {
		if !strings.Contains(formulas[i].Right, want) {
			t.Errorf("%s is not in %s", want, formulas[i].Right)
		}
	}
	if !strings.HasSuffix(formulas[1].Right, `\,X`) {
		t.Errorf("the reactant factor is missing: %s", formulas[1].Right)
	}
}

// A sum that is a whole propensity stands in brackets before the probability.
func TestMasterEquationBracketsSums(t *testing.T) {
	n := crn.New("sum")
	for _, p := range []string{"a", "b", "K"} {
		n.Param(p, 1)
	}
	n.AddSpecies("X", crn.Delta(0), 39)
	n.ReactWith("0 -> X", crn.Hill{Species: "X", Base: "a", Gain: "b", Half: "K"})
	formulas, err := kernelext.MasterEquation(n)
	if err != nil {
		t.Fatal(err)
	}
	if want := `\left(a + \frac{b\,X}{K + X}\right)\,P`; !strings.HasSuffix(formulas[0].Right, want) {
		t.Errorf("got %s, want %s at the end", formulas[0].Right, want)
	}
}

// Every system of the catalogue can be written, with braces that match.
func TestFormulasOfTheCatalogue(t *testing.T) {
	for _, entry := range systems.All() {
		n := entry.Build()
		for name, write := range map[string]func(*crn.Network) ([]kernelext.Formula, error){"reactions": kernelext.ReactionFormulas, "master equation": kernelext.MasterEquation} {
			formulas, err := write(n)
			if err != nil {
				t.Errorf("%s, %s: %v", entry.Name, name, err)
				continue
			}
			text := kernelext.LaTeX(formulas)
			if strings.Count(text, "{") != strings.Count(text, "}") || strings.Count(text, `\left(`) != strings.Count(text, `\right)`) {
				t.Errorf("%s, %s: brackets do not match:\n%s", entry.Name, name, text)
			}
			if len(formulas) != len(n.Reactions) {
				t.Errorf("%s, %s: %d lines for %d reactions", entry.Name, name, len(formulas), len(n.Reactions))
			}
		}
	}
}

// Formulas of the reduced models are of the same form.
func TestFormulasOfReactionApproximations(t *testing.T) {
	candidate, err := reduced.ParseCandidate("A + B -> 2 B", []string{"A", "B"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := reduced.Approximate(candidate, []string{"A", "B"})
	if err != nil {
		t.Fatal(err)
	}
	text := kernelext.LaTeX(a.LaTeX())
	if !strings.Contains(text, "&= ") || !strings.Contains(text, `\hat b_{`) {
		t.Errorf("got\n%s", text)
	}
}

// Sums of more terms than a page has room for go on in further lines; nothing within brackets is broken, and no term is lost.
func TestLongSumsAreBroken(t *testing.T) {
	terms := []string{"a", `\frac{b + c}{d}`, `\left(e - f\right)`, "g", `\begin{cases} h + 1 \\ 0 \end{cases}`, "i", "j", "k", "l", "m", "n", "o", "p"}
	for n, lines := range map[int]int{1: 1, 6: 1, 7: 2, 12: 2, 13: 3} {
		sum := strings.Join(terms[:n], " + ")
		text := kernelext.LaTeX([]kernelext.Formula{{Left: "x", Right: sum}})
		inside := strings.TrimSuffix(strings.TrimPrefix(text, "$$\\begin{aligned}\nx &= "), "\n\\end{aligned}$$")
		parts := strings.Split(inside, " \\\\\n &\\quad{}")
		if len(parts) != lines || strings.Join(parts, " ") != sum {
			t.Errorf("%d terms in %d lines: %q", n, len(parts), parts)
		}
	}
}
