package dist_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"pgregory.net/rapid"
)

func TestTableAnswers(t *testing.T) {
	table, err := dist.NewTable([]string{"A", "B"}, []int32{0, 1, 2, 0, 5, 5}, []float64{0.25, 0.75, 0}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if m := table.Marginal(0); fmt.Sprint(m.P) != "[0.25 0 0.75]" || m.N != 0 {
		t.Errorf("marginal %v", m)
	}
	if m := table.Moment(0); m.Mean != 1.5 || math.Abs(m.SD-math.Sqrt(0.75)) > 1e-15 || m.MeanSE != 0 {
		t.Errorf("moment %+v", m)
	}
	if j, err := table.Joint(1, 0); err != nil || j.A != "B" || j.P[1][0] != 0.25 || j.P[0][2] != 0.75 {
		t.Errorf("joint %+v, %v", j, err)
	}
	for _, test := range []struct {
		x    []int32
		want float64
	}{{[]int32{2, 0}, math.Log(0.75)}, {[]int32{5, 5}, math.Inf(-1)}, {[]int32{7, 7}, math.Inf(-1)}} {
		if got := table.LogProb(test.x); got != test.want {
			t.Errorf("ln P(%v) = %v, want %v", test.x, got, test.want)
		}
	}
	if table.Len() != 3 || table.State(1)[0] != 2 || table.P(1) != 0.75 || table.Mass() != 1 {
		t.Error("states and probabilities")
	}
}

func TestTableRefuses(t *testing.T) {
	one := []string{"A"}
	for name, test := range map[string]struct {
		species []string
		states  []int32
		p       []float64
		want    error
	}{
		"no species":     {nil, nil, nil, dist.ErrShape},
		"lengths":        {one, []int32{0, 1}, []float64{1}, dist.ErrShape},
		"state twice":    {one, []int32{1, 1}, []float64{0.5, 0.5}, dist.ErrShape},
		"negative count": {one, []int32{-1}, []float64{1}, dist.ErrCount},
		"negative":       {one, []int32{0, 1}, []float64{1, -0.1}, dist.ErrProbability},
		"NaN":            {one, []int32{0}, []float64{math.NaN()}, dist.ErrProbability},
		"infinite":       {one, []int32{0}, []float64{math.Inf(1)}, dist.ErrProbability},
		"sum":            {one, []int32{0, 1}, []float64{0.9, 0.2}, dist.ErrProbability},
	} {
		if _, err := dist.NewTable(test.species, test.states, test.p, 0); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

func TestStateSetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set, model := dist.NewStateSet(2), map[[2]int32]int{}
		for range rapid.IntRange(0, 300).Draw(t, "adds") {
			x := [2]int32{rapid.Int32Range(0, 9).Draw(t, "a"), rapid.Int32().Draw(t, "b") % 5}
			i, added := set.Add(x[:])
			j, known := model[x]
			if added == known || (known && i != j) || (added && i != len(model)) {
				t.Fatalf("state %v: %d, added %t; model %d, known %t", x, i, added, j, known)
			}
			model[x] = i
		}
		clone := set.Clone()
		clone.Add([]int32{77, 77})
		for x, i := range model {
			if j, ok := set.Index(x[:]); !ok || i != j || set.State(i)[0] != x[0] || set.State(i)[1] != x[1] {
				t.Fatalf("state %v is lost", x)
			}
		}
		if _, ok := set.Index([]int32{77, 77}); ok || set.Len() != len(model) || len(set.Flat()) != 2*len(model) {
			t.Fatal("the clone reaches into the set")
		}
	})
}

func BenchmarkStateSet(b *testing.B) {
	for b.Loop() {
		set := dist.NewStateSet(3)
		for i := range int32(10_000) {
			set.Add([]int32{i % 20, i / 20 % 20, i / 400})
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/state")
}
