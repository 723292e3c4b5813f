package reduced

import (
	"errors"
	"testing"
)

// Values of the source's own test.
func TestPublishedFourier(t *testing.T) {
	f := Fourier{0, []float64{1, 2, 3}, []float64{1, 2, 3}, []float64{1, 2, 3}}
	near(t, "offset 0, step 4", f.At(4), -0.0820331867, 1e-9) // printed with nine digits
	f.Offset = 1.01
	near(t, "offset 1.01, step 3", f.At(3), 0.986210227, 1e-9)
}

func TestLatentVarianceStaysPositive(t *testing.T) {
	l := Trial(6, 401)
	l.Var.Sin[5] = 1000
	for step := range 401 {
		f, err := l.Frame(float64(step + 1))
		if err != nil || f.Var[0] < 0.01-1e-12 || f.Mean[0] < -1 || f.Mean[0] > 1 {
			t.Fatalf("step %d: %v, error %v", step+1, f, err)
		}
	}
	l.Var.Offset = -2
	if _, err := l.Frame(1); !errors.Is(err, ErrSettings) {
		t.Errorf("a variance below 0: error %v", err)
	}
}

func TestScale(t *testing.T) {
	s, err := ScaleOf([][]float64{{1, 5e-6, 2}, {3, 5e-6, 2}}, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "mean", s.Mean, []float64{2, 0, 2}, 1e-15)
	nearAll(t, "sd", s.SD, []float64{1.4142135623730951, 1, 1}, 1e-15)
	z := []float64{3, 5e-6, 4}
	s.Apply(z, z)
	nearAll(t, "z", z, []float64{0.7071067811865475, 0, 2}, 1e-15)
	s.Undo(z, z)
	nearAll(t, "back", z, []float64{3, 0, 4}, 1e-15)
	if _, err := ScaleOf([][]float64{{1}}, 0); !errors.Is(err, ErrSamples) {
		t.Errorf("one row: error %v", err)
	}
}
