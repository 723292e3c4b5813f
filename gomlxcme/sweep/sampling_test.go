package sweep

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

func drawn(t *testing.T, text string) [][]Value {
	t.Helper()
	s, err := ParseSpec("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]Value
	for v := range s.values() {
		rows = append(rows, slices.Clone(v))
	}
	return rows
}

const sampled = "solver: ssa\nmodel: birth-death\nsampling: {method: %s, points: %d, seed: %d}\nvary:\n  param.birth: {log: {from: 0.01, to: 100}}\n  param.death: {linear: {from: -1, to: 3}}\n  method: [direct, tau-leap]\n"

// A Latin hypercube meets each of the n parts of each axis once: log of a value from 0.01 to 100 is uniform, and a list of two
// is met n/2 times each.
func TestLatinHypercubeMeetsEachPartOnce(t *testing.T) {
	for _, n := range []int{1, 2, 6, 100} {
		rows := drawn(t, fmt.Sprintf(sampled, LatinHypercube, n, 3))
		if len(rows) != n {
			t.Fatalf("%d points, not %d", len(rows), n)
		}
		words := map[string]int{}
		for axis, part := range []func(v float64) float64{
			func(v float64) float64 { return math.Log(v/0.01) / math.Log(1e4) },
			func(v float64) float64 { return (v + 1) / 4 },
		} {
			seen := make([]bool, n)
			for _, row := range rows {
				v, _ := row[axis].Float()
				k := int(part(v) * float64(n))
				if k < 0 || k >= n || seen[k] {
					t.Fatalf("n = %d, axis %d: part %d is met twice or is none", n, axis, k)
				}
				seen[k] = true
			}
		}
		for _, row := range rows {
			words[row[2].String()]++
		}
		if n%2 == 0 && words["direct"] != n/2 {
			t.Errorf("n = %d: %v", n, words)
		}
	}
}

// Random points are uniform on the axis: the mean of 1000 shares lies within 5 standard errors of 1/2 (false alarm once in two
// million), and another seed gives others.
func TestRandomPointsAreUniform(t *testing.T) {
	rows := drawn(t, fmt.Sprintf(sampled, Random, 1000, 1))
	mean := 0.0
	for _, row := range rows {
		v, _ := row[0].Float()
		mean += math.Log(v/0.01) / math.Log(1e4) / 1000
	}
	if math.Abs(mean-0.5) > 5/math.Sqrt(12*1000) {
		t.Errorf("mean share %v", mean)
	}
	if other := drawn(t, fmt.Sprintf(sampled, Random, 1000, 2)); other[0][0] == rows[0][0] {
		t.Error("two seeds give the same points")
	}
	if again := drawn(t, fmt.Sprintf(sampled, Random, 1000, 1)); again[999][1] != rows[999][1] {
		t.Error("the same seed gives other points")
	}
}

func TestRangesMeetTheirEnds(t *testing.T) {
	for _, r := range []Range{{Log: true, From: 3e-5, To: 7, Points: 9}, {From: -0.1, To: 0.3, Points: 4}, {From: 5, To: -5, Points: 3}} {
		a := Axis{Range: &r}
		values := a.grid()
		first, _ := values[0].Float()
		last, _ := values[len(values)-1].Float()
		if first != r.From || last != r.To || len(values) != r.Points {
			t.Errorf("%+v: %v", r, values)
		}
	}
	whole := Axis{Range: &Range{From: 0, To: 10, Points: 4, Whole: true}}
	if got := fmt.Sprint(whole.grid()); got != "[0 3 7 10]" {
		t.Errorf("whole numbers %s", got)
	}
}

func TestValuesAreWrittenAsTheCommandLineReadsThem(t *testing.T) {
	for v, want := range map[float64]string{1e6: "1000000", 0.1: "0.1", math.Copysign(0, -1): "0", 1e-7: "1e-07", 12345678901234: "12345678901234"} {
		if got := Number(v).String(); got != want {
			t.Errorf("%v is written %s", v, got)
		}
	}
}
