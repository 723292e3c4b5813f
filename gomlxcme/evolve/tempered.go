package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Tempered draws from the network itself by quasi-random numbers, a share of the
// draws with flattened conditionals, and a share moved on by a few random
// reactions. Flattened draws reach the states that carry mass later; without
// them the network is arbitrary there, and that becomes real mass. Their small
// weight keeps the bulk accurate.
type Tempered struct {
	Unique int     // different states wanted per batch; 0 means 1200
	Limit  int     // draws per batch at most; 0 means 4096
	Share  float64 // share of flattened draws; 0 means 0.3
	Lowest float64 // smallest exponent, log-uniform in [Lowest, 1]; 0 means 0.08
	Weight float64 // weight of a flattened draw against a plain one; 0 means 0.1
	Jumps  float64 // share of draws moved by 1 to 3 random reactions; 0 means 0.1
	Floor  float64 // flattened draws with log P below −Floor are dropped; 0 means 60

	Independent bool // draw by independent instead of quasi-random numbers
}

func (p Tempered) defaults() Tempered {
	set := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	if p.Unique == 0 {
		p.Unique = 1200
	}
	if p.Limit == 0 {
		p.Limit = 4096
	}
	set(&p.Share, 0.3)
	set(&p.Lowest, 0.08)
	set(&p.Weight, 0.1)
	set(&p.Jumps, 0.1)
	set(&p.Floor, 60)
	return p
}

func (p Tempered) String() string {
	p = p.defaults()
	return fmt.Sprintf("tempered(unique=%d, limit=%d, share=%g, lowest=%g, weight=%g, jumps=%g, floor=%g, independent=%t)",
		p.Unique, p.Limit, p.Share, p.Lowest, p.Weight, p.Jumps, p.Floor, p.Independent)
}

// Propose draws blocks of states until enough different ones are found.
func (p Tempered) Propose(d Draw, add func(x []int32, weight float64)) error {
	p = p.defaults()
	l := d.Model.Box.Species()
	shift := make([]float64, l+1)
	for i := range shift {
		shift[i] = d.Rand.Float64()
	}
	sequence := van.NewSequence(shift)
	const block = 2 * van.Chunk
	point := make([]float64, l+1)
	u, power := make([]float64, block*l), make([]float64, block)
	kind := make([]float64, block)
	x, logp := make([]int32, block*l), make([]float64, block)
	var flat []int32
	start := d.Unique()
	for drawn := 0; drawn < p.Limit && d.Unique()-start < p.Unique; drawn += block {
		for k := range block {
			if p.Independent {
				for i := range point {
					point[i] = d.Rand.Float64()
				}
			} else {
				sequence.Next(point)
			}
			copy(u[k*l:], point[:l])
			kind[k], power[k] = point[l], 1
			if kind[k] < p.Share {
				power[k] = math.Pow(p.Lowest, kind[k]/p.Share)
			}
		}
		if err := d.Model.Sample(x, d.Params, u, power); err != nil {
			return err
		}
		flat = flat[:0]
		for k := range block {
			state := x[k*l : (k+1)*l]
			if kind[k] < p.Share {
				flat = append(flat, state...)
				continue
			}
			if kind[k] > 1-p.Jumps {
				jump(d, state, 1+d.Rand.IntN(3))
			}
			add(state, 1)
		}
		logp = logp[:len(flat)/l]
		if err := d.Model.LogProb(logp, d.Params, flat); err != nil {
			return err
		}
		for k, v := range logp {
			if v >= -p.Floor {
				add(flat[k*l:(k+1)*l], p.Weight)
			}
		}
	}
	return nil
}

// jump moves x by n random reactions, leaving out those that cannot fire.
func jump(d Draw, x []int32, n int) {
	for range n {
		k := d.Rand.IntN(d.System.NumReactions())
		if d.System.Propensity(k, x, d.Time) <= 0 {
			continue
		}
		for s, v := range d.System.Change(k) {
			x[s] += v
		}
		if d.Model.Box.Hole != nil && d.Model.Box.Hole.Contains(x) { // what enters is gone
			for s, v := range d.System.Change(k) {
				x[s] -= v
			}
		}
	}
}
