package main

import (
	"strings"
	"testing"
)

func TestFormulasOfTheSource(t *testing.T) {
	for _, x := range []struct {
		args      string
		reactions int
		lines     int // of each reaction: 2 V + 1 formulas
	}{{"", 12, 5}, {"--experiment receptors", 15, 7}} {
		text := succeed(t, append([]string{"reduced", "formulas"}, strings.Fields(x.args)...)...).stdout
		if got := strings.Count(text, "->"); got != x.reactions {
			t.Errorf("%q: %d reactions, want %d", x.args, got, x.reactions)
		}
		if got := strings.Count(text, "/dt = "); got != x.reactions*x.lines {
			t.Errorf("%q: %d formulas, want %d of %d reactions", x.args, got, x.reactions*x.lines, x.reactions)
		}
		tex := succeed(t, append([]string{"reduced", "formulas", "--latex"}, strings.Fields(x.args)...)...).stdout
		if got := strings.Count(tex, `\begin{aligned}`); got != x.reactions || strings.Count(tex, `}{\mathrm{d}t} &= `) != x.reactions*x.lines {
			t.Errorf("%q: %d blocks of LaTeX, want %d", x.args, got, x.reactions)
		}
	}
}

// The means of a conversion move by its rate <A B> = b_A b_B + W_A W_B, and those of variables that take no part do not.
func TestFormulasOfAnyReaction(t *testing.T) {
	said := succeed(t, "reduced", "formulas", "A + B -> 2 B").stdout
	for _, want := range []string{"visible A, B; latent X ", "\n  db_A/dt = -b_A b_B - W_A W_B\n", "\n  db_B/dt = b_A b_B + W_A W_B\n"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	said = succeed(t, "reduced", "formulas", "--visible", "C,N_1", "--latent", "H", "N_1 -> 0", "H -> 2 H").stdout
	for _, want := range []string{"visible C, N_1; latent H ", "\nN_1 -> 0\n", "db_C/dt = 0\n", "db_N_1/dt = -b_N_1\n", "\nH -> 2 H\n", "μ_H"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	tex := succeed(t, "reduced", "formulas", "--latex", "--experiment", "ip3", "IP3 -> 0").stdout
	for _, want := range []string{"% IP3 -> 0\n", `\mathrm{IP3} \to \varnothing & \\`, `\frac{\mathrm{d}\hat b_{\mathrm{Ca}}}{\mathrm{d}t} &= 0`, `&= -\hat b_{\mathrm{IP3}}`} {
		if !strings.Contains(tex, want) {
			t.Errorf("%q is missing in\n%s", want, tex)
		}
	}
}

func TestBadReactionsAreRefused(t *testing.T) {
	for _, x := range []struct {
		args []string
		want string
	}{
		{[]string{"A +"}, "column 4"},
		{[]string{"A <-> B"}, "two reactions"},
		{[]string{"5 A -> 0"}, "at most 4"},
		{[]string{"A -> A"}, "changes nothing"},
		{[]string{"X -> 0"}, "--visible A,B"},
		{[]string{"--visible", "A,A", "A -> 0"}, "twice"},
		{[]string{"--visible", "A b", "A -> 0"}, "no name"},
		{[]string{"--visible", "X", "X -> 0"}, "another one with --latent"},
		{[]string{"--visible", "A"}, "give one such as"},
		{[]string{"--visible", "A", "A + B -> 0"}, `no variable "B"`},
		{[]string{"--experiment", "ip3", "--latent", "Y", "Ca -> 0"}, "leave out"},
		{[]string{"--experiment", "ip3", "A -> 0"}, "[Ca IP3 X]"},
		{[]string{"--latent", "", "A -> 0"}, "no name"},
	} {
		o := cme(t, append([]string{"reduced", "formulas"}, x.args...)...)
		if o.code != exitUsage || o.stdout != "" || !strings.Contains(o.stderr, x.want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%q: %+v", x.args, o)
		}
	}
}
