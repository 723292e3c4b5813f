package kernelext

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Lattice is species in rows and columns: the voxels of a model in space.
type Lattice [][]string

// Voxels names the voxels of a lattice as the catalogue does: X2_3 in row 2,
// column 3.
func Voxels(species string, rows, columns int) Lattice {
	l := make(Lattice, rows)
	for i := range l {
		for j := range columns {
			l[i] = append(l[i], fmt.Sprintf("%s%d_%d", species, i+1, j+1))
		}
	}
	return l
}

// Chain names n voxels in a line as the catalogue does: X1, X2 …
func Chain(species string, n int) Lattice {
	l := make(Lattice, 1)
	for i := range n {
		l[0] = append(l[0], fmt.Sprintf("%s%d", species, i+1))
	}
	return l
}

// DrawLattice draws the mean count of every voxel as a map: one row of maps an
// answer, one column a time, at most four, on one scale of colours. Row 1 of
// the lattice is at the top.
func DrawLattice(s Style, l Lattice, times []float64, answers ...Answer) ([]byte, error) {
	if _, err := check(answers, nil); err != nil {
		return nil, err
	}
	if len(times) == 0 || len(times) > maxColumns || len(l) == 0 {
		return nil, fmt.Errorf("%w: %d times and %d rows of voxels: give one to %d times and at least one row", ErrNothing, len(times), len(l), maxColumns)
	}
	var tables [][][]float64
	for _, a := range answers {
		for _, t := range times {
			table, err := a.lattice(l, t)
			if err != nil {
				return nil, err
			}
			tables = append(tables, table)
		}
	}
	scale, err := scaleOf("mean count (molecules)", false, tables...)
	if err != nil {
		return nil, err
	}
	f := figure{legend: legend{title: s.Title}}
	columns := 0
	for _, row := range l {
		columns = max(columns, len(row))
	}
	side := min((width-2*margin-barWidth)/vg.Length(len(times)), 7*vg.Centimeter)
	height := min(8*vg.Centimeter, (side-axisWidth)*vg.Length(len(l))/vg.Length(columns)) + 2*vg.Centimeter
	for i, a := range answers {
		var row []panel
		for j, t := range times {
			p := newPlot(a.samples()+"\n"+s.moment(t), "", "")
			p.X.Tick.Marker, p.Y.Tick.Marker = roundTicks{whole: true, few: columns < 4}, rowTicks{len(l)}
			p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.5, float64(columns)+0.5, 0.5, float64(len(l))+0.5
			p.Add(raster{scale.cells(flipped(tables[i*len(times)+j])), [4]float64{p.X.Min, p.X.Max, p.Y.Min, p.Y.Max}})
			if i == len(answers)-1 {
				p.X.Label.Text = "column"
			}
			if j == 0 {
				p.Y.Label.Text = "row"
			}
			row = append(row, p)
		}
		f.grid.rows = append(f.grid.rows, append(row, scale.bar()))
		f.grid.heights = append(f.grid.heights, height)
	}
	for range times {
		f.grid.widths = append(f.grid.widths, side)
	}
	f.grid.widths = append(f.grid.widths, barWidth)
	f.alt = fmt.Sprintf("Mean counts on a lattice of %d × %d voxels at the times %s, from %s to %s molecules: %s.",
		len(l), columns, numbers(times), number(scale.low), number(scale.high), labels(answers))
	return f.svg()
}

// lattice returns the mean counts by row and column.
func (a Answer) lattice(l Lattice, t float64) ([][]float64, error) {
	snap, err := a.At(t)
	if err != nil {
		return nil, err
	}
	table := make([][]float64, len(l))
	for i, row := range l {
		for _, name := range row {
			at, err := a.index(snap.Dist, name)
			if err != nil {
				return nil, err
			}
			table[i] = append(table[i], snap.Dist.Moment(at).Mean)
		}
	}
	return table, nil
}

// DrawKymograph draws the mean count of every voxel of a chain (the first row
// of the lattice) against time: one panel an answer, the position upwards.
// Times are those of each answer; columns reach half way to their neighbours.
func DrawKymograph(s Style, l Lattice, answers ...Answer) ([]byte, error) {
	if _, err := check(answers, nil); err != nil {
		return nil, err
	}
	if len(l) == 0 || len(l[0]) == 0 || len(answers) > maxColumns {
		return nil, fmt.Errorf("%w: give a chain and at most %d answers", ErrNothing, maxColumns)
	}
	tables := make([][][]float64, len(answers)) // by answer, voxel, time
	for i, a := range answers {
		tables[i] = make([][]float64, len(l[0]))
		for _, snap := range a.Snapshots {
			column, err := a.lattice(l[:1], snap.Time)
			if err != nil {
				return nil, err
			}
			for v, mean := range column[0] {
				tables[i][v] = append(tables[i][v], mean)
			}
		}
	}
	scale, err := scaleOf("mean count (molecules)", false, tables...)
	if err != nil {
		return nil, err
	}
	f := figure{legend: legend{title: s.Title}, grid: grid{rows: make([][]panel, 1), heights: []vg.Length{chartHeight}}}
	for i, a := range answers {
		p := newPlot(a.samples(), s.timeLabel(), "")
		if i == 0 {
			p.Y.Label.Text = "voxel"
		}
		p.X.Tick.Marker, p.Y.Tick.Marker = roundTicks{few: len(answers) > 2}, roundTicks{whole: true}
		edges := edgesOf(a.times())
		for k := range a.Snapshots {
			strip := make([][]float64, len(l[0]))
			for v := range strip {
				strip[v] = []float64{tables[i][v][k]}
			}
			p.Add(raster{scale.cells(strip), [4]float64{edges[k], edges[k+1], 0.5, float64(len(l[0])) + 0.5}})
		}
		p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = edges[0], edges[len(edges)-1], 0.5, float64(len(l[0]))+0.5
		f.grid.rows[0] = append(f.grid.rows[0], p)
		f.grid.widths = append(f.grid.widths, (width-2*margin-barWidth)/vg.Length(len(answers)))
	}
	f.grid.rows[0] = append(f.grid.rows[0], scale.bar())
	f.grid.widths = append(f.grid.widths, barWidth)
	f.alt = fmt.Sprintf("Mean counts of %s against time, from %s to %s molecules: %s.", strings.Join(l[0], ", "), number(scale.low), number(scale.high), labels(answers))
	return f.svg()
}

// edgesOf are borders half way between values, with the first and the last
// value at the outer ones.
func edgesOf(v []float64) []float64 {
	if len(v) == 1 {
		return []float64{v[0] - 0.5, v[0] + 0.5}
	}
	edges := []float64{v[0]}
	for i := 1; i < len(v); i++ {
		edges = append(edges, (v[i-1]+v[i])/2)
	}
	return append(edges, v[len(v)-1])
}

// flipped turns a table upside down: row 1 is drawn at the top.
func flipped(table [][]float64) [][]float64 {
	out := make([][]float64, len(table))
	for i, row := range table {
		out[len(table)-1-i] = row
	}
	return out
}

// rowTicks numbers n rows from the top.
type rowTicks struct{ n int }

// Ticks marks at most six rows.
func (r rowTicks) Ticks(_, _ float64) []plot.Tick {
	step := int(math.Ceil(float64(r.n) / 6))
	var ticks []plot.Tick
	for i := 1; i <= r.n; i += step {
		ticks = append(ticks, plot.Tick{Value: float64(r.n + 1 - i), Label: fmt.Sprint(i)})
	}
	return ticks
}
