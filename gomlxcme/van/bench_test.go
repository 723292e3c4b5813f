package van

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// name is the kind of network and its number of parameters.
func (m *Model) name() string {
	s, _, _ := strings.Cut(m.Arch.String(), "(")
	return fmt.Sprintf("%s-%d", s, m.Size())
}

// wide are networks over 16 species with counts 0..9, from the paper's size up to
// 50,000 parameters.
func wide(b *testing.B, workers int) []*Model {
	be, err := backend.Open("go")
	if err != nil {
		b.Fatal(err)
	}
	caps := make([]int, 16)
	for i := range caps {
		caps[i] = 9
	}
	var models []*Model
	for _, arch := range []Architecture{
		NADE{Hidden: 16}, NADE{Hidden: 40}, Transformer{}, Transformer{DModel: 48},
		GRU{Hidden: 32}, GRU{Hidden: 64}, LSTM{Hidden: 32},
	} {
		m, err := New(be, Box{Caps: caps}, arch, workers)
		if err != nil {
			b.Fatal(err)
		}
		models = append(models, m)
	}
	return models
}

// neighbours lists n draws and, for each, the states with one count less, as a
// combination of up to 17 entries a row; states that several rows need are listed
// once.
func neighbours(b *testing.B, m *Model, theta Params, n int) ([]int32, Combination) {
	l := m.Box.Species()
	x := randomStates(b, m, theta, n, 41)
	rng := rand.New(rand.NewPCG(42, 43))
	index := map[string]int32{}
	var states []int32
	c := Combination{Start: []int{0}}
	add := func(s []int32) {
		k := fmt.Sprint(s)
		i, ok := index[k]
		if !ok {
			i = int32(len(index))
			index[k] = i
			states = append(states, s...)
		}
		c.State, c.Factor = append(c.State, i), append(c.Factor, rng.NormFloat64())
	}
	for r := range n {
		s := x[r*l : (r+1)*l]
		add(s)
		for i := range s {
			if s[i] > 0 {
				s[i]--
				add(s)
				s[i]++
			}
		}
		c.Start = append(c.Start, len(c.State))
	}
	return states, c
}

// What one update of a natural gradient costs with 1000 draws and two workers, in
// seconds: the products with single scores, and with rows that combine each draw
// with its neighbours.
func BenchmarkNaturalGradient16(b *testing.B) {
	const n = 1000
	for _, m := range wide(b, 2) {
		theta := m.Init(rand.New(rand.NewPCG(1, 2)))
		states, c := neighbours(b, m, theta, n)
		draws := randomStates(b, m, theta, n, 41)
		v, logp := make([]float64, len(states)/16), make([]float64, len(states)/16)
		gram, product := make([]float64, n*n), make([]float64, m.Size())
		for _, part := range []struct {
			name string
			run  func() error
		}{
			{"logprob", func() error { return m.LogProb(logp[:n], theta, draws) }},
			{"vjp", func() error { return m.ScoresVJP(product, theta, draws, v[:n]) }},
			{"scores", func() error { return m.Scores(logp[:n], theta, draws, func(int, int, []float64) {}) }},
			{"gram", func() error { return m.Gram(gram, theta, draws) }},
			{"vjp-all", func() error { return m.ScoresVJP(product, theta, states, v) }},
			{"rows", func() error { return m.CombinedScores(theta, states, c, func(int, int, []float64) {}) }},
			{"gram-rows", func() error { return m.CombinedGram(gram, theta, states, c) }},
		} {
			b.Run(m.name()+"/"+part.name, func(b *testing.B) {
				for b.Loop() {
					if err := part.run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
			})
		}
		b.Logf("%s: %d states, %d entries", m.name(), len(states)/16, len(c.State))
	}
}
