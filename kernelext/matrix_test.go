package kernelext_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext"
)

// All rows and columns are named, the first row at the top; other shapes are refused.
func TestMatrixNamesItsRows(t *testing.T) {
	m := kernelext.Matrix{Label: "size", Rows: []string{"first", "second", "third"}, Columns: []string{"left", "right"}, Values: [][]float64{{1, 10}, {0, 100}, {0.1, 1}}, Log: true}
	svg, err := kernelext.DrawMatrix(kernelext.Style{Title: "sizes"}, m)
	if err != nil {
		t.Fatal(err)
	}
	text := string(svg)
	for _, want := range append(append([]string{"sizes. size by 3 rows and 2 columns, from 0.1 to 100."}, m.Rows...), m.Columns...) {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in the figure", want)
		}
	}
	m.Values = m.Values[:2]
	if _, err := kernelext.DrawMatrix(kernelext.Style{}, m); !errors.Is(err, kernelext.ErrShape) {
		t.Errorf("a row is missing: error %v", err)
	}
	if _, err := kernelext.DrawMatrix(kernelext.Style{}, kernelext.Matrix{}); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("nothing: error %v", err)
	}
}
