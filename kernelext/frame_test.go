package kernelext_test

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/kernelext"
)

func ExampleTableOf() {
	type result struct {
		Rate     float64
		Mean     float64
		Distance dist.Distance `table:"D (noise)"`
		hidden   int
	}
	t, err := kernelext.TableOf([]result{{Rate: 0.2, Mean: 8, Distance: dist.Distance{Value: 0.021, Floor: 0.016}}, {Rate: 0.1, Mean: 12.5, hidden: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err = t.SortBy("-Mean")
	fmt.Print(t)
	fmt.Println(err)
	// Output:
	// Rate  Mean      D (noise)
	//  0.1  12.5              0
	//  0.2     8  0.021 (0.016)
	// <nil>
}

func TestTablesSortSelectAndFilter(t *testing.T) {
	table := kernelext.Table{Header: []string{"name", "n"}, Rows: [][]string{{"b", "10"}, {"a", "9"}, {"c", ""}, {"d", "−1"}, {"e", "1e3"}}}
	sorted, err := table.SortBy("n")
	if err != nil || fmt.Sprint(sorted.Rows) != "[[d −1] [a 9] [b 10] [e 1e3] [c ]]" {
		t.Errorf("sorted: %v, %v", sorted.Rows, err)
	}
	if down, err := table.SortBy("-name"); err != nil || down.Rows[0][0] != "e" {
		t.Errorf("downwards: %v, %v", down.Rows, err)
	}
	if table.Rows[0][0] != "b" {
		t.Error("the table itself was sorted")
	}
	some, err := table.Where("n", "1000")
	if err != nil || fmt.Sprint(some.Rows) != "[[e 1e3]]" {
		t.Errorf("where: %v, %v", some.Rows, err)
	}
	one, err := table.Select("n")
	if err != nil || fmt.Sprint(one.Head(2).Rows) != "[[10] [9]]" {
		t.Errorf("select: %v, %v", one, err)
	}
	if _, err := table.Numbers("n"); !errors.Is(err, kernelext.ErrShape) || !strings.Contains(err.Error(), "row 3") {
		t.Errorf("a cell without a number: %v", err)
	}
	for name, err := range map[string]error{"sort": second(table.SortBy("x")), "select": second(table.Select("x")), "where": second(table.Where("x", "")), "numbers": second(table.Numbers("x"))} {
		if !errors.Is(err, kernelext.ErrNothing) {
			t.Errorf("%s by a column that is not there: %v", name, err)
		}
	}
	if _, err := kernelext.TableOf([]int{1}); !errors.Is(err, kernelext.ErrShape) {
		t.Errorf("a table of numbers: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestLongTablesAreCutInTheMiddle(t *testing.T) {
	var table kernelext.Table
	table.Header = []string{"n"}
	for n := range 100 {
		table.Add(n)
	}
	html := table.HTML()
	if !strings.Contains(html, "… 40 more rows …") || strings.Count(html, "<tr>") != 62 || !strings.Contains(html, ">99<") || strings.Contains(html, ">50<") {
		t.Errorf("got %d rows", strings.Count(html, "<tr>"))
	}
}

func TestTablesComeBackFromCSV(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	table := kernelext.Table{Header: []string{"a", "b"}, Rows: [][]string{{"1", "x, y"}, {"2", "−3"}}}
	if err := table.WriteCSV(path); err != nil {
		t.Fatal(err)
	}
	back, err := kernelext.ReadTable(path)
	if err != nil || back.String() != table.String() {
		t.Errorf("got %v, %v", back, err)
	}
	if _, err := kernelext.ReadTable(path + ".no"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestExportByEnding(t *testing.T) {
	a, dir := poisson(t, 1, 2), t.TempDir()
	for _, ending := range []string{"npz", "parquet", "csv"} {
		if err := kernelext.Export(filepath.Join(dir, "a."+ending), a); err != nil {
			t.Errorf("%s: %v", ending, err)
		}
	}
	z, err := zip.OpenReader(filepath.Join(dir, "a.npz"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	table, err := kernelext.ReadTable(filepath.Join(dir, "a.csv"))
	if err != nil {
		t.Fatal(err)
	}
	last, err := table.Where("time", "2")
	if err != nil {
		t.Fatal(err)
	}
	p, err := last.Numbers("probability")
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	if sum < 1.999 || sum > 2.001 { // two species; the box cuts off less than 1e-3
		t.Errorf("the probabilities of both species add up to %v", sum)
	}
	if err := kernelext.Export(filepath.Join(dir, "a.txt"), a); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("another ending: %v", err)
	}
}
