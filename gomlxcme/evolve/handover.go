package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// HandOver uses Front while the law moves, and Smooth from where it settles. Before each
// step plain draws of the last network tell by how much log P changed in the step
// before, root mean square, divided by the change of ln t: the phase is smooth below Pace.
//
// The pace says which formula is the more exact one, whatever the size of the steps is. For
// birth and death, that in P of order 2 errs 6 times more than that in log P at a pace of
// about 1, and as much at 0.2 and below (TestFormulasAgainstExactLaws).
type HandOver struct {
	Front, Smooth Formula // nil means LogBDF{} and LinearBDF{}
	Pace          float64 // change of log P for a factor of e in time; 0 means 0.3
}

func (f HandOver) defaults() HandOver {
	if f.Front == nil {
		f.Front = LogBDF{}
	}
	if f.Smooth == nil {
		f.Smooth = LinearBDF{}
	}
	set(&f.Pace, 0.3)
	return f
}

func (f HandOver) String() string {
	f = f.defaults()
	return fmt.Sprintf("hand-over(front=%v, smooth=%v, pace=%g)", f.Front, f.Smooth, f.Pace)
}

func (f HandOver) check() error {
	f = f.defaults()
	if !(f.Pace > 0) {
		return fmt.Errorf("%w: a hand-over at the pace %g; give a positive one", ErrSettings, f.Pace)
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
	pace, err := p.pace(earlier, rng)
	if err != nil {
		return formulas{}, err
	}
	if pace < f.Pace {
		return f.Smooth.at(p, earlier, t, rng)
	}
	return f.Front.at(p, earlier, t, rng)
}

// pace is the rms change of log P in the last step over that of ln t; it is infinite
// if there was none.
func (p *problem) pace(earlier []point, rng *rand.Rand) (float64, error) {
	if len(earlier) < 2 {
		return math.Inf(1), nil
	}
	c := newCloud(p.system, p.model.Box, earlier[0].Time)
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
	for i := range change {
		change[i] -= before[i]
	}
	return rms(change, c.normalised()) / math.Log(earlier[0].Time/earlier[1].Time), nil
}
