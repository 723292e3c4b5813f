package kernelext

import (
	"slices"
	"strings"
	"testing"
)

// A row that is wider than the figure goes on below, behind a comma if that is enough, and no text is lost.
func TestLegendRowsFit(t *testing.T) {
	var names []string
	for _, name := range []string{"MKP3", "K_MKP3", "Kpp"} {
		names = append(names, "D("+name+") = 0.0123 (noise 0.0098)")
	}
	three := "SSA of another seed, N = 10,000: " + strings.Join(names, ", ")
	words := strings.TrimSpace(strings.Repeat("a sentence without commas ", 8))
	for _, c := range []struct {
		text  string
		lines int
	}{{"exact (FSP)", 1}, {"", 1}, {three, 2}, {words, 3}} {
		for _, plain := range []bool{false, true} {
			lines := legendRow{text: c.text, plain: plain}.lines()
			if len(lines) != c.lines || strings.Join(lines, " ") != c.text {
				t.Errorf("%q: %q, expected %d lines", c.text, lines, c.lines)
			}
			for _, line := range lines {
				if w := textStyle(fontSize).Width(line); w > width-2*margin {
					t.Errorf("%q is %v wide, of %v", line, w, width)
				}
			}
		}
	}
	if got := (legendRow{text: three}).lines(); !strings.HasSuffix(got[0], ",") {
		t.Errorf("broken within a distance: %q", got)
	}
	one, two := legend{rows: []legendRow{{text: "exact"}}}, legend{rows: []legendRow{{text: three}}}
	if two.height()-one.height() != legendLine {
		t.Errorf("heights %v and %v", one.height(), two.height())
	}
	if got := (legend{title: words}).titleLines(); len(got) < 2 || strings.Join(got, " ") != words || slices.Contains(got, "") {
		t.Errorf("title %q", got)
	}
}
