package reduced

import (
	"errors"
	"math"
	"testing"
)

// The Jacobian is that of central differences, and raw counts blow up its range: the message of the source's figure.
func TestJacobian(t *testing.T) {
	f, err := NewFeatures([]string{"Ca", "IP3", "X"}, "Ca + IP3 -> 2 Ca", "Ca + X -> 2 X", "IP3 -> 0", "X -> 2 X")
	if err != nil {
		t.Fatal(err)
	}
	rows := func() [][]float64 { return zeros(5, f.Size()) }
	span := func(p Parameters) float64 {
		j := rows()
		if err := f.Jacobian(j, p); err != nil {
			t.Fatal(err)
		}
		low, high := math.Inf(1), 0.0
		for k, row := range j {
			for i, got := range row {
				moved := func(by float64) float64 {
					q := p.Clone()
					switch {
					case k < 2:
						q.W[0][k] += by
					case k < 4:
						q.B[k-2] += by
					default:
						q.Noise += by
					}
					out := make([]float64, f.Size())
					if err := f.Evaluate(out, q); err != nil {
						t.Fatal(err)
					}
					return out[i]
				}
				size := []float64{p.W[0][0], p.W[0][1], p.B[0], p.B[1], p.Noise}[k]
				eps := 1e-4 * math.Max(math.Abs(size), 1)
				want := (moved(eps) - moved(-eps)) / (2 * eps)
				// Features are of the third power at most, so that the difference errs by eps² times a third derivative of at most 6, and by rounding.
				tolerance := 1e-6*(1+math.Abs(want)) + 1e-15*math.Abs(moved(0))/eps
				if math.Abs(got-want) > tolerance {
					t.Errorf("row %d, feature %d: %v, want %v", k, i, got, want)
				}
				if got != 0 {
					low, high = math.Min(low, math.Abs(got)), math.Max(high, math.Abs(got))
				}
			}
		}
		return math.Log10(high / low)
	}
	standard := Parameters{W: [][]float64{{-0.6, 5e-5}}, B: []float64{-0.06, -0.37}, Noise: 1.5e-6, Latent: StandardFrame(1)}
	// The same distribution in counts, with the standardisation of the source.
	raw := Parameters{W: [][]float64{{-1161, 0.29}}, B: []float64{2003, 4205}, Noise: 50, Latent: StandardFrame(1)}
	if a, b := span(standard), span(raw); !(b > a+2) {
		t.Errorf("entries span 10^%.1f standardised, 10^%.1f in counts", a, b)
	}
	if err := f.Jacobian(rows()[:4], standard); !errors.Is(err, ErrSettings) {
		t.Errorf("four rows: error %v", err)
	}
}
