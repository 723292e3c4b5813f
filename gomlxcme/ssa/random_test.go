package ssa

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGeneratorIsXoshiro compares with the first numbers of the published generator from the state 1, 2, 3, 4.
func TestGeneratorIsXoshiro(t *testing.T) {
	g := generator{1, 2, 3, 4}
	for i, want := range []uint64{41943041, 58720359, 3588806011781223, 3591011842654386, 9228616714210784205, 9973669472204895162} {
		var got uint64
		if got, g = g.next(); got != want {
			t.Fatalf("number %d: %d, want %d", i, got, want)
		}
	}
}

// TestZigguratCloses: the layers have equal areas, and the topmost one ends at height 1.
func TestZigguratCloses(t *testing.T) {
	z := exponential
	area := (z.tail + 1) * math.Exp(-z.tail)
	for i := 1; i < layers; i++ {
		if got := z.width[i] * 0x1p53 * (z.height[i+1] - z.height[i]); math.Abs(got/area-1) > 1e-10 {
			t.Errorf("layer %d has area %v, want %v", i, got, area)
		}
	}
}

// TestWaitsAreExponential: of 4 million draws the largest distance of the cumulative frequencies from 1 − e^{−x} stays below 2.7/√n, which the
// law of Kolmogorov exceeds with probability 2 e^{−2·2.7²} = 1e-6. The tail beyond the ziggurat's last edge and the upper bits of choices are
// counted, within five standard errors.
func TestWaitsAreExponential(t *testing.T) {
	n := 4_000_000
	if testing.Short() {
		n = 400_000
	}
	var d draws
	d.begin(rand.New(rand.NewPCG(3, 4)))
	waits, tail, low := make([]float64, n), 0, 0
	for k := range waits {
		i := d.take()
		waits[k] = d.wait[i]
		if d.wait[i] > exponential.tail+0.5 {
			tail++
		}
		if d.choice[i] < 0 || d.choice[i] >= certain {
			t.Fatalf("choice %d", d.choice[i])
		}
		if d.choice[i] < certain/3 {
			low++
		}
	}
	slices.Sort(waits)
	off := 0.0
	for k, x := range waits {
		p := -math.Expm1(-x)
		off = max(off, p-float64(k)/float64(n), float64(k+1)/float64(n)-p)
	}
	if limit := 2.7 / math.Sqrt(float64(n)); off > limit {
		t.Errorf("distance %v of the cumulative frequencies, limit %v", off, limit)
	}
	for _, test := range []struct {
		what string
		got  int
		p    float64
	}{{"tail", tail, math.Exp(-exponential.tail - 0.5)}, {"choices", low, 1.0 / 3}} {
		want := test.p * float64(n)
		if math.Abs(float64(test.got)-want) > 5*math.Sqrt(want) {
			t.Errorf("%s: %d, want %.0f", test.what, test.got, want)
		}
	}
}

// TestDrawsComeInOrder: how many are made ahead is not seen from outside.
func TestDrawsComeInOrder(t *testing.T) {
	var d draws
	d.begin(rand.New(rand.NewPCG(3, 4)))
	g := newGenerator(rand.New(rand.NewPCG(3, 4)))
	for k := range 1000 {
		i := d.take()
		var bits uint64
		var want float64
		bits, g = g.next()
		want, g = exponential.seldom(bits, g)
		bits, g = g.next()
		if d.wait[i] != want || d.choice[i] != int64(bits>>2) {
			t.Fatalf("draw %d", k)
		}
	}
}
