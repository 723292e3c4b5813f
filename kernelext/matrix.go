package kernelext

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Matrix is numbers by named rows and columns.
type Matrix struct {
	Label         string // what the numbers are, with their unit
	Rows, Columns []string
	Values        [][]float64 // [len(Rows)][len(Columns)]; NaN for one that is not known
	Log           bool        // colours by the logarithm; what is not above 0 is white
}

// DrawMatrix draws a matrix as coloured cells, the first row at the top, with
// every row and column named: the figure grows with the rows.
func DrawMatrix(s Style, m Matrix) ([]byte, error) {
	if len(m.Rows) == 0 || len(m.Columns) == 0 {
		return nil, fmt.Errorf("%w: %q has no rows or no columns", ErrNothing, m.Label)
	}
	if len(m.Values) != len(m.Rows) || slices.ContainsFunc(m.Values, func(row []float64) bool { return len(row) != len(m.Columns) }) {
		return nil, fmt.Errorf("%w: %q has other than %d rows of %d values", ErrShape, m.Label, len(m.Rows), len(m.Columns))
	}
	scale, err := scaleOf(m.Label, m.Log, m.Values)
	if err != nil {
		return nil, err
	}
	p := newPlot("", "", "")
	down := slices.Clone(m.Rows)
	slices.Reverse(down)
	p.X.Tick.Marker, p.Y.Tick.Marker = nameTicks(m.Columns), nameTicks(down)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.5, float64(len(m.Columns))-0.5, -0.5, float64(len(m.Rows))-0.5
	p.Add(raster{scale.cells(flipped(m.Values)), [4]float64{p.X.Min, p.X.Max, p.Y.Min, p.Y.Max}})
	f := figure{
		legend: legend{title: s.Title},
		grid: grid{
			rows:    [][]panel{{p, scale.bar()}},
			heights: []vg.Length{max(chartHeight, vg.Length(len(m.Rows))*matrixRow+1.2*vg.Centimeter)},
			widths:  []vg.Length{width - 2*margin - barWidth, barWidth},
		},
		alt: strings.TrimPrefix(fmt.Sprintf("%s. %s by %d rows and %d columns, from %s to %s.", s.Title, m.Label, len(m.Rows), len(m.Columns),
			number(scale.low), number(scale.high)), ". "),
	}
	return f.svg()
}

// matrixRow is the height of a row, in which its name can be read.
const matrixRow = vg.Length(11)

// nameTicks labels positions 0, 1, 2 … with names.
type nameTicks []string

// Ticks marks all of them.
func (n nameTicks) Ticks(_, _ float64) []plot.Tick {
	ticks := make([]plot.Tick, len(n))
	for i, name := range n {
		ticks[i] = plot.Tick{Value: float64(i), Label: name}
	}
	return ticks
}
