package fsp

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

func TestBesselAgainstItsSeries(t *testing.T) {
	for _, z := range []float64{1e-3, 0.2, 1, 9} {
		b := newBessel(z)
		for k := range 8 {
			want, term := 0.0, math.Exp(-z)
			for i := 1; i <= k; i++ {
				term *= z / 2 / float64(i)
			}
			for m := 1; m < 80; m++ {
				want += term
				term *= z * z / 4 / float64(m) / float64(m+k)
			}
			if math.Abs(b.value[k]/want-1) > 1e-12 {
				t.Errorf("z = %v: e^-z I_%d = %v, want %v", z, k, b.value[k], want)
			}
		}
	}
	for _, z := range []float64{0.5, 300, 70_000} {
		// Σ' 2 e^{−z} I_k(z) = 1, and the same sum of the integrals is z.
		b := newBessel(z)
		value, integral := b.value[0], b.integral[0]
		for k := 1; k < len(b.value); k++ {
			value += 2 * b.value[k]
			integral += 2 * b.integral[k]
		}
		if math.Abs(value-1) > 1e-12 || math.Abs(integral/z-1) > 1e-11 {
			t.Errorf("z = %v: sums %v and %v", z, value, integral)
		}
	}
}

// cycle is A -> B -> C -> A with one molecule: eigenvalues on a circle, the worst case of the series.
func cycle(t *testing.T) *Projection {
	n := crn.New("cycle")
	for i, name := range []string{"A", "B", "C"} {
		n.AddSpecies(name, crn.Delta(max(0, 1-i)), 1)
	}
	for _, r := range []string{"A -> B", "B -> C", "C -> A"} {
		n.ReactWith(r, crn.Number(1))
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewProjection(c, 10)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSeriesNoticesThatItDiverges(t *testing.T) {
	p := cycle(t)
	team := newTeam(p.op, 1)
	defer team.close()
	if _, err := chebyshev(context.Background(), team, p.p, 5000, 1e-12, nil); !errors.Is(err, errShorten) {
		t.Errorf("got %v", err)
	}
	p.stepper = Chebyshev
	if err := p.Advance(context.Background(), 0, 3); err != nil {
		t.Fatal(err)
	}
	if p.stepper != Uniformisation {
		t.Error("it went on with the series")
	}
	q := cycle(t)
	if err := q.Advance(context.Background(), 0, 3); err != nil {
		t.Fatal(err)
	}
	for i, v := range p.p {
		if d := math.Abs(v - q.p[i]); d > p.Bound()+q.Bound() {
			t.Errorf("state %d differs by %v, bound %v", i, d, p.Bound())
		}
	}
}
