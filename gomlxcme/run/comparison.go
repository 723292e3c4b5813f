package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

var (
	// ErrSpecies says that two results are not over the same species.
	ErrSpecies = errors.New("run: the species differ")
	// ErrNoCommonTime says that two results have no output time in common.
	ErrNoCommonTime = errors.New("run: no common output time")
)

// Distance is a dist.Distance with names for JSON: the distance, and the one that sampling noise alone would give.
type Distance struct {
	Value float64 `json:"value"`
	Floor float64 `json:"floor"`
}

// Difference is second minus first, and its standard error √(se₁² + se₂²): 0 between exact results, +Inf where a result
// has one sample only.
type Difference struct {
	Value float64
	SE    float64
}

// MarshalJSON writes {"value":…,"se":…}; JSON has no infinity, which is written as null.
func (d Difference) MarshalJSON() ([]byte, error) {
	var out struct {
		Value float64  `json:"value"`
		SE    *float64 `json:"se"`
	}
	if out.Value = d.Value; finite(d.SE) {
		out.SE = &d.SE
	}
	return json.Marshal(out)
}

// ComparisonRow is how far two results are apart in one species at one time.
type ComparisonRow struct {
	Time           float64    `json:"time"`
	Species        string     `json:"species"`
	Hellinger      Distance   `json:"hellinger"`
	TotalVariation Distance   `json:"total_variation"`
	Mean           Difference `json:"mean"`
	SD             Difference `json:"sd"`
}

// Comparison is the rows at all common times, and the times that only one result has.
type Comparison struct {
	Rows       []ComparisonRow `json:"rows"`
	OnlyFirst  []float64       `json:"times_only_in_first"`
	OnlySecond []float64       `json:"times_only_in_second"`
}

// Compare measures the distance of two results at their common times, in the species' order of the first. The order of
// species may differ. The error wraps ErrSpecies or ErrNoCommonTime.
func Compare(first, second []dist.Snapshot) (*Comparison, error) {
	c := &Comparison{Rows: []ComparisonRow{}, OnlyFirst: []float64{}, OnlySecond: []float64{}}
	i, j := 0, 0
	for i < len(first) && j < len(second) {
		a, b := first[i], second[j]
		switch {
		case SameTime(a.Time, b.Time):
			rows, err := compareAt(a, b)
			if err != nil {
				return nil, err
			}
			c.Rows = append(c.Rows, rows...)
			i, j = i+1, j+1
		case a.Time < b.Time:
			c.OnlyFirst = append(c.OnlyFirst, a.Time)
			i++
		default:
			c.OnlySecond = append(c.OnlySecond, b.Time)
			j++
		}
	}
	c.OnlyFirst = append(c.OnlyFirst, timesOf(first[i:])...)
	c.OnlySecond = append(c.OnlySecond, timesOf(second[j:])...)
	if len(c.Rows) == 0 {
		return nil, fmt.Errorf("%w: the first has %v, the second %v; compute one of them again with the --times of the other",
			ErrNoCommonTime, timesOf(first), timesOf(second))
	}
	return c, nil
}

// SameTime tells whether two times are the same: it allows for the last digits of times that were computed in different ways.
func SameTime(a, b float64) bool {
	return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b))
}

func timesOf(snapshots []dist.Snapshot) []float64 {
	times := make([]float64, len(snapshots))
	for i, s := range snapshots {
		times[i] = s.Time
	}
	return times
}

func compareAt(a, b dist.Snapshot) ([]ComparisonRow, error) {
	names, others := a.Dist.Species(), b.Dist.Species()
	x, y := slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(others))
	if !slices.Equal(x, y) {
		return nil, fmt.Errorf("%w: the first is over %v, the second over %v; compare runs of the same model", ErrSpecies, names, others)
	}
	rows := make([]ComparisonRow, len(names))
	for i, name := range names {
		j := slices.Index(others, name)
		p, q := a.Dist.Marginal(i), b.Dist.Marginal(j)
		m, n := a.Dist.Moment(i), b.Dist.Moment(j)
		rows[i] = ComparisonRow{
			Time: a.Time, Species: name,
			Hellinger:      Distance(dist.Hellinger(p, q)),
			TotalVariation: Distance(dist.TotalVariation(p, q)),
			Mean:           Difference{n.Mean - m.Mean, math.Hypot(m.MeanSE, n.MeanSE)},
			SD:             Difference{n.SD - m.SD, math.Hypot(m.SDSE, n.SDSE)},
		}
	}
	return rows, nil
}
