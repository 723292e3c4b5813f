package van

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// The factors add up to log P, and each sums to 1 over its counts given the
// species drawn before it, for every network, with a law and an order.
func TestConditionalsAddUp(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	box, err := NewBox([]int{5, 3, 5}, Law{Weights: []int{1, 0, 1}, Total: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []Architecture{
		NADE{}, SharedNADE{}, Transformer{}, GRU{}, LSTM{}, NADE{Heads: Logistic{}},
		Ordered{Network: GRU{}, Order: []int{2, 0, 1}},
	} {
		m, err := New(b, box, a, 2)
		if err != nil {
			t.Fatal(err)
		}
		c, err := m.Conditionals()
		if err != nil {
			t.Fatal(err)
		}
		theta := m.Init(rand.New(rand.NewPCG(1, 2)))
		x, err := box.Enumerate(1000)
		if err != nil {
			t.Fatal(err)
		}
		l := box.Species()
		logp, parts := make([]float64, len(x)/l), make([]float64, len(x))
		if err := m.LogProb(logp, theta, x); err != nil {
			t.Fatal(err)
		}
		if err := c.LogProb(parts, theta, x); err != nil {
			t.Fatal(err)
		}
		for k, want := range logp {
			if got := parts[k*l] + parts[k*l+1] + parts[k*l+2]; math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
				t.Errorf("%v: the factors of state %v add up to %v, want %v", a, x[k*l:(k+1)*l], got, want)
			}
		}
		for i, cap := range box.Caps {
			var varied []int32
			for n := range int32(cap + 1) {
				y := append([]int32(nil), x[6:9]...)
				y[i] = n
				varied = append(varied, y...)
			}
			parts := make([]float64, len(varied))
			if err := c.LogProb(parts, theta, varied); err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for n := range cap + 1 {
				sum += math.Exp(parts[n*l+i])
			}
			if math.Abs(sum-1) > 1e-12 {
				t.Errorf("%v: the conditional of species %d sums to %v", a, i, sum)
			}
		}
	}
}
