package backend_test

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// everyPath runs every function of a network on n states, a Gram matrix, which has
// n² numbers, on a third of them, each within around if that is not nil.
func everyPath(t *testing.T, m *van.Model, theta van.Params, n int, around func(path string, do func())) {
	t.Helper()
	if around == nil {
		around = func(_ string, do func()) { do() }
	}
	l := m.Box.Species()
	rng := rand.New(rand.NewPCG(5, 6))
	x, u, v, logp, product := make([]int32, n*l), make([]float64, n*l), make([]float64, n), make([]float64, n), make([]float64, m.Size())
	for i := range u {
		u[i] = rng.Float64()
	}
	c := van.Combination{Start: []int{0}}
	for i := range n {
		v[i] = rng.NormFloat64()
		c.State, c.Factor = append(c.State, int32(i), int32((i+1)%n)), append(c.Factor, 1, -1)
		c.Start = append(c.Start, len(c.State))
	}
	few := (n + 2) / 3
	gram := make([]float64, few*few)
	around("Sample", func() { must(t, m.Sample(x, theta, u, nil)) })
	around("LogProb", func() { must(t, m.LogProb(logp, theta, x)) })
	around("Scores", func() { must(t, m.Scores(logp, theta, x, func(int, int, []float64) {})) })
	around("ScoresVJP", func() { must(t, m.ScoresVJP(product, theta, x, v)) })
	around("CombinedScores", func() { must(t, m.CombinedScores(theta, x, c, func(int, int, []float64) {})) })
	around("Gram", func() { must(t, m.Gram(gram, theta, x[:few*l])) })
	c.Start = c.Start[:few+1]
	c.State, c.Factor = c.State[:c.Start[few]], c.Factor[:c.Start[few]]
	around("CombinedGram", func() { must(t, m.CombinedGram(gram, theta, x, c)) })
}

// Memory beyond what the caller hands in is bounded by the chunk: three times as
// many states take no more. A Gram matrix holds inputs and gradients of the layers or
// scores of all states, and its blocks once more: at most 2P numbers a state here.
func TestMemoryIsBoundedByTheChunk(t *testing.T) { onEach(t, testMemory) }

func testMemory(t *testing.T, open func() (*watched, *backend.Backend)) {
	w, b := open()
	m, err := van.New(b, van.Box{Caps: []int{1, 30, 30}}, van.NADE{Hidden: 24}, 1)
	must(t, err)
	theta := m.Init(rand.New(rand.NewPCG(1, 2)))
	everyPath(t, m, theta, 2, nil) // compile first
	weigh := func(n int) map[string]float64 {
		peak := map[string]float64{}
		everyPath(t, m, theta, n, func(path string, do func()) { peak[path] = w.weigh(do) })
		return peak
	}
	const n, times = 3 * van.Chunk, 3
	small, large := weigh(n), weigh(times*n)
	for path, bytes := range large {
		t.Logf("%-14s %6.2f MB, and %6.2f MB for %d times as many", path, small[path]/1e6, bytes/1e6, times)
		// Bookkeeping, such as which state a row needs, is some 100 bytes a state. Of
		// what the Go backend keeps for reuse, the collector sometimes takes the scores
		// of a chunk.
		bound := small[path] + 100*(times-1)*n + float64(8*van.Chunk*m.Size())
		if path == "Gram" || path == "CombinedGram" {
			bound += 8 * float64((times-1)*n/3*2*m.Size())
		}
		if bytes > bound {
			t.Errorf("%s: %.2f MB for %d states and %.2f MB for %d", path, small[path]/1e6, n, bytes/1e6, times*n)
		}
	}
}
