package kernelext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext"
)

func ExampleTable() {
	fmt.Print(kernelext.Table{
		Header: []string{"species", "mean"},
		Rows:   [][]string{{"X", "6.3"}, {"Y", "12.25"}},
	})
	// Output:
	// species   mean
	// X          6.3
	// Y        12.25
}

func TestTableEscapesItsText(t *testing.T) {
	html := kernelext.Table{Caption: "a < b", Header: []string{"<i>"}, Rows: [][]string{{"\"&\""}}}.HTML()
	for _, want := range []string{"a &lt; b", "&lt;i&gt;", "&#34;&amp;&#34;"} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is not in\n%s", want, html)
		}
	}
}

func TestDistancesListsTimesSpeciesAndAnswers(t *testing.T) {
	exact := poisson(t, 1, 2)
	table, err := kernelext.Distances([]string{"B"}, exact, sampled(t, exact, 300))
	if err != nil {
		t.Fatal(err)
	}
	if len(table.Rows) != 2 || table.Rows[0][1] != "B" || table.Rows[1][0] != "2" || table.Rows[0][2] != "sampled, N = 300" {
		t.Errorf("got %v", table.Rows)
	}
	for _, row := range table.Rows {
		if len(row) != len(table.Header) {
			t.Errorf("row %v does not fit the header", row)
		}
	}
}
