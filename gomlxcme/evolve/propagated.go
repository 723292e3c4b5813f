package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Propagated draws where probability is about to go: a share of the draws from the
// network P is moved on by 1 to Jumps reactions, each chosen in proportion to its
// propensity, and another share may come from the network at the beginning of the
// step. The law of a moved draw is exact,
//
//	(P Kᵐ)(x) = Σ_k (P Kᵐ⁻¹)(x−s_k) a_k(x−s_k)/R(x−s_k),
//
// summed over the states that lead to x; a state that no reaction leaves stays. As many
// draws are moved by 1 as by 2 … Jumps reactions, so that the law q of the whole
// batch is the mixture of all of these, by which draws are weighed.
type Propagated struct {
	Draws       int     // 0 means 2000
	Share       float64 // of moved draws; 0 means 0.5
	Old         float64 // share of draws from the network at the beginning of the step
	Jumps       int     // most reactions; 0 means 3
	Weighting   Weighting
	Independent bool // draw by independent instead of quasi-random numbers
}

// mostJumps bounds the reactions of a draw: the states that lead to it within so
// many grow by the number of reactions each time.
const mostJumps = 6

func (p Propagated) defaults() Propagated {
	set(&p.Draws, publishedBatch)
	set(&p.Share, 0.5)
	set(&p.Jumps, 3)
	return p
}

func (p Propagated) String() string {
	p = p.defaults()
	return fmt.Sprintf("propagated(draws=%d, share=%g, old=%g, jumps=%d, weights=%v, independent=%t)", p.Draws, p.Share, p.Old, p.Jumps, p.Weighting, p.Independent)
}

// check refuses shares that do not add up.
func (p Propagated) check() error {
	switch {
	case p.Draws < 1 || !(p.Share > 0) || !(p.Old >= 0) || p.Share+p.Old > 1:
		return fmt.Errorf("%w: %v; use at least one draw, and shares that are positive and at most 1 together", ErrSettings, p)
	case p.Jumps < 1 || p.Jumps > mostJumps:
		return fmt.Errorf("%w: %v; use 1 to %d reactions", ErrSettings, p, mostJumps)
	}
	return p.Weighting.check()
}

// parts are the numbers of draws from P moved by 0 … Jumps reactions, and from the
// old network.
func (p Propagated) parts() (moved []int, old int) {
	old = int(math.Round(p.Old * float64(p.Draws)))
	all := min(p.Draws-old, max(1, int(math.Round(p.Share*float64(p.Draws)))))
	moved = make([]int, p.Jumps+1)
	moved[0] = p.Draws - old - all
	for k := range all {
		moved[1+k%p.Jumps]++
	}
	return moved, old
}

// Propose draws exactly Draws states.
func (p Propagated) Propose(d Draw, add func(x []int32, weight float64)) error {
	p = p.defaults()
	if err := p.check(); err != nil {
		return err
	}
	moved, old := p.parts()
	l := d.Model.Box.Species()
	x := make([]int32, p.Draws*l)
	begin := d.Old
	if begin == nil {
		begin = d.Params
	}
	if err := d.Model.Sample(x[:old*l], begin, uniforms(d, old, p.Independent), nil); err != nil {
		return err
	}
	at := old
	rates := make([]float64, d.System.NumReactions())
	for m, n := range moved {
		part := x[at*l : (at+n)*l]
		if err := d.Model.Sample(part, d.Params, uniforms(d, n, p.Independent), nil); err != nil {
			return err
		}
		for k := range n {
			for range m {
				if d.fire(part[k*l:(k+1)*l], rates); !d.Model.Box.Contains(part[k*l : (k+1)*l]) {
					break // what enters an absorbing basin is gone, and left out below
				}
			}
		}
		at += n
	}
	c := newCloud(d.System, d.Model.Box, d.Time)
	for k := range p.Draws {
		if d.Model.Box.Contains(x[k*l : (k+1)*l]) {
			c.bare(x[k*l:(k+1)*l], 1)
		}
	}
	if p.Weighting != Unweighted {
		if err := p.weigh(d, c, begin, moved, old); err != nil {
			return err
		}
	}
	for _, r := range c.rows {
		if r.weight > 0 { // P itself may vanish, to rounding, where others do not
			add(c.state(r.state), r.weight)
		}
	}
	return nil
}

