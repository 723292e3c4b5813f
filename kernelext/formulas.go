package kernelext

import (
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Formula is an equation in LaTeX. Right may be empty.
type Formula struct{ Left, Right string }

// ReactionFormulas writes every reaction of a network with its propensity.
// Counts of molecules have the names of their species.
func ReactionFormulas(n *crn.Network) ([]Formula, error) {
	if _, err := n.Compile(); err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	formulas := make([]Formula, len(n.Reactions))
	for k, r := range n.Reactions {
		formulas[k] = Formula{
			Left:  texSide(n, r.Reactants),
			Right: `\longrightarrow ` + texSide(n, r.Products) + `,\qquad a_{\text{` + texText(r.Name) + `}} = ` + texPropensity(n, r, 0),
		}
	}
	return formulas, nil
}

// MasterEquation writes the chemical master equation of a network, one term a
// reaction, with step operators: E_X^m f(X) = f(X + m) (N. G. van Kampen,
// Stochastic Processes in Physics and Chemistry, ch. VI).
func MasterEquation(n *crn.Network) ([]Formula, error) {
	c, err := n.Compile()
	if err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	names := make([]string, len(n.Species))
	for i, s := range n.Species {
		names[i] = texName(s.Name)
	}
	p := "P(" + strings.Join(names, ", ") + ", t)"
	formulas := make([]Formula, len(n.Reactions))
	for k, r := range n.Reactions {
		steps := ""
		for i, change := range c.Change(k) {
			if change != 0 {
				steps += fmt.Sprintf(`\mathbb{E}_{%s}^{%+d}`, names[i], -change)
			}
		}
		term := `\left(` + steps + ` - 1\right) ` + texPropensity(n, r, rankProduct) + `\,P`
		if steps == "" {
			term = `0`
		}
		if k > 0 {
			term = `\phantom{={}} + ` + term
		}
		formulas[k].Right = term
	}
	formulas[0].Left = `\frac{\partial}{\partial t} ` + p
	return formulas, nil
}

// texSide is one side of a reaction.
func texSide(n *crn.Network, terms []crn.Term) string {
	if len(terms) == 0 {
		return `\varnothing`
	}
	parts := make([]string, len(terms))
	for i, t := range terms {
		parts[i] = texName(n.Species[t.Species].Name)
		if t.Order > 1 {
			parts[i] = fmt.Sprintf(`%d\,%s`, t.Order, parts[i])
		}
	}
	return strings.Join(parts, " + ")
}

// texPropensity is rate constant, reactant factors and masks; around is how
// tight what stands around it binds.
func texPropensity(n *crn.Network, r crn.Reaction, around int) string {
	if len(r.Masks) > 0 {
		around = rankProduct
	}
	rate, factors := texRate(r.Rate, around)
	parts := []string{rate}
	if factors {
		if rate == "1" && len(r.Reactants) > 0 {
			parts = nil
		}
		for _, t := range r.Reactants {
			parts = append(parts, texFactor(texName(n.Species[t.Species].Name), t.Order, n.Law))
		}
	}
	for _, m := range r.Masks {
		parts = append(parts, fmt.Sprintf(`\mathbf{1}_{%s = %d}`, texName(n.Species[m.Species].Name), m.Count))
	}
	return strings.Join(parts, `\,`)
}

// texRate is the rate, and whether the reactant factors multiply it.
func texRate(rate crn.Rate, around int) (text string, factors bool) {
	switch r := rate.(type) {
	case crn.MassAction:
		if r.Parameter == "" {
			return texNumber(r.Value), true
		}
		return texName(r.Parameter), true
	case crn.Expression:
		return texFormula(r.Formula, factorRank(r.Factors, around)), r.Factors
	case interface{ Expression() crn.Expression }:
		e := r.Expression()
		return texFormula(e.Formula, factorRank(e.Factors, around)), e.Factors
	}
	return `\text{` + texText(rate.String()) + `}`, true
}

// factorRank is how tight what stands around a rate binds.
func factorRank(factors bool, around int) int {
	if factors {
		return rankProduct
	}
	return around
}

// texFactor is how often molecules of one species meet.
func texFactor(name string, order int, law crn.Law) string {
	if law == crn.Power || order == 1 {
		if order == 1 {
			return name
		}
		return fmt.Sprintf("%s^{%d}", name, order)
	}
	text := name
	for i := 1; i < order; i++ {
		text += fmt.Sprintf("(%s - %d)", name, i)
	}
	return text
}

// texName writes a name: figures at its end, and what follows an underscore,
// become an index.
func texName(name string) string {
	base, index, _ := strings.Cut(name, "_")
	digits := strings.TrimLeft(base, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
	if digits != "" && len(digits) < len(base) && strings.Trim(digits, "0123456789") == "" {
		base = strings.TrimSuffix(base, digits)
		index = strings.Trim(digits+","+index, ",")
	}
	if len(base) > 1 {
		base = `\mathrm{` + texText(base) + `}`
	}
	if index == "" {
		return base
	}
	return base + `_{\mathrm{` + texText(index) + `}}`
}

// texText takes the meaning from characters that LaTeX reads as commands.
func texText(s string) string {
	return strings.NewReplacer(`\`, `\backslash `, "_", `\_`, "%", `\%`, "#", `\#`, "&", `\&`, "$", `\$`, "{", `\{`, "}", `\}`, "^", `\hat{}`).Replace(s)
}

// texNumber writes a number; powers of ten as such.
func texNumber(v float64) string {
	mantissa, exponent, found := strings.Cut(number(v), "e")
	if !found {
		return mantissa
	}
	exponent = strings.Replace(strings.TrimPrefix(exponent, "+"), "-0", "-", 1)
	exponent = strings.TrimPrefix(exponent, "0")
	if mantissa == "1" {
		return "10^{" + exponent + "}"
	}
	return mantissa + `\cdot 10^{` + exponent + "}"
}

// maxTerms is how many terms of a sum stand in one line: more are wider than a page.
const maxTerms = 6

// texLines breaks a sum before every sign after maxTerms terms; signs within brackets stay.
func texLines(sum string) []string {
	var lines []string
	depth, terms, from := 0, 1, 0
	for i := range sum {
		rest := sum[i:]
		switch {
		case strings.HasPrefix(rest, `\begin{`), rest[0] == '{', rest[0] == '(':
			depth++
		case strings.HasPrefix(rest, `\end{`), rest[0] == '}', rest[0] == ')':
			depth--
		case depth == 0 && (strings.HasPrefix(rest, " + ") || strings.HasPrefix(rest, " - ")):
			if terms == maxTerms {
				lines, from, terms = append(lines, sum[from:i]), i+1, 0
			}
			terms++
		}
	}
	return append(lines, sum[from:])
}

// LaTeX writes equations below each other, aligned at their right sides; long sums go on in a line of their own.
func LaTeX[F ~struct{ Left, Right string }](formulas []F) string {
	lines := make([]string, len(formulas))
	for i, f := range formulas {
		e := Formula(struct{ Left, Right string }(f))
		sign := "&"
		if e.Left != "" && e.Right != "" && !strings.HasPrefix(e.Right, `\longrightarrow`) {
			sign = "&= "
		}
		lines[i] = e.Left + " " + sign + strings.Join(texLines(e.Right), ` \\`+"\n"+` &\quad{}`)
	}
	return "$$\\begin{aligned}\n" + strings.Join(lines, " \\\\\n") + "\n\\end{aligned}$$"
}

// ShowFormulas displays equations in the output of the cell, as formulas and,
// for viewers without, as the LaTeX text: those of ReactionFormulas and
// MasterEquation, and of the reduced models.
func ShowFormulas[F ~struct{ Left, Right string }](formulas []F, err error) error {
	if err != nil {
		return err
	}
	text := LaTeX(formulas)
	return send(map[protocol.MIMEType]any{"text/latex": text, protocol.MIMETextPlain: text})
}
