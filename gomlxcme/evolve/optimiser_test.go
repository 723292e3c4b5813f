package evolve

import (
	"math"
	"testing"
)

// Long gradients keep their direction and get the norm of the limit; short ones
// and those without a limit stay.
func TestClip(t *testing.T) {
	for _, c := range []struct {
		limit, want float64
	}{{1, 1}, {10, 5}, {-1, 5}} {
		g := []float64{3, -4}
		clip(g, c.limit)
		if math.Abs(math.Hypot(g[0], g[1])-c.want) > 1e-15 || math.Abs(g[0]/g[1]+0.75) > 1e-15 {
			t.Errorf("limit %g: %v", c.limit, g)
		}
	}
}

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		schedule           Schedule
		first, middle, end float64
	}{
		{Constant{}, 1, 1, 1},
		{Cosine{Final: 0.2}, 1, 0.6, 0.2},
		{Exponential{PerEpoch: 0.5}, 1, 0.25, 0.0625},
	} {
		for epoch, want := range map[int]float64{0: c.first, 2: c.middle, 4: c.end} {
			if got := c.schedule.Factor(epoch, 4); math.Abs(got-want) > 1e-15 {
				t.Errorf("%v: factor %v in epoch %d of 4, want %v", c.schedule, got, epoch, want)
			}
		}
	}
}

// Adam's first update has the same size for every parameter that has a gradient.
func TestAdamsFirstUpdate(t *testing.T) {
	s := drawn(t, exact, whole).step
	before := s.Theta
	if err := (Adam{Rate: 0.01, Epochs: 1}).Step(s); err != nil {
		t.Fatal(err)
	}
	moved := 0
	for i, v := range s.Theta {
		if d := math.Abs(v - before[i]); math.Abs(s.Memory.Vectors[0][i]) > 1e-5 {
			moved++
			// The first moment is a tenth of the gradient, beside which 1e-8 counts.
			if math.Abs(d-0.01) > 1e-5 {
				t.Errorf("parameter %d moves by %v", i, d)
			}
		}
	}
	if moved == 0 || s.Memory.Count != 1 {
		t.Errorf("%d parameters have a gradient, count %d", moved, s.Memory.Count)
	}
}
