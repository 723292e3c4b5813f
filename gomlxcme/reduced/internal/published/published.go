// Package published reads the values that were published with the source, for tests.
package published

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// folder of the data, beside the repository.
const folder = "../shared/data/ip3"

// path finds a file of the folder from wherever in the repository the test runs, and skips the test where there is none.
func path(t testing.TB, name string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(root)
		if up == root {
			t.Fatal("the test does not run inside the repository")
		}
		root = up
	}
	p := filepath.Join(root, folder, name)
	if _, err := os.Stat(p); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("skipped: %s is not there", filepath.Join(folder, name))
	}
	return p
}

// Files are all of them, for what reads them outside of tests.
func Files(t testing.TB) fs.FS {
	t.Helper()
	return os.DirFS(path(t, "."))
}

func text(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Numbers reads a table of numbers between blanks; a first line that is not one of numbers is a header.
func Numbers(t testing.TB, name string) (rows [][]float64) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(text(t, name)), "\n") {
		var row []float64
		for _, x := range strings.Fields(line) {
			v, err := strconv.ParseFloat(x, 64)
			if err != nil && i > 0 {
				t.Fatalf("%s, line %d: %v", name, i+1, err)
			}
			if err == nil {
				row = append(row, v)
			}
		}
		if i > 0 || len(row) == len(strings.Fields(line)) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Column reads a file of one number a line.
func Column(t testing.TB, name string) (column []float64) {
	t.Helper()
	for _, row := range Numbers(t, name) {
		column = append(column, row[0])
	}
	return column
}

// Row is one line of a CSV file by the names of its columns.
type Row map[string]string

// Number is the value of a column.
func (r Row) Number(t testing.TB, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Fatalf("column %s: %v", column, err)
	}
	return v
}

// CSV reads a file with a header.
func CSV(t testing.TB, name string) (rows []Row) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		row := Row{}
		for i, name := range lines[0] {
			row[name] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
