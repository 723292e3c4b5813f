package evolve

import (
	"fmt"
	"math"
)

// Optimiser carries a network over one explicit step: it draws batches and moves
// the parameters. Adam, SGD, Natural and TDVP are the ones there are; another one
// is a type with these three methods. It must draw all its randomness through the
// step and keep what it remembers in the step's Memory, so that a resumed run
// gives the same bytes.
type Optimiser interface {
	fmt.Stringer
	// Check says what is wrong with its settings; errors wrap ErrSettings.
	Check() error
	// Step moves s.Theta to the target of the step.
	Step(s *ExplicitStep) error
}

// Schedule lowers the learning rate within a step.
type Schedule interface {
	fmt.Stringer
	// Factor is that of the learning rate in an epoch, 0 … epochs−1.
	Factor(epoch, epochs int) float64
}

// Constant leaves the learning rate as it is.
type Constant struct{}

func (Constant) String() string { return "constant" }

// Factor is 1.
func (Constant) Factor(_, _ int) float64 { return 1 }

// Cosine lowers the learning rate along half a cosine, from 1 to Final (Loshchilov
// and Hutter, ICLR 2017).
type Cosine struct{ Final float64 }

func (c Cosine) String() string { return fmt.Sprintf("cosine(final=%g)", c.Final) }

// Factor is (1 + Final)/2 + (1 − Final)/2 · cos(π epoch/epochs).
func (c Cosine) Factor(epoch, epochs int) float64 {
	return (1+c.Final)/2 + (1-c.Final)/2*math.Cos(math.Pi*float64(epoch)/float64(epochs))
}

// Exponential multiplies the learning rate by PerEpoch in every epoch.
type Exponential struct{ PerEpoch float64 }

func (e Exponential) String() string { return fmt.Sprintf("exponential(per-epoch=%g)", e.PerEpoch) }

// Factor is PerEpoch^epoch.
func (e Exponential) Factor(epoch, _ int) float64 { return math.Pow(e.PerEpoch, float64(epoch)) }

// descent is what Adam and SGD have in common.
type descent struct {
	rate     float64
	epochs   int
	clip     float64
	schedule Schedule
}

func (d descent) check() error {
	if !(d.rate > 0) || d.epochs < 1 || math.IsNaN(d.clip) {
		return fmt.Errorf("%w: learning rate %g, %d epochs, gradients clipped at %g; rate and epochs must be positive", ErrSettings, d.rate, d.epochs, d.clip)
	}
	return nil
}

// run moves the parameters against direction(g), g the gradient of the divergence,
// once an epoch on a fresh batch.
func (d descent) run(s *ExplicitStep, direction func(g []float64) []float64) error {
	for epoch := range d.epochs {
		b, err := s.Draw()
		if err != nil {
			return err
		}
		r, err := b.Misfit()
		if err != nil {
			return err
		}
		g, err := b.Gradient(r)
		if err != nil {
			return err
		}
		clip(g, d.clip)
		if err := s.Move(direction(g), -d.rate*d.schedule.Factor(epoch, d.epochs)); err != nil {
			return err
		}
	}
	return nil
}

// defaultClip is the norm above which gradients are shortened, as in the papers.
const defaultClip = 1

// clip shortens g to the norm limit; negative limits mean none.
func clip(g []float64, limit float64) {
	if norm := math.Sqrt(dot(g, g)); limit > 0 && norm > limit {
		for i := range g {
			g[i] *= limit / norm
		}
	}
}
