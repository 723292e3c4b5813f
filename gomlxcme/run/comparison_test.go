package run

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// exact is a distribution of two species without noise, as Open would give it.
func exact(species []string, p ...[]float64) *stored {
	s := &stored{species: species}
	for _, m := range p {
		marginal := dist.Marginal{P: m}
		s.marginals = append(s.marginals, marginal)
		s.moments = append(s.moments, marginal.Moment())
	}
	return s
}

func TestComparisonFindsSpeciesByName(t *testing.T) {
	half := []float64{0.5, 0.5}
	one := []float64{0, 1}
	a := []dist.Snapshot{{Time: 1, Dist: exact([]string{"A", "B"}, half, one)}, {Time: 2, Dist: exact([]string{"A", "B"}, half, one)}}
	b := []dist.Snapshot{{Time: 1 + 1e-12, Dist: exact([]string{"B", "A"}, one, one)}, {Time: 3, Dist: exact([]string{"B", "A"}, one, one)}}
	c, err := Compare(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Rows) != 2 || fmt.Sprint(c.OnlyFirst, c.OnlySecond) != "[2] [3]" {
		t.Fatalf("comparison %+v", c)
	}
	row := c.Rows[0]
	// Hellinger: D² = 1 − √½; total variation ½; the mean moves by +½ and the spread goes.
	if row.Species != "A" || math.Abs(row.Hellinger.Value-math.Sqrt(1-math.Sqrt(0.5))) > 1e-12 ||
		math.Abs(row.TotalVariation.Value-0.5) > 1e-12 || row.Mean != (Difference{0.5, 0}) || row.SD != (Difference{-0.5, 0}) {
		t.Errorf("row %+v", row)
	}
	if row := c.Rows[1]; row.Species != "B" || row.Hellinger.Value != 0 || row.Hellinger.Floor != 0 {
		t.Errorf("row %+v", row)
	}
}

func TestComparisonCarriesItsNoise(t *testing.T) {
	s := snapshots(t)
	c, err := Compare(s, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range c.Rows[2:] {
		if row.Hellinger.Value != 0 || !(row.Hellinger.Floor > 0) || !(row.TotalVariation.Floor > 0) || !(row.Mean.SE > 0) || !(row.SD.SE > 0) {
			t.Errorf("row %+v", row)
		}
	}
}

func TestWhatCannotBeComparedIsRefused(t *testing.T) {
	one := []float64{0, 1}
	a := []dist.Snapshot{{Time: 1, Dist: exact([]string{"A"}, one)}}
	if _, err := Compare(a, []dist.Snapshot{{Time: 2, Dist: exact([]string{"A"}, one)}}); !errors.Is(err, ErrNoCommonTime) {
		t.Errorf("no common time: %v", err)
	}
	if _, err := Compare(a, []dist.Snapshot{{Time: 1, Dist: exact([]string{"B"}, one)}}); !errors.Is(err, ErrSpecies) {
		t.Errorf("other species: %v", err)
	}
}
