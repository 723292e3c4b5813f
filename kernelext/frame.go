package kernelext

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// TableOf makes a table of structs: one row each, one column an exported field.
// The tag `table:"text"` gives a column another name, `table:"-"` leaves it out.
func TableOf[T any](rows []T) (Table, error) {
	kind := reflect.TypeFor[T]()
	if kind.Kind() != reflect.Struct {
		return Table{}, fmt.Errorf("%w: a table is made of structs, not of %s", ErrShape, kind)
	}
	var t Table
	var fields []int
	for i := range kind.NumField() {
		f := kind.Field(i)
		name := f.Tag.Get("table")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields, t.Header = append(fields, i), append(t.Header, name)
	}
	for _, r := range rows {
		v := reflect.ValueOf(r)
		cells := make([]any, len(fields))
		for k, i := range fields {
			cells[k] = v.Field(i).Interface()
		}
		t.Add(cells...)
	}
	return t, nil
}

// ReadTable reads a CSV file with a header: what a sweep or a run has left.
func ReadTable(path string) (Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return Table{}, fmt.Errorf("kernelext: %w", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return Table{}, fmt.Errorf("kernelext: %s: %w", path, err)
	}
	if len(rows) == 0 {
		return Table{}, fmt.Errorf("%w: %s is empty", ErrNothing, path)
	}
	return Table{Header: rows[0], Rows: rows[1:]}, nil
}

// WriteCSV writes header and rows to a file, in one step.
func (t Table) WriteCSV(path string) error {
	return run.WriteFile(path, func(w io.Writer) error {
		c := csv.NewWriter(w)
		return c.WriteAll(append([][]string{t.Header}, t.Rows...))
	})
}

// column finds a column by its name.
func (t Table) column(name string) (int, error) {
	i := slices.Index(t.Header, name)
	if i < 0 {
		return 0, fmt.Errorf("%w: the table has no column %q, only %s", ErrNothing, name, strings.Join(t.Header, ", "))
	}
	return i, nil
}

// value is the number at the beginning of a cell, if there is one.
func value(cell string) (float64, bool) {
	first, _, _ := strings.Cut(strings.Replace(cell, "−", "-", 1), " ")
	v, err := strconv.ParseFloat(strings.ReplaceAll(first, ",", ""), 64)
	return v, err == nil
}

// Numbers returns the numbers of a column, as a chart takes them.
func (t Table) Numbers(name string) ([]float64, error) {
	i, err := t.column(name)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(t.Rows))
	for r, row := range t.Rows {
		v, ok := value(cell(row, i))
		if !ok {
			return nil, fmt.Errorf("%w: row %d of column %q is no number: %q", ErrShape, r+1, name, cell(row, i))
		}
		out[r] = v
	}
	return out, nil
}

func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// SortBy returns the rows sorted by a column: numbers by their value, before
// texts. A minus before the name sorts downwards.
func (t Table) SortBy(name string) (Table, error) {
	down := false
	i, err := t.column(name)
	if rest, minus := strings.CutPrefix(name, "-"); err != nil && minus {
		down = true
		i, err = t.column(rest)
	}
	if err != nil {
		return Table{}, err
	}
	t.Rows = slices.Clone(t.Rows)
	slices.SortStableFunc(t.Rows, func(a, b []string) int {
		if down {
			a, b = b, a
		}
		x, isX := value(cell(a, i))
		y, isY := value(cell(b, i))
		switch {
		case isX && isY:
			return cmp.Compare(x, y)
		case isX != isY && isX:
			return -1
		case isX != isY:
			return 1
		}
		return cmp.Compare(cell(a, i), cell(b, i))
	})
	return t, nil
}

// Head returns the first n rows.
func (t Table) Head(n int) Table {
	t.Rows = t.Rows[:min(max(n, 0), len(t.Rows))]
	return t
}

// Select returns the named columns, in this order.
func (t Table) Select(names ...string) (Table, error) {
	out := Table{Caption: t.Caption, Header: names, Rows: make([][]string, len(t.Rows))}
	for _, name := range names {
		i, err := t.column(name)
		if err != nil {
			return Table{}, err
		}
		for r, row := range t.Rows {
			out.Rows[r] = append(out.Rows[r], cell(row, i))
		}
	}
	return out, nil
}

// Where returns the rows that have a value in a column, numbers compared as
// such.
func (t Table) Where(name, want string) (Table, error) {
	i, err := t.column(name)
	if err != nil {
		return Table{}, err
	}
	t.Rows = slices.DeleteFunc(slices.Clone(t.Rows), func(row []string) bool {
		x, isX := value(cell(row, i))
		y, isY := value(want)
		return cell(row, i) != want && !(isX && isY && x == y)
	})
	return t, nil
}
