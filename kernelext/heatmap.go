package kernelext

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Axis is the values of a parameter, in the order in which they are drawn.
type Axis struct {
	Name   string // with its unit
	Values []float64
}

// Map is a number over two parameters: a phase diagram.
type Map struct {
	Title  string
	Label  string // what the number is, with its unit
	X, Y   Axis
	Values [][]float64 // [len(Y.Values)][len(X.Values)]; NaN for one that is not known
	Log    bool        // colours by the logarithm
}

// DrawMap draws a number over two parameters as coloured cells, one a pair of
// values; cells have one size however far apart the values are. What is not
// known is grey.
func DrawMap(s Style, m Map) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	scale, err := scaleOf(m.Label, m.Log, m.Values)
	if err != nil {
		return nil, err
	}
	p := m.panel(scale, 9)
	f := figure{
		legend: legend{title: s.Title},
		grid: grid{
			rows:    [][]panel{{p, scale.bar()}},
			heights: []vg.Length{8.5 * vg.Centimeter},
			widths:  []vg.Length{11.5 * vg.Centimeter, barWidth},
		},
		alt: strings.TrimPrefix(fmt.Sprintf("%s. %s over %s and %s, from %s to %s.", s.Title, m.Label, m.X.Name, m.Y.Name, number(scale.low), number(scale.high)), ". "),
	}
	return f.svg()
}

// check compares lengths.
func (m Map) check() error {
	if len(m.X.Values) == 0 || len(m.Y.Values) == 0 {
		return fmt.Errorf("%w: an axis of %q has no values", ErrNothing, m.Label)
	}
	if len(m.Values) != len(m.Y.Values) {
		return fmt.Errorf("%w: %d rows for %d values of %s", ErrShape, len(m.Values), len(m.Y.Values), m.Y.Name)
	}
	for _, row := range m.Values {
		if len(row) != len(m.X.Values) {
			return fmt.Errorf("%w: a row of %d for %d values of %s", ErrShape, len(row), len(m.X.Values), m.X.Name)
		}
	}
	return nil
}

// panel draws the cells, with at most so many numbers at the axis of X.
func (m Map) panel(scale shades, ticks int) panel {
	p := newPlot(m.Title, m.X.Name, m.Y.Name)
	p.X.Tick.Marker, p.Y.Tick.Marker = indexTicks{m.X.Values, ticks}, indexTicks{m.Y.Values, 12}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(len(m.X.Values))-0.5, -0.5, float64(len(m.Y.Values))-0.5
	p.Add(raster{scale.cells(m.Values), [4]float64{p.X.Min, p.X.Max, p.Y.Min, p.Y.Max}})
	return p
}

// scaleOf spans the values that are numbers; for a logarithm the positive ones.
func scaleOf(label string, log bool, tables ...[][]float64) (shades, error) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, table := range tables {
		for _, row := range table {
			for _, v := range row {
				if finite(v) && (!log || v > 0) {
					low, high = min(low, v), max(high, v)
				}
			}
		}
	}
	if low > high {
		return shades{}, fmt.Errorf("%w: %s has no value that can be drawn", ErrNothing, label)
	}
	return newShades(label, low, high, log), nil
}

// indexTicks labels positions 0, 1, 2 … with values, at most so many of them.
type indexTicks struct {
	values []float64
	most   int
}

// Ticks marks every value, or every second, third … where they are many.
func (t indexTicks) Ticks(_, _ float64) []plot.Tick {
	step := (len(t.values) + t.most - 1) / t.most
	var ticks []plot.Tick
	for i := 0; i < len(t.values); i += step {
		ticks = append(ticks, plot.Tick{Value: float64(i), Label: number(t.values[i])})
	}
	return ticks
}
