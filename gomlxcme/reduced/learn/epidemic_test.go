package learn_test

import (
	"context"
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// outbreaks are the sums over runs of the susceptible and the infected of the catalogue's epidemic at one rate of infection, from t = 1 to 20. The
// rate, times 10⁵, is a third count that is the same in all runs, as the number of receptors is in the calcium model.
func outbreaks(rate float64, runs int) (*reduced.Sums, error) {
	entry, err := systems.Lookup("epidemic")
	if err != nil {
		return nil, err
	}
	network := entry.Build()
	if err := network.SetParam("beta", rate); err != nil {
		return nil, err
	}
	compiled, err := network.Compile()
	if err != nil {
		return nil, err
	}
	var times []float64
	for i := range 191 {
		times = append(times, 1+0.1*float64(i))
	}
	sums := reduced.NewSums([]string{"S", "I"}, times)
	for run := range runs {
		path, err := ssa.Trajectory(context.Background(), compiled, ssa.Settings{Times: times, Seed: uint64(1e6 * rate)}, run)
		if err != nil {
			return nil, err
		}
		for t, at := range times {
			x := path.At(at)
			sums.Add(t, x[0], x[1])
		}
		sums.AddRun()
	}
	return sums.WithConstant("K", int32(math.Round(1e5*rate))), nil
}

// The same method for another system: an epidemic with a seasonal rate of infection. Four rates are learned from, and two between them are not seen.
func Example_epidemic() {
	if err := epidemic(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// susceptible + infected -> 2 infected: 7 inputs
	// rate 0.0025: at least ten times better than the first values: true
	// rate 0.0045: at least ten times better than the first values: true
}

func epidemic() error {
	rates := []float64{0.002, 0.003, 0.004, 0.005, 0.0025, 0.0045}
	var sums []*reduced.Sums
	for _, rate := range rates {
		s, err := outbreaks(rate, 200)
		if err != nil {
			return err
		}
		sums = append(sums, s)
	}
	scale, err := reduced.Standardise(sums[0], sums[3])
	if err != nil {
		return err
	}
	r := reduced.Reduction{
		Scale: scale, PPCA: reduced.PPCA{Orientation: reduced.Positive, Constants: []int{2}}, Smooth: reduced.TotalVariation{Weight: 1},
		MovingW: []int{0, 1}, MovingB: []int{0, 1}, FixedW: map[int]float64{2: 0},
	}
	var series []*reduced.Series
	for _, s := range sums {
		one, err := r.Reduce(s)
		if err != nil {
			return err
		}
		series = append(series, one)
	}
	f, err := reduced.NewFeatures([]string{"S", "I", "K", "X"},
		"S + I -> 2 I", "I -> 0", "S -> 0", "K + I -> K", "K + S -> K", "S + X -> 2 X", "I + X -> 2 X", "K + X -> K", "X -> 2 X", "X -> 0")
	if err != nil {
		return err
	}
	fmt.Printf("susceptible + infected -> 2 infected: %d inputs\n", f.Approximations[0].Size())
	p, err := learn.Prepare(r, learn.Inputs{Polynomials: f.Polynomials(), Harmonics: 8, Guard: 1e-3}, series[:4])
	if err != nil {
		return err
	}
	b, err := backend.Open("go")
	if err != nil {
		return err
	}
	m, err := learn.Train(context.Background(), b, p, learn.Settings{Dropout: 0.1, Epochs: 60, Seed: 1})
	if err != nil {
		return err
	}
	for i, rate := range rates[4:] {
		s := series[4+i]
		var errs [2]float64
		for k, field := range []reduced.Field{m.Field, reduced.Still} {
			path, err := reduced.Euler{}.Follow(field, s.Filtered[0], len(s.Filtered))
			if err != nil {
				return err
			}
			if errs[k], err = r.Deviation(path, s.Filtered); err != nil {
				return err
			}
		}
		fmt.Printf("rate %v: at least ten times better than the first values: %v\n", rate, errs[0] < errs[1]/10)
	}
	return nil
}
