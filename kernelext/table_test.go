package kernelext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/kernelext"
)

func ExampleTable() {
	t := kernelext.Table{Header: []string{"species", "mean", "distance"}}
	t.Add("X", 6.3, dist.Distance{Value: 0.021, Floor: 0.016})
	t.Add("Y", 12.25, dist.Distance{Value: 0.00042})
	fmt.Print(t)
	// Output:
	// species   mean       distance
	// X          6.3  0.021 (0.016)
	// Y        12.25        0.00042
}

func TestDiagnosticsTakesTheNamesOfTheLastSnapshot(t *testing.T) {
	a := poisson(t, 1, 2)
	a.Snapshots[1].Diagnostics.Set("kl", 1.25e-7)
	table, err := kernelext.Diagnostics(kernelext.Style{TimeUnit: "s"}, a)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(table.Header, table.Rows); got != "[time (s) kl] [[1 ] [2 1.2e-07]]" {
		t.Errorf("got %s", got)
	}
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
	samples := sampled(t, exact, 300)
	all, err := kernelext.Distances(kernelext.Style{Species: []string{"B"}}, nil, exact, samples)
	if err != nil {
		t.Fatal(err)
	}
	if len(all.Rows) != 2 || all.Rows[0][1] != "B" || all.Rows[1][0] != "2" || all.Rows[0][2] != "sampled, N = 300" {
		t.Errorf("got %v", all.Rows)
	}
	for _, row := range all.Rows {
		if len(row) != len(all.Header) {
			t.Errorf("row %v does not fit the header", row)
		}
	}
	some, err := kernelext.Distances(kernelext.Style{TimeUnit: "s"}, []float64{2}, exact, samples)
	if err != nil {
		t.Fatal(err)
	}
	if len(some.Rows) != 2 || some.Rows[0][0] != "2" || some.Header[0] != "time (s)" {
		t.Errorf("got %v below %v", some.Rows, some.Header)
	}
}
