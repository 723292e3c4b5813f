package reduced

import (
	"errors"
	"math"
	"testing"
)

var oneMoves = Reduction{MovingW: []int{0}, MovingB: []int{0}}

func still() Parameters {
	return Parameters{[][]float64{{1, 0.5}}, []float64{2, 3}, 0.1, StandardFrame(1)}
}

// Decay of b at a rate r a step and drift of W with the step: Euler gives (1 − r)^k, the adaptive method e^{−rk}.
func TestIntegrators(t *testing.T) {
	field := func(dw, db []float64, p Parameters, step float64) error {
		db[0], dw[0] = -0.1*p.B[0], 0.01*step
		return nil
	}
	euler, err := Euler{}.Follow(field, still(), 11)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Euler b", euler[10].B[0], 2*math.Pow(0.9, 10), 1e-14)
	near(t, "Euler W", euler[10].W[0][0], 1+0.01*55, 1e-14)
	smooth, err := Adaptive{}.Follow(field, still(), 11)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "adaptive b", smooth[10].B[0], 2*math.Exp(-1), 1e-6)
	near(t, "adaptive W", smooth[10].W[0][0], 1+0.01*(121-1)/2, 1e-6)
	for _, p := range [][]Parameters{euler, smooth} {
		nearAll(t, "what does not move", []float64{p[10].B[1], p[10].W[0][1], p[10].Noise}, []float64{3, 0.5, 0.1}, 0)
	}
}

// Several fields together are their median, of an even number the mean of the two in the middle, and the failure of one is that of all.
func TestTogether(t *testing.T) {
	var fields []Field
	for _, slope := range []float64{1, 2, 6} {
		fields = append(fields, func(dw, db []float64, _ Parameters, step float64) error {
			dw[0], db[1] = slope, slope*step
			return nil
		})
	}
	first := Parameters{W: [][]float64{{0, 0}}, B: []float64{0, 0}, Latent: StandardFrame(1)}
	path, err := Euler{}.Follow(Together(fields...), first, 3)
	if err != nil {
		t.Fatal(err)
	}
	if p := path[2]; p.W[0][0] != 4 || p.B[1] != 6 || p.W[0][1] != 0 || p.B[0] != 0 {
		t.Errorf("after two steps W %v, b %v, want 4 and 6", p.W[0], p.B)
	}
	if path, err = (Euler{}).Follow(Together(fields[1:]...), first, 2); err != nil || path[1].W[0][0] != 4 {
		t.Errorf("of two fields W %v, want 4; error %v", path[1].W[0], err)
	}
	fields[1] = func(_, _ []float64, _ Parameters, _ float64) error { return ErrDiverged }
	if _, err := (Euler{}).Follow(Together(fields...), first, 3); !errors.Is(err, ErrDiverged) {
		t.Errorf("error %v", err)
	}
}

// Euler's steps along the derivatives of a series give the filtered series back.
func TestEulerFollowsASeries(t *testing.T) {
	r := Reduction{
		Scale:   Standardisation{[]float64{1000, 2000}, []float64{100, 100}},
		Smooth:  TotalVariation{Weight: 1},
		MovingW: []int{0}, MovingB: []int{0},
	}
	s, err := r.Reduce(drawn(100, 40))
	if err != nil {
		t.Fatal(err)
	}
	path, err := Euler{}.Follow(s.Known, s.Filtered[0], 40)
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Deviation(path, s.Filtered)
	if err != nil || d > 1e-28 {
		t.Errorf("mean squared deviation %v, error %v", d, err)
	}
	kept, err := Euler{}.Follow(Still, s.Filtered[0], 40)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = r.Deviation(kept, s.Filtered); err != nil || d < 0.1 { // b rises by 2 in 40 steps
		t.Errorf("the first value kept: deviation %v, error %v", d, err)
	}
}

func TestIntegratorsRefuse(t *testing.T) {
	wild := func(dw, db []float64, p Parameters, step float64) error {
		db[0] = math.Exp(p.B[0] * p.B[0])
		return nil
	}
	for _, i := range []Integrator{Euler{}, Adaptive{}} {
		if _, err := i.Follow(wild, still(), 20); !errors.Is(err, ErrDiverged) {
			t.Errorf("%T: error %v", i, err)
		}
		if _, err := i.Follow(Still, still(), 0); !errors.Is(err, ErrSettings) {
			t.Errorf("%T, no steps: error %v", i, err)
		}
	}
	if _, err := oneMoves.Deviation(nil, nil); !errors.Is(err, ErrSettings) {
		t.Errorf("no series: error %v", err)
	}
}
