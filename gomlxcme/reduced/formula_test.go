package reduced

import "testing"

// Halves of powers of Σ, several factors below a fraction, powers of σ², and names with underscores.
func TestFormulaNotation(t *testing.T) {
	v := variables(1)
	names := []string{"N_R", "X"}
	p := sum(
		v.power(v.spread(), -3).scaled(-3, 4),
		v.power(v.noise(), 2).times(v.power(v.spread(), 3)),
		v.power(v.b(0), 1).times(v.power(v.mean(), 2)),
	)
	if got, want := plainText().polynomial(p, names), "b_N_R μ_X^2 + σ^4 Σ_X √Σ_X - 3/(4 Σ_X √Σ_X)"; got != want {
		t.Errorf("text %s, want %s", got, want)
	}
	want := `\hat b_{\mathrm{N\_R}}\,\mu_{\mathrm{X}}^{2} + \sigma^{4}\,\Sigma_{\mathrm{X}}\,\sqrt{\Sigma_{\mathrm{X}}} - ` +
		`\frac{3}{4\,\Sigma_{\mathrm{X}}\,\sqrt{\Sigma_{\mathrm{X}}}}`
	if got := latex().polynomial(p, names); got != want {
		t.Errorf("LaTeX %s, want %s", got, want)
	}
	if got := plainText().polynomial(sum(p, p.scaled(-1, 1)), names); got != "0" {
		t.Errorf("p − p is %s", got)
	}
}

func TestReactionInLaTeX(t *testing.T) {
	names := []string{"N_R", "B", "X"}
	for text, want := range map[string]string{
		"N_R + X -> 2 X": `\mathrm{N\_R} + \mathrm{X} \to 2\,\mathrm{X}`,
		"B -> 0":         `\mathrm{B} \to \varnothing`,
	} {
		c, err := ParseCandidate(text, names)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.LaTeX(); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
