package van

import (
	"os"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// Graphs mean the same on another backend: the same uniform numbers give the same
// states, and all results agree to rounding. CME_XLA names the plugin, as backend.Open
// takes it behind "xla:"; compiling for it takes minutes.
func TestBackendsAgree(t *testing.T) {
	plugin := os.Getenv("CME_XLA")
	if plugin == "" {
		t.Skip("set CME_XLA to an XLA plugin, its name or absolute path")
	}
	other, err := backend.Open("xla:" + plugin)
	if err != nil {
		t.Fatal(err)
	}
	const n = 200
	for name, m := range testModels(t) {
		x, err := New(other, m.Box, m.Arch, 2)
		if err != nil {
			t.Fatal(name, err)
		}
		theta := roughParams(m, 91)
		states := randomStates(t, m, theta, n, 92)
		moved := 0
		for i, v := range randomStates(t, x, theta, n, 92) {
			if v != states[i] {
				moved++
			}
		}
		if moved > 0 {
			t.Errorf("%s: %d counts differ", name, moved)
		}
		results := func(m *Model) [][]float64 {
			logp, gram, product := make([]float64, n), make([]float64, n*n), make([]float64, m.Size())
			if err := m.LogProb(logp, theta, states); err != nil {
				t.Fatal(name, err)
			}
			if err := m.Gram(gram, theta, states); err != nil {
				t.Fatal(name, err)
			}
			if err := m.ScoresVJP(product, theta, states, logp); err != nil {
				t.Fatal(name, err)
			}
			return [][]float64{logp, allScores(t, m, theta, states), gram, product}
		}
		want := results(m)
		for i, got := range results(x) {
			if d := different(got, want[i]); !(d < sameSum) {
				t.Errorf("%s: result %d differs by %v", name, i, d)
			}
		}
	}
}
