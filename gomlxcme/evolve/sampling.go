package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Weighting says what becomes of states that were not drawn from the network P
// itself.
type Weighting int

const (
	// Balanced weighs every state by P/q, where q is the law of a whole batch: of
	// n₁ draws from P and n₂ from Q, q = (n₁P + n₂Q)/(n₁+n₂), the balance heuristic
	// of Veach and Guibas (SIGGRAPH 1995). Averages are those over P, and with n₁ > 0
	// no weight exceeds (n₁+n₂)/n₁. Weights are normalised to sum 1 where used.
	Balanced Weighting = iota
	// Unweighted gives all draws the same weight, as the papers do with their option
	// "noreweight": the fit is then measured by q and not by P. It has the same
	// solution where the network can represent the target, and another compromise
	// where it cannot; a gradient of the divergence it is not.
	Unweighted
	// Defensive gives every state a share of 0.05 of the weight beside 0.95 of its
	// balanced one, [0.95 P + 0.05 q]/q: averages keep to the bulk, and the tails to which
	// q reaches have a say. It is what Implicit wants.
	Defensive
)

// defensiveShare is that of q.
const defensiveShare = 0.05

// ratio is the weight of a state whose balanced weight is P/q.
func (w Weighting) ratio(balanced float64) float64 {
	switch w {
	case Unweighted:
		return 1
	case Defensive:
		return (1-defensiveShare)*balanced + defensiveShare
	}
	return balanced
}

func (w Weighting) check() error {
	if w < Balanced || w > Defensive {
		return fmt.Errorf("%w: %v; use Balanced, Unweighted or Defensive", ErrSettings, w)
	}
	return nil
}

func (w Weighting) String() string {
	switch w {
	case Balanced:
		return "balanced"
	case Unweighted:
		return "unweighted"
	case Defensive:
		return "defensive"
	}
	return fmt.Sprintf("Weighting(%d)", int(w))
}

// enhanced draws a share of a batch from a bent law Q and the rest from P.
type enhanced struct {
	draws       int
	share       float64
	bend        van.Bend
	weighting   Weighting
	independent bool
}

// propose draws exactly draws states.
func (p enhanced) propose(d Draw, add func(x []int32, weight float64)) error {
	if err := p.weighting.check(); err != nil {
		return err
	}
	if !(p.share > 0 && p.share <= 1) || p.draws < 1 {
		return fmt.Errorf("%w: %d draws, a share of %g of them from %v; use at least one draw and a share above 0 up to 1", ErrSettings, p.draws, p.share, p.bend)
	}
	l := d.Model.Box.Species()
	other := min(p.draws, max(1, int(math.Round(p.share*float64(p.draws)))))
	plain := p.draws - other
	x := make([]int32, p.draws*l)
	if err := d.Model.Sample(x[:plain*l], d.Params, uniforms(d, plain, p.independent), nil); err != nil {
		return err
	}
	if err := d.Model.SampleBent(x[plain*l:], d.Params, uniforms(d, other, p.independent), p.bend); err != nil {
		return err
	}
	// Each different state is evaluated once.
	c := newCloud(d.System, d.Model.Box, d.Time)
	for k := range p.draws {
		c.bare(x[k*l:(k+1)*l], 1)
	}
	if p.weighting != Unweighted {
		logp, logq := make([]float64, len(c.rows)), make([]float64, len(c.rows))
		if err := d.Model.LogProb(logp, d.Params, c.states); err != nil {
			return err
		}
		if err := d.Model.LogProbBent(logq, d.Params, c.states, p.bend); err != nil {
			return err
		}
		for i := range c.rows {
			ratio := p.weighting.ratio(float64(p.draws) / (float64(plain) + float64(other)*math.Exp(logq[i]-logp[i])))
			if d.Ratio != nil && ratio > 0 {
				d.Ratio(math.Log(ratio), c.rows[i].weight)
			}
			c.rows[i].weight *= ratio
		}
	}
	for _, r := range c.rows {
		if r.weight > 0 { // P itself may vanish, to rounding, where Q does not
			add(c.state(r.state), r.weight)
		}
	}
	return nil
}

func (p enhanced) String() string {
	return fmt.Sprintf("draws=%d, share=%g, weights=%v, independent=%t", p.draws, p.share, p.weighting, p.independent)
}
