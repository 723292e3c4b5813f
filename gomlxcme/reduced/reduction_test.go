package reduced

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// drawn are runs of two counts: the first has the mean 1000 + 5 t and the loading 100 on a latent variable of each run, the second
// has the mean 2000; both have noise of 5.
func drawn(runs, times int) *Sums {
	rng := rand.New(rand.NewPCG(11, 12))
	at := make([]float64, times)
	for i := range at {
		at[i] = float64(i) / 10
	}
	s := NewSums([]string{"x", "y"}, at)
	for range runs {
		h := rng.NormFloat64()
		for i := range at {
			x := 1000 + 5*float64(i) + 100*h + 5*rng.NormFloat64()
			s.Add(i, int32(math.Round(x)), int32(math.Round(2000+5*rng.NormFloat64())))
		}
		s.AddRun()
	}
	return s
}

func TestReduce(t *testing.T) {
	s := drawn(400, 60)
	r := Reduction{
		Scale:   Standardisation{[]float64{1000, 2000}, []float64{100, 100}},
		Smooth:  TotalVariation{Weight: 1},
		MovingW: []int{0}, MovingB: []int{0},
		FixedW: map[int]float64{1: 0.001},
	}
	out, err := r.Reduce(s)
	if err != nil {
		t.Fatal(err)
	}
	first := out.Raw[0]
	// The latent variables are the same at all times, so that their 400 runs make one error: mean ±0.05, sd ±0.035; six of each.
	near(t, "b of x", first.B[0], 0, 0.3)
	near(t, "W of x", first.W[0][0], 1, 0.21)
	noise := 0.0
	for i, p := range out.Filtered {
		near(t, "b of y", p.B[1], out.Filtered[0].B[1], 0)
		near(t, "W of y", p.W[0][1], 0.001, 0)
		near(t, "noise", p.Noise, out.Filtered[0].Noise, 0)
		noise += out.Raw[i].Noise / 60
		if i > 0 {
			near(t, "step of b", p.B[0]-out.Filtered[i-1].B[0], out.DB[0][i-1], 1e-12)
			near(t, "step of W", p.W[0][0]-out.Filtered[i-1].W[0][0], out.DW[0][i-1], 1e-12)
			// The slope is 0.05 a step; the noise of a mean is 0.05/√400.
			near(t, "derivative of b", out.DB[0][i-1], 0.05, 0.01)
		}
	}
	near(t, "noise", out.Filtered[0].Noise, noise, 1e-12)
	r.FixedNoise = 0.5
	if out, err = r.Reduce(s); err != nil || out.Filtered[3].Noise != 0.5 {
		t.Errorf("noise fixed at 0.5: %v, error %v", out.Filtered[3].Noise, err)
	}
}

func TestReduceRefuses(t *testing.T) {
	scale := Standardisation{[]float64{0, 0}, []float64{1, 1}}
	smooth := TotalVariation{Weight: 1}
	for what, c := range map[string]struct {
		r    Reduction
		s    *Sums
		want error
	}{
		"one run":           {Reduction{Scale: scale, Smooth: smooth}, drawn(1, 5), ErrSamples},
		"no scale":          {Reduction{Smooth: smooth}, drawn(3, 5), ErrSettings},
		"no such variable":  {Reduction{Scale: scale, Smooth: smooth, MovingW: []int{2}}, drawn(3, 5), ErrSettings},
		"a count at rest":   {Reduction{Scale: scale, Smooth: smooth}, drawn(3, 5).WithConstant("z", 1), ErrSettings},
		"too short":         {Reduction{Scale: scale, Smooth: smooth, MovingB: []int{0}}, drawn(30, 3), ErrSeries},
		"no weight":         {Reduction{Scale: scale, MovingB: []int{0}}, drawn(30, 6), ErrSettings},
		"constants at rest": {Reduction{Scale: Standardisation{make([]float64, 1), make([]float64, 1)}}, NewSums([]string{"x"}, []float64{0}), ErrSamples},
	} {
		if _, err := c.r.Reduce(c.s); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", what, err, c.want)
		}
	}
}

// From counts of runs to parameters that move smoothly.
func ExampleReduction_Reduce() {
	r := Reduction{
		Scale:   Standardisation{Mean: []float64{1000, 2000}, SD: []float64{100, 100}},
		Smooth:  TotalVariation{Weight: 1},
		MovingB: []int{0},
	}
	series, err := r.Reduce(drawn(400, 60))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("slope of b: %.3f a step\n", series.DB[0][30])
	// Output:
	// slope of b: 0.050 a step
}
