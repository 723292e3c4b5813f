package evolve

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Vanilla draws from the network itself, as Tang, Weng and Zhang (2023) do: the
// zero value draws 2000 states by quasi-random numbers, which estimate averages
// with less noise than independent ones and are unbiased like them.
type Vanilla struct {
	Draws       int  // 0 means 2000
	Independent bool // draw by independent random numbers
}

// publishedBatch is the batch of the papers.
const publishedBatch = 2000

func (p Vanilla) defaults() Vanilla {
	set(&p.Draws, publishedBatch)
	return p
}

func (p Vanilla) String() string {
	p = p.defaults()
	return fmt.Sprintf("vanilla(draws=%d, independent=%t)", p.Draws, p.Independent)
}

// Propose draws exactly Draws states of weight 1.
func (p Vanilla) Propose(d Draw, add func(x []int32, weight float64)) error {
	p = p.defaults()
	if p.Draws < 1 {
		return fmt.Errorf("%w: %d draws; use at least one", ErrSettings, p.Draws)
	}
	l := d.Model.Box.Species()
	x := make([]int32, p.Draws*l)
	if err := d.Model.Sample(x, d.Params, uniforms(d, p.Draws, p.Independent), nil); err != nil {
		return err
	}
	for k := range p.Draws {
		add(x[k*l:(k+1)*l], 1)
	}
	return nil
}

// uniforms returns n points of [0, 1)^L, [n·L].
func uniforms(d Draw, n int, independent bool) []float64 {
	l := d.Model.Box.Species()
	u, shift := make([]float64, n*l), make([]float64, l)
	if independent {
		for i := range u {
			u[i] = d.Rand.Float64()
		}
		return u
	}
	for i := range shift {
		shift[i] = d.Rand.Float64()
	}
	van.NewSequence(shift).Next(u)
	return u
}