// fire moves x by one reaction, chosen in proportion to the propensities.
func (d Draw) fire(x []int32, rates []float64) {
	u := d.Rand.Float64() * d.System.Propensities(rates, x, d.Time)
	last := -1
	for k, a := range rates {
		if a > 0 {
			last = k
			if u < a {
				break
			}
			u -= a
		}
	}
	if last < 0 {
		return
	}
	for s, v := range d.System.Change(last) {
		x[s] += v
	}
}

// weigh multiplies the rows, which must be all states of c, by P/q.
func (p Propagated) weigh(d Draw, c *cloud, begin van.Params, moved []int, old int) error {
	n := len(c.rows)
	before := make([]float64, n)
	if err := d.Model.LogProb(before, begin, c.states); err != nil {
		return err
	}
	back := newAncestry(d.System, c, p.Jumps)
	laws, err := back.laws(d.Model, d.Params)
	if err != nil {
		return err
	}
	for i := range c.rows {
		q := float64(old) * math.Exp(before[i]-laws[0][i])
		for m, count := range moved {
			q += float64(count) * math.Exp(laws[m][i]-laws[0][i])
		}
		ratio := p.Weighting.ratio(float64(p.Draws) / q)
		if d.Ratio != nil && ratio > 0 {
			d.Ratio(math.Log(ratio), c.rows[i].weight)
		}
		c.rows[i].weight *= ratio
	}
	return nil
}

// ancestry holds the states from which up to so many reactions lead to those of a
// cloud, which come first.
type ancestry struct {
	cloud *cloud
	sizes []int // number of states within 0, 1, … reactions
	leads [][]edge
}

// newAncestry adds the states that lead to those of c, generation by generation.
func newAncestry(system *crn.Compiled, c *cloud, generations int) *ancestry {
	a := &ancestry{cloud: c, sizes: []int{len(c.rowOf)}}
	l := c.box.Species()
	y, rates := make([]int32, l), make([]float64, system.NumReactions())
	total := map[int32]float64{}
	rate := func(i int32) float64 {
		v, ok := total[i]
		if !ok {
			v = system.Propensities(rates, c.state(i), c.time)
			total[i] = v
		}
		return v
	}
	done := 0
	for range generations {
		end := len(c.rowOf)
		for i := int32(done); i < int32(end); i++ {
			var leads []edge
			for k := range system.NumReactions() {
				for s, v := range system.Change(k) {
					y[s] = c.state(i)[s] - v
				}
				if !c.box.Contains(y) {
					continue
				}
				if v := system.Propensity(k, y, c.time); v > 0 {
					leads = append(leads, edge{from: c.intern(y), propensity: v})
				}
			}
			if rate(i) == 0 {
				leads = append(leads, edge{from: i, propensity: 1})
			}
			for q := range leads {
				if r := rate(leads[q].from); r > 0 {
					leads[q].propensity /= r
				}
			}
			a.leads = append(a.leads, leads)
		}
		done = end
		a.sizes = append(a.sizes, len(c.rowOf))
	}
	return a
}

// laws returns log P Kᵐ for m = 0 … generations, each at the states that came first
// at least.
func (a *ancestry) laws(m *van.Model, theta van.Params) ([][]float64, error) {
	last := len(a.sizes) - 1
	list := [][]float64{make([]float64, a.sizes[last])}
	if err := m.LogProb(list[0], theta, a.cloud.states); err != nil {
		return nil, err
	}
	for k := 1; k <= last; k++ {
		law := make([]float64, a.sizes[last-k])
		for i := range law {
			law[i] = row{inflow: a.leads[i]}.logInflow(list[k-1], make([]float64, len(a.leads[i])))
		}
		list = append(list, law)
	}
	return list, nil
}
