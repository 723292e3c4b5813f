package kernelext

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"
)

// maxMaps is the number of maps in a figure of DrawMaps that can still be read.
const maxMaps = 16

const (
	// mapHeight is that of a small multiple with its title and axis.
	mapHeight = 5.2 * vg.Centimeter
	// barRoom is how long the label beside the bar of small multiples may be: a longer one stands above them.
	barRoom = 3.4 * vg.Centimeter
)

// DrawMaps draws maps of one quantity side by side, on one scale of colours: one
// for each value of a third parameter, say. Label and Log are those of the first
// map, and so are the axes' names; titles tell the maps apart.
func DrawMaps(s Style, maps ...Map) ([]byte, error) {
	if len(maps) == 0 || len(maps) > maxMaps {
		return nil, fmt.Errorf("%w: %d maps: give one to %d", ErrNothing, len(maps), maxMaps)
	}
	var tables [][][]float64
	for _, m := range maps {
		if err := m.check(); err != nil {
			return nil, err
		}
		tables = append(tables, m.Values)
	}
	scale, err := scaleOf(maps[0].Label, maps[0].Log, tables...)
	if err != nil {
		return nil, err
	}
	columns := len(maps)
	if columns > maxColumns-1 {
		columns = min(maxColumns-1, (len(maps)+1)/2)
	}
	f := figure{legend: legend{title: s.Title}}
	bar := scale.bar()
	if textStyle(smallSize).Width(scale.label) > barRoom {
		bar.Y.Label.Text = ""
		f.legend.rows = []legendRow{{text: "Colours: " + scale.label, plain: true}}
	}
	var titles []string
	for len(maps) > 0 {
		n := min(columns, len(maps))
		row := make([]panel, n)
		for j, m := range maps[:n] {
			row[j] = m.panel(scale, 4)
			titles = append(titles, m.Title)
			if j > 0 {
				row[j].Y.Label.Text = ""
			}
			if len(maps) > columns { // the row below says it
				row[j].X.Label.Text = ""
			}
		}
		if maps = maps[n:]; len(f.grid.rows) == 0 {
			row = append(row, bar)
		}
		f.grid.rows = append(f.grid.rows, row)
		f.grid.heights = append(f.grid.heights, mapHeight)
	}
	for range columns {
		f.grid.widths = append(f.grid.widths, (width-2*margin-barWidth)/vg.Length(columns))
	}
	f.grid.widths = append(f.grid.widths, barWidth)
	f.alt = strings.TrimPrefix(fmt.Sprintf("%s. %s, from %s to %s, in maps for %s.", s.Title, scale.label, number(scale.low), number(scale.high), strings.Join(titles, ", ")), ". ")
	return f.svg()
}
