package kernelext_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext"
)

// plotted is what a test reads of a figure as plotly.js gets it.
type plotted struct {
	Data []struct {
		Type, Name, Mode, Fill, XAxis string
		ShowLegend                    bool
		X, Y                          []any
		Z, CustomData                 [][]any
		Line                          struct{ Shape, Dash string }
		ColorScale                    [][]any
	}
	Layout map[string]json.RawMessage
}

// interactive checks what holds for every interactive figure.
func interactive(t *testing.T, f kernelext.Interactive, err error) plotted {
	t.Helper()
	picture(t, f.SVG(), err)
	text, err := f.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var p plotted
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	page, err := f.HTML()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := f.HTML(); again != page {
		t.Error("the same figure gives other bytes")
	}
	if strings.Contains(page, "http://") || strings.Contains(page, "https://") {
		t.Error("the page asks others")
	}
	if !strings.Contains(page, "showSendToCloud: false") {
		t.Error("a button sends the numbers away")
	}
	if strings.Count(page, "</script>") != 1 || !strings.Contains(page, "<img data-static alt=") {
		t.Error("the page has other than one script, or no static figure")
	}
	return p
}

func TestInteractiveChartHasTheNumbersOfTheChart(t *testing.T) {
	x := []float64{1, 10, 100}
	f, err := kernelext.InteractiveChart(kernelext.Style{Title: "</script><b>it's"},
		kernelext.Chart{Title: "first", X: "runs", Y: "D", LogX: true, Series: []kernelext.Series{
			{Label: "SSA", X: x, Y: []float64{1, math.NaN(), 3}, Points: true, Bars: []float64{0.1, 0.1, 0.1}},
			{Label: "floor", X: x, Y: x, Low: []float64{0, 9, 99}, High: []float64{2, 11, 101}},
		}},
		kernelext.Chart{X: "t", Y: "n", Series: []kernelext.Series{{Label: "SSA", X: x, Y: x, Steps: true}}})
	p := interactive(t, f, err)
	if len(p.Data) != 5 { // signs; two ends of a band and its line; stairs
		t.Fatalf("%d traces", len(p.Data))
	}
	if got := p.Data[0]; got.Mode != "markers" || got.Y[1] != nil || got.Y[2] != 3.0 || !got.ShowLegend {
		t.Errorf("the signs are %+v", got)
	}
	if p.Data[2].Fill != "tonexty" || p.Data[3].Mode != "lines" || p.Data[3].Line.Dash == "" {
		t.Errorf("the band is %+v, its line %+v", p.Data[2], p.Data[3])
	}
	if got := p.Data[4]; got.Line.Shape != "hv" || got.XAxis != "x2" || got.ShowLegend {
		t.Errorf("the stairs are %+v", got)
	}
	if axis := string(p.Layout["xaxis"]); !strings.Contains(axis, `"type":"log"`) || p.Layout["yaxis2"] == nil {
		t.Errorf("the axes are %s", axis)
	}
}

func TestInteractiveMarginalsHaveAProbabilityForEveryCount(t *testing.T) {
	exact := poisson(t, 2)
	f, err := kernelext.InteractiveMarginals(kernelext.Style{Species: []string{"A"}}, 2, exact, sampled(t, exact, 2000))
	p := interactive(t, f, err)
	names := map[string]int{}
	for _, d := range p.Data {
		names[d.Name]++
	}
	if names["exact"] != 1 || names["sampled, N = 2,000"] != 2 || names["±2 standard errors of 2,000 samples"] != 3 {
		t.Errorf("the traces are %v", names)
	}
	first := p.Data[0]
	at := slices.Index(first.X, any(3.5)) // the step of count 4; the first goes up from 0
	want := math.Exp(-4) * math.Pow(4, 4) / 24
	if got, ok := first.Y[at].(float64); !ok || math.Abs(got-want) > 1e-6 { // the law is cut at 25
		t.Errorf("P(4) is %v, want %.9f", first.Y[at], want)
	}
	f, err = kernelext.InteractiveMarginals(kernelext.Style{}, 2, exact) // no differences
	if p := interactive(t, f, err); len(p.Data) != 2 {
		t.Errorf("%d traces of two species", len(p.Data))
	}
	if _, err := kernelext.InteractiveMarginals(kernelext.Style{}, 77, exact); !errors.Is(err, kernelext.ErrTime) {
		t.Errorf("no such time: %v", err)
	}
}

func TestInteractivePathsGoToTheirEnd(t *testing.T) {
	path := &ssa.Path{Species: []string{"A", "B"}, Times: []float64{0, 0.5, 1.5}, States: []int32{0, 7, 1, 7, 2, 7}, End: 3}
	f, err := kernelext.InteractivePaths(kernelext.Style{}, path, path)
	p := interactive(t, f, err)
	if len(p.Data) != 4 || !slices.Equal(p.Data[0].X, []any{0.0, 0.5, 1.5, 3.0}) || !slices.Equal(p.Data[0].Y, []any{0.0, 1.0, 2.0, 2.0}) {
		t.Errorf("the first of %d paths is %+v", len(p.Data), p.Data[0])
	}
	long := &ssa.Path{Species: []string{"A"}, Times: make([]float64, 300_000), States: make([]int32, 300_000), End: 1e5}
	for i := range long.Times {
		long.Times[i] = float64(i) / 7 // all digits
	}
	if _, err := kernelext.InteractivePaths(kernelext.Style{}, long); !errors.Is(err, kernelext.ErrShape) {
		t.Errorf("too many numbers: %v", err)
	}
}

func TestInteractiveCells(t *testing.T) {
	m := kernelext.Map{Label: "modes", Log: true, X: kernelext.Axis{Name: "a", Values: []float64{1, 2}}, Y: kernelext.Axis{Name: "b", Values: []float64{5}}, Values: [][]float64{{0, 100}}}
	f, err := kernelext.InteractiveMap(kernelext.Style{}, m)
	if d := interactive(t, f, err).Data[0]; d.Type != "heatmap" || d.Z[0][0] != nil || d.Z[0][1] != 2.0 || d.CustomData[0][1] != 100.0 || !slices.Equal(d.X, []any{"1", "2"}) {
		t.Errorf("the map is %+v", d)
	}
	f, err = kernelext.InteractiveMatrix(kernelext.Style{}, kernelext.Matrix{Label: "size", Rows: []string{"a", "b"}, Columns: []string{"c", "c"}, Values: [][]float64{{1, 2}, {3, math.NaN()}}})
	d := interactive(t, f, err).Data[0]
	if !slices.Equal(d.Y, []any{"b", "a"}) || !slices.Equal(d.X, []any{"c", "c (2)"}) || d.Z[0][0] != 3.0 || d.Z[0][1] != nil {
		t.Errorf("the matrix is %+v", d)
	}
	if first, last := d.ColorScale[0], d.ColorScale[len(d.ColorScale)-1]; first[0] != 0.0 || last[0] != 1.0 {
		t.Errorf("the scale goes from %v to %v", first, last)
	}
	// What the Draw functions refuse is refused.
	if _, err := kernelext.InteractiveMap(kernelext.Style{}, kernelext.Map{}); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no map: %v", err)
	}
	if _, err := kernelext.InteractiveMatrix(kernelext.Style{}, kernelext.Matrix{}); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no matrix: %v", err)
	}
	if err := kernelext.ShowInteractive(kernelext.InteractiveChart(kernelext.Style{})); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no chart: %v", err)
	}
	if err := kernelext.ShowInteractive(f, nil); err != nil { // no notebook: nothing happens
		t.Error(err)
	}
}
