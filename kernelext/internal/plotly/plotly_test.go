package plotly

import (
	"encoding/json"
	"math"
	"testing"
)

func written(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// JSON has no NaN and no infinity: they are gaps.
func TestValuesThatAreNotFiniteAreGaps(t *testing.T) {
	if got := written(t, Of([]float64{1.5, math.NaN(), math.Inf(-1), 1e-300})); got != "[1.5,null,null,1e-300]" {
		t.Errorf("got %s", got)
	}
}

func TestAxesAreNumberedFromTheSecondOn(t *testing.T) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(written(t, Layout{X: make([]Axis, 3), Y: make([]Axis, 1)})), &fields); err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{"xaxis": true, "xaxis2": true, "xaxis3": true, "xaxis1": false, "yaxis": true, "yaxis2": false} {
		if _, ok := fields[name]; ok != there {
			t.Errorf("%s: there is %t", name, ok)
		}
	}
	if AxisName("x", 0) != "x" || AxisName("y", 1) != "y2" {
		t.Error("traces name other axes than the layout")
	}
	if got := written(t, Stop{0.5, "#000000"}); got != `[0.5,"#000000"]` {
		t.Errorf("a stop of a scale is %s", got)
	}
}
