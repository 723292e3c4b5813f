package study

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ErrReport marks a text that has no tables of Report, or damaged ones.
var ErrReport = errors.New("no table of errors")

// Total is how networks of one kind did on average over all conditions of one role, as Report has it in its last rows.
type Total struct {
	Networks   string  `table:"networks"`
	Conditions int     `table:"conditions"`
	Role       Role    `table:"role"`
	Kept       float64 `table:"first value kept"`
	Median     float64 `table:"median"`
	Mean       float64 `table:"mean"`
	Together   float64 `table:"together"`
	Published  string  `table:"published mean"` // empty if there is none
}

var totalRow = regexp.MustCompile(`^mean of (\d+) (learned|validated|unseen)$`)

// ReadTotals reads the averages of all tables of Report in a text such as RESULTS.md, with the two digits that it has.
func ReadTotals(r io.Reader) (all []Total, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	var head []string
	for line := 1; in.Scan(); line++ {
		cells, found := cellsOf(in.Text())
		switch {
		case !found:
			head = nil
		case head == nil:
			head = cells
		case totalRow.MatchString(cells[0]):
			row, err := totals(head, cells)
			if err != nil {
				return nil, fmt.Errorf("%w: line %d: %w", ErrReport, line, err)
			}
			all = append(all, row...)
		}
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReport, err)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: no row begins with \"mean of\"", ErrReport)
	}
	return all, nil
}

// cellsOf are the cells of a row of a table.
func cellsOf(line string) ([]string, bool) {
	inner, found := strings.CutPrefix(strings.TrimSpace(line), "|")
	if !found || !strings.HasSuffix(inner, "|") {
		return nil, false
	}
	cells := strings.Split(strings.TrimSuffix(inner, "|"), "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells, true
}

// totals reads one row beside the head of its table: three cells for every kind of networks, and one more where it was published.
func totals(head, cells []string) (out []Total, err error) {
	if len(head) != len(cells) || len(cells) < 5 {
		return nil, fmt.Errorf("%d cells below a head of %d", len(cells), len(head))
	}
	match := totalRow.FindStringSubmatch(cells[0])
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return nil, err
	}
	number := func(i int) (v float64) {
		text := strings.TrimSuffix(cells[i], " ✗")
		switch {
		case text == "–": // not known
			return math.NaN()
		case text == "diverged":
			return math.Inf(1)
		case err == nil:
			v, err = strconv.ParseFloat(text, 64)
		}
		return v
	}
	for i := 2; i+2 < len(cells); {
		name, found := strings.CutSuffix(head[i], ": median")
		if !found {
			return nil, fmt.Errorf("column %d is %q, not a median", i+1, head[i])
		}
		t := Total{Networks: name, Conditions: n, Role: Role(match[2]), Kept: number(1), Median: number(i), Mean: number(i + 1), Together: number(i + 2)}
		if i += 3; i < len(head) && head[i] == "published mean" {
			t.Published = cells[i]
			i++
		}
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
