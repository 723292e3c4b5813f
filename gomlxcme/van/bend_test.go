package van

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// The law of drawn states is the law that LogProbBent gives: both are compared over
// a whole box, with and without a conservation law, for each kind of head.
func TestBentLaws(t *testing.T) {
	be, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := NewBox([]int{1, 14, 3})
	if err != nil {
		t.Fatal(err)
	}
	lawful, err := NewBox([]int{1, 14, 3}, Law{Weights: []int{2, 1, 1}, Total: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, box := range []Box{plain, lawful} {
		for _, arch := range []Architecture{NADE{}, GRU{Heads: Logistic{}}, Ordered{Network: NADE{Heads: Softmax{}}, Order: []int{2, 0, 1}}} {
			m, err := New(be, box, arch, 2)
			if err != nil {
				t.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 2))
			theta := m.Init(rng)
			for i := range theta {
				theta[i] += 0.5 * rng.NormFloat64()
			}
			states, err := box.Enumerate(1000)
			if err != nil {
				t.Fatal(err)
			}
			n := len(states) / 3
			index := map[string]int{}
			for k := range n {
				index[fmt.Sprint(states[3*k:3*k+3])] = k
			}
			for _, b := range []Bend{Power(0), Power(0.3), Power(1), Blur(0), Blur(2), Blur(40)} {
				t.Run(fmt.Sprintf("%v/laws=%d/%v", arch, len(box.Laws), b), func(t *testing.T) {
					logq := make([]float64, n)
					if err := m.LogProbBent(logq, theta, states, b); err != nil {
						t.Fatal(err)
					}
					sum := 0.0
					for _, v := range logq {
						sum += math.Exp(v)
					}
					if math.Abs(sum-1) > 1e-12 {
						t.Fatalf("probabilities sum to 1 %+.2g", sum-1)
					}
					if b == Power(1) || b == Blur(0) {
						logp := make([]float64, n)
						if err := m.LogProb(logp, theta, states); err != nil {
							t.Fatal(err)
						}
						for k := range logp {
							if math.Abs(math.Exp(logp[k])-math.Exp(logq[k])) > 1e-12 {
								t.Fatalf("state %v: log Q is %v, log P %v", states[3*k:3*k+3], logq[k], logp[k])
							}
						}
					}
					// Quasi-random draws have less noise than independent ones, so
					// that six standard deviations of these are a wide bound.
					const draws = 20 * Chunk
					u, x := make([]float64, draws*3), make([]int32, draws*3)
					NewSequence([]float64{rng.Float64(), rng.Float64(), rng.Float64()}).Next(u)
					if err := m.SampleBent(x, theta, u, b); err != nil {
						t.Fatal(err)
					}
					seen := make([]float64, n)
					for k := range draws {
						i, ok := index[fmt.Sprint(x[3*k:3*k+3])]
						if !ok {
							t.Fatalf("%v was drawn", x[3*k:3*k+3])
						}
						seen[i]++
					}
					for k, v := range seen {
						q := math.Exp(logq[k])
						if math.Abs(v-draws*q) > 6*math.Sqrt(draws*q)+6 {
							t.Errorf("state %v: drawn %v times, want %v", states[3*k:3*k+3], v, draws*q)
						}
					}
				})
			}
		}
	}
}

// Reflection keeps probability where it is uniform and moves nothing out.
func TestBlurKernel(t *testing.T) {
	for _, m := range []int{1, 2, 3, 10} {
		for _, b := range []Blur{0, 1, 3, 100} {
			columns := make([]float64, m)
			for _, row := range b.kernel(m) {
				sum := 0.0
				for j, v := range row {
					sum += v
					columns[j] += v
				}
				if math.Abs(sum-1) > 1e-14 {
					t.Errorf("%v of %d counts: a row sums to %v", b, m, sum)
				}
			}
			for j, v := range columns {
				if math.Abs(v-1) > 1e-14 {
					t.Errorf("%v of %d counts: column %d sums to %v", b, m, j, v)
				}
			}
		}
	}
}

func TestBendSettings(t *testing.T) {
	be, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	box, err := NewBox([]int{2})
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(be, box, nil, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []Bend{Power(-1), Power(math.NaN()), Power(math.Inf(1)), Blur(-1)} {
		if err := m.SampleBent(make([]int32, 1), make(Params, m.Size()), []float64{0.5}, b); !errors.Is(err, ErrArchitecture) {
			t.Errorf("%v: got %v", b, err)
		}
	}
}
