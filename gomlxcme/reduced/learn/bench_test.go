package learn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// One update from 64 points for each network of the source, with reactions; CME_BACKENDS=1 also with XLA, if it is there.
func BenchmarkUpdate(b *testing.B) {
	p := problem(b, true)
	for name, s := range map[string]Settings{"shallow": Shallow(), "5x150": Receptors(), "8x500": Deep()} {
		for _, kind := range []string{"go", "xla:cpu"} {
			for _, single := range []bool{false, true} {
				b.Run(fmt.Sprintf("%s/%s/single=%v", name, kind, single), func(b *testing.B) {
					where, err := backend.Open(kind)
					if err != nil {
						b.Skip(err)
					}
					s.Single = single
					s, err := s.filled()
					if err != nil {
						b.Fatal(err)
					}
					n, err := p.net(where, s)
					if err != nil {
						b.Fatal(err)
					}
					rng := rand.New(rand.NewPCG(1, 1))
					theta, gradient := n.init(rng), make([]float64, n.size())
					opt := newAdam(s.Rate, n.size())
					chosen := rng.Perm(len(p.train.steps))[:s.Batch]
					for b.Loop() {
						if _, err := n.gradient(gradient, theta, p.batch(n, chosen, s, rng)); err != nil {
							b.Fatal(err)
						}
						opt.step(theta, gradient)
						n.clip(theta, s.Clip)
					}
				})
			}
		}
	}
}
