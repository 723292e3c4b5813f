package dist_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// The product of two counts, by a table of frequencies and one after the other, against sums written out.
func TestObservables(t *testing.T) {
	states := []int32{1, 2, 3, 1, 0, 7, 2, 2}
	times := []int{3, 1, 4, 2} // how often each state was seen
	p := make([]float64, len(times))
	var a dist.Accumulator
	var values []float64
	for i, n := range times {
		p[i] = float64(n) / 10
		for range n {
			v := 1e6 + float64(states[2*i]*states[2*i+1])
			values = append(values, v)
			a.Add(v)
		}
	}
	table, err := dist.NewTable([]string{"A", "B"}, states, p, 10)
	if err != nil {
		t.Fatal(err)
	}
	b := table.Observe(func(x []int32) float64 { return 1e6 + float64(x[0]*x[1]) })
	mean := 0.0
	for _, v := range values {
		mean += v / 10
	}
	second, fourth := 0.0, 0.0
	for _, v := range values {
		second += (v - mean) * (v - mean) / 9
		fourth += math.Pow(v-mean, 4) / 10
	}
	sd := math.Sqrt(second)
	want := dist.Moment{Mean: mean, SD: sd, MeanSE: sd / math.Sqrt(10), SDSE: math.Sqrt((fourth-second*second*7/9)/10) / (2 * sd)}
	for way, got := range map[string]dist.Moment{"table": b, "one after the other": a.Moment()} {
		for i, d := range []float64{got.Mean - want.Mean, got.SD - want.SD, got.MeanSE - want.MeanSE, got.SDSE - want.SDSE} {
			if !(math.Abs(d) < 1e-8) {
				t.Errorf("%s: number %d is off by %v: %+v, want %+v", way, i, d, got, want)
			}
		}
	}
	if m := (&dist.Accumulator{}).Moment(); m != (dist.Moment{}) {
		t.Errorf("nothing: %+v", m)
	}
}

// A count as an observable has the moments of its marginal.
func TestObservedCountIsItsMarginal(t *testing.T) {
	table, err := dist.NewTable([]string{"A", "B"}, []int32{1, 2, 3, 1, 0, 7}, []float64{0.25, 0.5, 0.125}, 0)
	if err != nil {
		t.Fatal(err)
	}
	got, want := table.Observe(func(x []int32) float64 { return float64(x[1]) }), table.Moment(1)
	if m := table.Observe(func([]int32) float64 { return 0.1 }); m != (dist.Moment{Mean: 0.1}) {
		t.Errorf("a constant: %+v", m)
	}
	if math.Abs(got.Mean-want.Mean) > 1e-15 || math.Abs(got.SD-want.SD) > 1e-15 || got.MeanSE != 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
}
