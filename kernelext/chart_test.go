package kernelext_test

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext"
)

func TestChartDrawsLinesPointsBandsAndBars(t *testing.T) {
	x := []float64{1, 10, 100, 1000}
	svg, err := kernelext.DrawChart(kernelext.Style{Title: "Noise"},
		kernelext.Chart{X: "trajectories", Y: "D", LogX: true, LogY: true, Series: []kernelext.Series{
			{Label: "measured", X: x, Y: []float64{0.5, 0.16, 0.05, math.NaN()}, Bars: []float64{0.1, 0.03, 0.01, 0.01}, Points: true},
			{Label: "floor", X: x, Y: []float64{0.5, 0.158, 0.05, 0.0158}},
		}},
		kernelext.Chart{Title: "linear", X: "time (s)", Y: "count", Series: []kernelext.Series{
			{Label: "floor", X: x, Y: x, Low: []float64{0, 5, 90, 900}, High: []float64{2, 15, 110, 1100}},
		}})
	text := picture(t, svg, err)
	for _, want := range []string{"Noise", "measured", "trajectories", "linear", "time (s)", "1000", "0.1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
	if strings.Count(text, "floor") != 1 {
		t.Errorf("one label, but %d rows in the legend", strings.Count(text, "floor"))
	}
	if !bytes.Contains(svg, []byte("Noise. D against trajectories for measured, floor. linear: count against time (s) for floor.")) {
		t.Error("the figure is not described")
	}
}

// Steps keep each value until the next: a corner before every value but the first.
func TestStepsHaveCorners(t *testing.T) {
	corners := func(steps bool) int {
		svg, err := kernelext.DrawChart(kernelext.Style{}, kernelext.Chart{Series: []kernelext.Series{{X: []float64{0, 1, 2, 5}, Y: []float64{3, 1, 4, 2}, Steps: steps}}})
		picture(t, svg, err)
		longest := 0
		for _, path := range regexp.MustCompile(`<path d="([^"]*)"`).FindAllSubmatch(svg, -1) {
			longest = max(longest, bytes.Count(path[1], []byte("L")))
		}
		return longest
	}
	if line, stairs := corners(false), corners(true); line != 3 || stairs != 6 {
		t.Errorf("a line of %d pieces and stairs of %d, want 3 and 6", line, stairs)
	}
}

// Bands are seen through: of those that lie over one another all can be told.
func TestBandsAreSeenThrough(t *testing.T) {
	band := func(shift float64) kernelext.Series {
		return kernelext.Series{X: []float64{0, 1}, Y: []float64{shift, shift}, Low: []float64{shift - 1, shift - 1}, High: []float64{shift + 1, shift + 1}}
	}
	svg, err := kernelext.DrawChart(kernelext.Style{}, kernelext.Chart{Series: []kernelext.Series{band(0), band(0.5), band(1)}})
	picture(t, svg, err)
	if n := bytes.Count(svg, []byte("fill-opacity:0.2")); n != 3 {
		t.Errorf("%d of three bands are seen through", n)
	}
}

func TestChartRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		charts []kernelext.Chart
		want   error
	}{
		"none":      {nil, kernelext.ErrNothing},
		"five":      {make([]kernelext.Chart, 5), kernelext.ErrNothing},
		"lengths":   {[]kernelext.Chart{{Series: []kernelext.Series{{X: []float64{1}, Y: nil}}}}, kernelext.ErrShape},
		"half band": {[]kernelext.Chart{{Series: []kernelext.Series{{X: []float64{1}, Y: []float64{1}, Low: []float64{1}}}}}, kernelext.ErrShape},
		"no value":  {[]kernelext.Chart{{LogY: true, Series: []kernelext.Series{{X: []float64{1}, Y: []float64{0}}}}}, kernelext.ErrNothing},
	} {
		if _, err := kernelext.DrawChart(kernelext.Style{}, c.charts...); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

// Labels of tiny and of huge values stay short: long ones would push the axis
// out of its panel.
func TestLabelsOfAxesStayShort(t *testing.T) {
	for _, scale := range []float64{1e-14, 3e-7, 1, 5e7} {
		svg, err := kernelext.DrawChart(kernelext.Style{Title: strings.Repeat("a long title ", 12)},
			kernelext.Chart{X: "x", Y: "y", Series: []kernelext.Series{{X: []float64{1 * scale, 1.3 * scale}, Y: []float64{-2 * scale, 1.1 * scale}}}})
		text := strings.Split(picture(t, svg, err), "\n")
		for _, label := range text {
			if strings.Contains(label, "title") {
				continue
			}
			if len([]rune(label)) > 8 {
				t.Errorf("at a scale of %g there is a label %q", scale, label)
			}
		}
		if strings.Count(strings.Join(text, " "), "a long title") != 12 || strings.Contains(text[0], strings.Repeat("a long title ", 11)) {
			t.Errorf("the title is cut or not broken: %q", text[0])
		}
	}
}
