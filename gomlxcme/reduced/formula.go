package reduced

import (
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Formula is an equation in print.
type Formula struct{ Left, Right string }

// notation is how one kind of print writes things.
type notation struct {
	b, w     func(name string) string
	noise    string
	mean     func(name string) string
	variance func(name string) string
	root     func(text string) string
	power    func(text string, k int) string
	fraction func(above, below string) string
	rate     func(text string) string
	join     string
}

func plainText() notation {
	return notation{
		b:        func(n string) string { return "b_" + n },
		w:        func(n string) string { return "W_" + n },
		noise:    "σ²",
		mean:     func(n string) string { return "μ_" + n },
		variance: func(n string) string { return "Σ_" + n },
		root:     func(t string) string { return "√" + t },
		power: func(t string, k int) string {
			if t == "σ²" {
				return fmt.Sprintf("σ^%d", 2*k)
			}
			return fmt.Sprintf("%s^%d", t, k)
		},
		fraction: func(above, below string) string {
			if strings.Contains(below, " ") {
				below = "(" + below + ")"
			}
			return above + "/" + below
		},
		rate: func(t string) string { return "d" + t + "/dt" },
		join: " ",
	}
}

// upright is a name in LaTeX.
func upright(name string) string { return `\mathrm{` + strings.ReplaceAll(name, "_", `\_`) + "}" }

func latex() notation {
	return notation{
		b:        func(n string) string { return `\hat b_{` + upright(n) + "}" },
		w:        func(n string) string { return `\hat W_{` + upright(n) + "}" },
		noise:    `\sigma^2`,
		mean:     func(n string) string { return `\mu_{` + upright(n) + "}" },
		variance: func(n string) string { return `\Sigma_{` + upright(n) + "}" },
		root:     func(t string) string { return `\sqrt{` + t + "}" },
		power: func(t string, k int) string {
			if t == `\sigma^2` {
				return fmt.Sprintf(`\sigma^{%d}`, 2*k)
			}
			return fmt.Sprintf("%s^{%d}", t, k)
		},
		fraction: func(above, below string) string { return `\frac{` + above + "}{" + below + "}" },
		rate:     func(t string) string { return `\frac{\mathrm{d}` + t + `}{\mathrm{d}t}` },
		join:     `\,`,
	}
}

// Text returns the formulas in plain text, in the order of the features. All are in the standard frame; μ and Σ are mean and variance of
// the latent variable.
func (a *Approximation) Text() []Formula { return a.formulas(plainText()) }

// LaTeX returns the formulas in LaTeX, in the order of the features.
func (a *Approximation) LaTeX() []Formula { return a.formulas(latex()) }

// LaTeX is the reaction in LaTeX.
func (c Candidate) LaTeX() string {
	side := func(terms []crn.NamedTerm) string {
		if len(terms) == 0 {
			return `\varnothing`
		}
		parts := make([]string, len(terms))
		for i, t := range terms {
			if t.Order != 1 {
				parts[i] = fmt.Sprint(t.Order, `\,`)
			}
			parts[i] += upright(t.Species)
		}
		return strings.Join(parts, " + ")
	}
	return side(c.Equation.Reactants) + ` \to ` + side(c.Equation.Products)
}

// String is the reaction and its formulas, one a line.
func (a *Approximation) String() string {
	var s strings.Builder
	fmt.Fprintln(&s, a.Candidate.Equation)
	for _, f := range a.Text() {
		fmt.Fprintf(&s, "  %s = %s\n", f.Left, f.Right)
	}
	return s.String()
}

func (a *Approximation) formulas(n notation) []Formula {
	v := len(a.DB)
	out := make([]Formula, a.Size())
	a.each(func(i int, p Polynomial) {
		left := n.noise
		switch {
		case i < v:
			left = n.w(a.Names[i])
		case i < 2*v:
			left = n.b(a.Names[i-v])
		}
		out[i] = Formula{n.rate(left), n.polynomial(p, a.Names)}
	})
	return out
}

func (n notation) polynomial(p Polynomial, names []string) string {
	if len(p) == 0 {
		return "0"
	}
	var s strings.Builder
	for i, m := range p {
		k := m.Numerator
		switch {
		case i == 0 && k < 0:
			s.WriteString("-")
		case i > 0 && k < 0:
			s.WriteString(" - ")
		case i > 0:
			s.WriteString(" + ")
		}
		s.WriteString(n.monomial(m, names))
	}
	return s.String()
}

// monomial writes the size of a monomial; its sign is the caller's.
func (n notation) monomial(m Monomial, names []string) string {
	v := variables(len(names) - 1)
	var above, below []string
	if k := max(m.Numerator, -m.Numerator); k != 1 {
		above = append(above, fmt.Sprint(k))
	}
	if m.Denominator != 1 {
		below = append(below, fmt.Sprint(m.Denominator))
	}
	put := func(text string, k int) {
		to := &above
		if k < 0 {
			to, k = &below, -k
		}
		if k > 1 {
			text = n.power(text, k)
		}
		if k > 0 {
			*to = append(*to, text)
		}
	}
	for i := range v.visible() {
		put(n.b(names[i]), m.Powers[v.b(i)])
	}
	for i := range v.visible() {
		put(n.w(names[i]), m.Powers[v.w(i)])
	}
	put(n.noise, m.Powers[v.noise()])
	put(n.mean(names[v]), m.Powers[v.mean()])
	variance := n.variance(names[v])
	whole, half := m.Powers[v.spread()]/2, m.Powers[v.spread()]%2
	put(variance, whole)
	put(n.root(variance), half)
	if len(above) == 0 {
		above = []string{"1"}
	}
	text := strings.Join(above, n.join)
	if len(below) > 0 {
		text = n.fraction(text, strings.Join(below, n.join))
	}
	return text
}
