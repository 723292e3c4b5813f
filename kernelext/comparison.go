package kernelext

import (
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"gonum.org/v1/plot/vg"
)

// Measures of the figure of a comparison.
const (
	momentHeight   = 4.4 * vg.Centimeter
	marginalHeight = 4.6 * vg.Centimeter
	residualHeight = 3.0 * vg.Centimeter
	// comparisonColumn is the least width of a species; many of them widen the figure.
	comparisonColumn = 6 * vg.Centimeter
)

// DrawComparison draws all that tells two answers apart in one figure: mean and
// standard deviation against time, and at each of the times the marginals with
// the difference second minus first below them, over the band of ±2 standard
// errors that sampling noise fills. The first answer is a line, the second
// signs. Above each marginal stands its Hellinger distance beside the noise
// floor. Where the first answer has a single time the moments are left out.
func DrawComparison(s Style, times []float64, first, second Answer) ([]byte, error) {
	answers := []Answer{first, second}
	species, err := checkColumns(answers, s.Species)
	if err != nil {
		return nil, err
	}
	if len(times) == 0 && len(first.Snapshots) < 2 {
		return nil, fmt.Errorf("%w: no moments against time with a single time, and no times for marginals: give a time", ErrNothing)
	}
	f := figure{legend: legend{title: s.Title, rows: sourceRows(answers)}, width: max(width, vg.Length(len(species))*comparisonColumn)}
	column := columnWidth(f.width, len(species))
	if len(first.Snapshots) > 1 {
		rows, err := momentRows(species, s.timeLabel(), column, answers)
		if err != nil {
			return nil, err
		}
		f.grid.rows = append(f.grid.rows, rows...)
		f.grid.heights = append(f.grid.heights, momentHeight, momentHeight)
	}
	var apartness []string
	band := "" // of the last time
	for _, t := range times {
		laws, err := marginals(answers, t, species)
		if err != nil {
			return nil, err
		}
		block := grid{rows: make([][]panel, 2)}
		for j, name := range species {
			d := apart(dist.Hellinger(laws[0][j], laws[1][j]))
			addMarginalColumn(&block, name, column, []dist.Marginal{laws[0][j], laws[1][j]})
			block.rows[0][j].title = fmt.Sprintf("%s at %s\nD = %s", name, s.moment(t), d)
			apartness = append(apartness, fmt.Sprintf("%s at %s: D = %s", name, s.moment(t), d))
		}
		f.grid.rows = append(f.grid.rows, block.rows...)
		f.grid.heights = append(f.grid.heights, marginalHeight, residualHeight)
		band = bandText(laws)
	}
	meaning := "D: Hellinger distance"
	if band != "" {
		f.legend.rows = append(f.legend.rows, legendRow{text: band, band: true})
		meaning += "; in brackets what sampling alone would give"
	}
	if len(times) > 0 {
		f.legend.rows = append(f.legend.rows, legendRow{text: meaning, plain: true})
	}
	f.alt = strings.TrimPrefix(fmt.Sprintf("%s. %s. Hellinger distances: %s.", s.Title, rowsText(f.legend.rows[:2]), strings.Join(apartness, "; ")), ". ")
	return f.svg()
}
