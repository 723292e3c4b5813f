package kernelext

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Table is rows of text below a header. Columns whose cells look like numbers
// are set to the right.
type Table struct {
	Caption string
	Header  []string
	Rows    [][]string
}

// HTML returns the table for a page. Widths and colours are left to the page,
// so that it can be read on a dark ground as well.
func (t Table) HTML() string {
	var b strings.Builder
	b.WriteString("<table>")
	if t.Caption != "" {
		fmt.Fprintf(&b, "\n<caption style=\"caption-side:top;text-align:left\">%s</caption>", html.EscapeString(t.Caption))
	}
	row := func(cell string, texts []string) {
		b.WriteString("\n<tr>")
		for i, text := range texts {
			align := "left"
			if t.numeric(i) {
				align = "right"
			}
			scope := ""
			if cell == "th" {
				scope = ` scope="col"`
			}
			fmt.Fprintf(&b, "<%s%s style=\"text-align:%s\">%s</%s>", cell, scope, align, html.EscapeString(text), cell)
		}
		b.WriteString("</tr>")
	}
	row("th", t.Header)
	for _, r := range t.Rows {
		row("td", r)
	}
	b.WriteString("\n</table>")
	return b.String()
}

// String returns the table in columns of plain text.
func (t Table) String() string {
	widths := make([]int, len(t.Header))
	all := append([][]string{t.Header}, t.Rows...)
	for _, r := range all {
		for i, text := range r {
			if i < len(widths) {
				widths[i] = max(widths[i], utf8.RuneCountInString(text))
			}
		}
	}
	var b strings.Builder
	if t.Caption != "" {
		b.WriteString(t.Caption + "\n")
	}
	for _, r := range all {
		var line strings.Builder
		for i, text := range r {
			if i >= len(widths) {
				break
			}
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if t.numeric(i) {
				line.WriteString(pad + text + "  ")
			} else {
				line.WriteString(text + pad + "  ")
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// numeric says whether all cells of column i begin like a number.
func (t Table) numeric(i int) bool {
	for _, r := range t.Rows {
		if i >= len(r) || r[i] == "" {
			continue
		}
		if !strings.ContainsRune("0123456789.+-−", []rune(r[i])[0]) {
			return false
		}
	}
	return len(t.Rows) > 0
}

// Distances returns a table of how far the other answers are from the first:
// per time, species and answer the Hellinger distance and the total variation,
// each beside its noise floor, and the differences of mean and standard
// deviation beside their standard errors. Only times that both have are listed;
// species can be chosen, none means all.
func Distances(species []string, answers ...Answer) (Table, error) {
	if _, err := check(answers, species); err != nil {
		return Table{}, err
	}
	t := Table{
		Caption: "Distances to " + answers[0].samples() + ", with what sampling alone would give in brackets",
		Header:  []string{"time", "species", "answer", "Hellinger", "total variation", "Δ mean (s.e.)", "Δ sd (s.e.)"},
	}
	wanted := map[string]bool{}
	for _, name := range species {
		wanted[name] = true
	}
	for _, a := range answers[1:] {
		c, err := run.Compare(answers[0].Snapshots, a.Snapshots)
		if err != nil {
			return Table{}, fmt.Errorf("kernelext: %s: %w", a.Label, err)
		}
		for _, r := range c.Rows {
			if len(wanted) > 0 && !wanted[r.Species] {
				continue
			}
			t.Rows = append(t.Rows, []string{
				number(r.Time), r.Species, a.samples(),
				fmt.Sprintf("%.4f (%.4f)", r.Hellinger.Value, r.Hellinger.Floor),
				fmt.Sprintf("%.4f (%.4f)", r.TotalVariation.Value, r.TotalVariation.Floor),
				fmt.Sprintf("%+.3f (%.3f)", r.Mean.Value, r.Mean.SE),
				fmt.Sprintf("%+.3f (%.3f)", r.SD.Value, r.SD.SE),
			})
		}
	}
	return t, nil
}
