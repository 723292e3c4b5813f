package kernelext

import (
	"strings"
	"testing"
)

// A label that is longer than the bar of small multiples stands above them, whole.
func TestLongLabelOfSmallMultiples(t *testing.T) {
	axis := Axis{Name: "a", Values: []float64{1, 2}}
	for label, above := range map[string]bool{"modes": false, "depth of the valley in the law of X1 at t = 0.5": true} {
		m := Map{Label: label, X: axis, Y: axis, Values: [][]float64{{1, 2}, {3, 4}}}
		svg, err := DrawMaps(Style{}, m, m)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(svg), ">Colours: "+label+"<"); got != above {
			t.Errorf("%q stands above: %v", label, got)
		}
		if got := strings.Contains(string(svg), ">"+label+"<"); got == above {
			t.Errorf("%q stands beside the bar: %v", label, got)
		}
	}
}
