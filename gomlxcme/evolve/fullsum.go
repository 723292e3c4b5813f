package evolve

import (
	"fmt"
	"math"
)

// FullSum takes every state of a small box, weighted as Tempered would on
// average: the way to test an algorithm without sampling noise.
type FullSum struct {
	Floor  float64 // states with log P below −Floor are left out; 0 means 60
	Lowest float64 // as in Tempered; 0 means 0.08
	Weight float64 // total weight of the flattened part; 0 means 0.05, a negative number none: the weights are P
	Limit  int     // states in the box at most; 0 means 50,000
}

func (p FullSum) defaults() FullSum {
	if p.Floor == 0 {
		p.Floor = 60
	}
	if p.Lowest == 0 {
		p.Lowest = 0.08
	}
	if p.Weight == 0 {
		p.Weight = 0.05
	}
	if p.Limit == 0 {
		p.Limit = 50000
	}
	return p
}

func (p FullSum) String() string {
	p = p.defaults()
	return fmt.Sprintf("full-sum(floor=%g, lowest=%g, weight=%g)", p.Floor, p.Lowest, p.Weight)
}

// Propose enumerates the box.
func (p FullSum) Propose(d Draw, add func(x []int32, weight float64)) error {
	p = p.defaults()
	all, err := d.Model.Box.Enumerate(p.Limit)
	if err != nil {
		return fmt.Errorf("%w: full sums need a small box: %w", ErrSettings, err)
	}
	l := d.Model.Box.Species()
	logp := make([]float64, len(all)/l)
	if err := d.Model.LogProb(logp, d.Params, all); err != nil {
		return err
	}
	for i, w := range flattened(logp, p.Lowest, max(0, p.Weight)) {
		if logp[i] >= -p.Floor {
			add(all[i*l:(i+1)*l], w)
		}
	}
	return nil
}

// flattened returns (1−share)·P plus a share spread evenly over the normalised
// powers P^e, e = 1 … lowest in five steps.
func flattened(logp []float64, lowest, share float64) []float64 {
	const powers = 5
	w := make([]float64, len(logp))
	addPower := func(e, share float64) {
		sum := 0.0
		for _, v := range logp {
			sum += math.Exp(e * v)
		}
		for i, v := range logp {
			w[i] += share * math.Exp(e*v) / sum
		}
	}
	addPower(1, 1-share)
	for q := range powers {
		addPower(math.Pow(lowest, float64(q)/(powers-1)), share/powers)
	}
	return w
}
