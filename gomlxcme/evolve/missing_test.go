package evolve

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// What reactions carry to a hole of the network is missing, within a hundredth, which the fit leaves. Nothing is in a law at
// rest: what flows in there is what flows out.
func TestMissingProbability(t *testing.T) {
	const birth, decay, limit, hole, beta = 2.0, 1.0, 6, 3, 0.2
	n := crn.New("birth and death")
	n.Param("birth", birth)
	n.Param("decay", decay)
	n.AddSpecies("X", crn.Delta(0), limit)
	n.React("0 -> X", "birth")
	n.React("X -> 0", "decay")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	p := newProblem(t, c, FullSum{})
	states, law := make([]int32, limit+1), make([]float64, limit+1)
	for k := range states {
		lg, _ := math.Lgamma(float64(k) + 1)
		states[k], law[k] = int32(k), math.Exp(float64(k)*math.Log(birth/decay)-lg)
	}
	missing := func(law []float64) float64 {
		t.Helper()
		sum := 0.0
		for _, v := range law {
			sum += v
		}
		for i := range law {
			law[i] /= sum
		}
		theta, _, err := p.fit(t.Context(), p.model.Init(rand.New(rand.NewPCG(1, 2))), states, law)
		if err != nil {
			t.Fatal(err)
		}
		draws, err := p.draw(FullSum{}, theta, nil, 1, rand.New(rand.NewPCG(3, 4)))
		if err != nil {
			t.Fatal(err)
		}
		v, err := p.missing(draws, theta, beta)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if got := missing(law); got > 1e-12 {
		t.Errorf("%g is missing in a law at rest", got)
	}
	law[hole] = 1e-80
	got := missing(law)
	want := law[hole-1]*min(1, beta*birth) + law[hole+1]*min(1, beta*(hole+1)*decay)
	if math.Abs(got-want) > 0.01*want {
		t.Errorf("%g is missing in a law with a hole, want %g", got, want)
	}
}
