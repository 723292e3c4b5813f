package kernelext

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Table is rows of text below a header. Columns whose cells look like numbers
// are set to the right.
type Table struct {
	Caption string
	Header  []string
	Rows    [][]string
}

// Add appends a row. Numbers get four digits, a dist.Distance stands beside its
// noise floor in brackets, and everything else is written as fmt.Sprint does.
func (t *Table) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		switch v := cell.(type) {
		case float64:
			row[i] = number(v)
		case dist.Distance:
			row[i] = withNoise(v.Value, v.Floor)
		default:
			row[i] = fmt.Sprint(v)
		}
	}
	t.Rows = append(t.Rows, row)
}

// shownRows is how many rows HTML shows at most: of longer tables the middle is
// left out.
const shownRows = 60

// HTML returns the table for a page. Widths and colours are left to the page,
// so that it can be read on a dark ground as well; a wide table scrolls.
func (t Table) HTML() string {
	var b strings.Builder
	b.WriteString("<div style=\"overflow-x:auto\"><table>")
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
			scope, wrap := "", "" // words are broken where the table would be wider than the page
			switch {
			case cell == "th":
				scope = ` scope="col"`
			case align == "right":
				wrap = ";white-space:nowrap"
			}
			fmt.Fprintf(&b, "<%s%s style=\"text-align:%s%s\">%s</%s>", cell, scope, align, wrap, html.EscapeString(text), cell)
		}
		b.WriteString("</tr>")
	}
	row("th", t.Header)
	for i, r := range t.Rows {
		if left := len(t.Rows) - shownRows; left > 0 && i >= shownRows/2 && i < len(t.Rows)-shownRows/2 {
			if i == shownRows/2 {
				fmt.Fprintf(&b, "\n<tr><td colspan=\"%d\">… %d more rows …</td></tr>", len(t.Header), left)
			}
			continue
		}
		row("td", r)
	}
	b.WriteString("\n</table></div>")
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
