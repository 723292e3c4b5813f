package evolve

import (
	"fmt"
	"math/rand/v2"
)

// HandOver uses Front while a step still changes the law, and Smooth from where it
// settles. Before each step it asks plain draws of the last network by how much log
// P changed in the step before, and takes that times the ratio of the two steps as
// the change to come: where its root mean square is below Change, the phase is smooth.
type HandOver struct {
	Front, Smooth Formula // nil means LogBDF{} and LinearBDF{}
	Change        float64 // of log P in a step; 0 means 0.1
}

func (f HandOver) defaults() HandOver {
	if f.Front == nil {
		f.Front = LogBDF{}
	}
	if f.Smooth == nil {
		f.Smooth = LinearBDF{}
	}
	set(&f.Change, 0.1)
	return f
}

func (f HandOver) String() string {
	f = f.defaults()
	return fmt.Sprintf("hand-over(front=%v, smooth=%v, change=%g)", f.Front, f.Smooth, f.Change)
}

func (f HandOver) check() error {
	f = f.defaults()
	if !(f.Change > 0) {
		return fmt.Errorf("%w: a hand-over at a change of %g of log P; give a positive one", ErrSettings, f.Change)
	}
	if err := f.Front.check(); err != nil {
		return err
	}
	return f.Smooth.check()
}

func (f HandOver) depth() int {
	f = f.defaults()
	return max(f.Front.depth(), f.Smooth.depth())
}

func (f HandOver) at(p *problem, earlier []point, t float64, rng *rand.Rand) (formulas, error) {
	f = f.defaults()
	change, err := p.coming(earlier, t, rng)
	if err != nil {
		return formulas{}, err
	}
	if len(earlier) > 1 && change < f.Change {
		return f.Smooth.at(p, earlier, t, rng)
	}
	return f.Front.at(p, earlier, t, rng)
}

// coming foretells the rms change of log P until time t from the last step.
func (p *problem) coming(earlier []point, t float64, rng *rand.Rand) (float64, error) {
	if len(earlier) < 2 {
		return 0, nil
	}
	c := newCloud(p.system, p.model.Box, t)
	d := Draw{Model: p.model, Params: earlier[0].Theta, Rand: rng}
	if err := (Plain{Draws: validationDraws}).Propose(d, c.bare); err != nil {
		return 0, err
	}
	change, before := make([]float64, len(c.rows)), make([]float64, len(c.rows))
	if err := p.model.LogProb(change, earlier[0].Theta, c.states); err != nil {
		return 0, err
	}
	if err := p.model.LogProb(before, earlier[1].Theta, c.states); err != nil {
		return 0, err
	}
	ratio := (t - earlier[0].Time) / (earlier[0].Time - earlier[1].Time)
	for i := range change {
		change[i] = ratio * (change[i] - before[i])
	}
	return rms(change, c.normalised()), nil
}
