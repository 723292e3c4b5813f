package reduced

import (
	"math"
	"math/rand/v2"
	"testing"
)

// near fails unless got and want agree to a relative tolerance, or to it absolutely where want is below 1.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %.15g, want %.15g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range got {
		near(t, what, got[i], want[i], tolerance)
	}
}

// Values printed by the source's code, with 12 digits or more.
func TestPublishedFrames(t *testing.T) {
	const printed = 1e-12
	hat := Parameters{[][]float64{{3, 4}}, []float64{1, 2}, 0.5, StandardFrame(1)}
	p := hat.In(Frame{[]float64{2}, []float64{5}})
	nearAll(t, "b", p.B, []float64{-1.6832815729997, -1.5777087639997}, printed)
	nearAll(t, "W", p.W[0], []float64{1.3416407864999, 1.7888543819998}, printed)

	p = Parameters{[][]float64{{3, 4}}, []float64{1, 2}, 0.5, Frame{[]float64{3}, []float64{3}}}.In(Frame{[]float64{2}, []float64{5}})
	nearAll(t, "b₂", p.B, []float64{5.3524199845511, 7.8032266460681}, printed)
	nearAll(t, "W₂", p.W[0], []float64{2.3237900077244, 3.0983866769659}, printed)

	two := Parameters{[][]float64{{3, 4, 5}, {6, 7, 8}}, []float64{1, 2, 3}, 0.5, Frame{[]float64{3, 4}, []float64{3, 2}}}
	p = two.In(Frame{[]float64{2, 8}, []float64{5, 6}})
	nearAll(t, "b of two latents", p.B, []float64{1.6396070634, 3.4716115715, 5.3036160794}, 1e-10) // printed with 10 digits

	mean, cov := Parameters{[][]float64{{0.1, 0.3}}, []float64{3, 2}, 8.99, StandardFrame(1)}.Moments()
	nearAll(t, "mean", mean, []float64{3, 2, 0}, 1e-15)
	for i, row := range [][]float64{{9, 0.03, 0.1}, {0.03, 9.08, 0.3}, {0.1, 0.3, 1}} {
		nearAll(t, "covariance", cov[i], row, 1e-15)
	}
}

// A change of frame keeps the law of the visible variables, and changing back gives the parameters again.
func TestFramesAreOneDistribution(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		p := randomParameters(rng, 3)
		q := p.In(Frame{[]float64{rng.NormFloat64()}, []float64{0.1 + rng.ExpFloat64()}})
		m1, c1 := p.Moments()
		m2, c2 := q.Moments()
		nearAll(t, "mean", m1[:3], m2[:3], 1e-12)
		for i := range 3 {
			nearAll(t, "covariance", c1[i][:3], c2[i][:3], 1e-12)
		}
		back := q.In(p.Latent)
		nearAll(t, "W", back.W[0], p.W[0], 1e-12)
		nearAll(t, "b", back.B, p.B, 1e-12)
	}
}

func TestFromMoments(t *testing.T) {
	p := randomParameters(rand.New(rand.NewPCG(3, 4)), 2)
	q, err := FromMoments(p.Moments())
	if err != nil {
		t.Fatal(err)
	}
	nearAll(t, "W", q.W[0], p.W[0], 1e-12)
	nearAll(t, "b", q.B, p.B, 1e-12)
	near(t, "noise", q.Noise, p.Noise, 1e-12)
	if _, err := FromMoments([]float64{1, 0}, [][]float64{{1, 0}, {0, 0}}); err == nil {
		t.Error("accepted a latent variable without variance")
	}
}

func randomParameters(rng *rand.Rand, v int) Parameters {
	p := Parameters{W: [][]float64{make([]float64, v)}, B: make([]float64, v), Noise: 0.05 + rng.Float64()}
	for i := range v {
		p.W[0][i], p.B[i] = rng.NormFloat64(), rng.NormFloat64()
	}
	p.Latent = Frame{[]float64{rng.NormFloat64()}, []float64{0.2 + rng.ExpFloat64()}}
	return p
}
