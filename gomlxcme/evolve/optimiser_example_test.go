package evolve_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Signs is an optimiser of our own: every parameter moves by the same amount,
// against the sign of a running mean of its gradient (Bernstein et al., ICML 2018).
type Signs struct {
	Rate   float64
	Epochs int
}

func (o Signs) String() string { return fmt.Sprintf("signs(rate=%g, epochs=%d)", o.Rate, o.Epochs) }

// Check refuses what makes no sense.
func (o Signs) Check() error {
	if !(o.Rate > 0) || o.Epochs < 1 {
		return fmt.Errorf("%w: %v; use a positive rate and at least one epoch", evolve.ErrSettings, o)
	}
	return nil
}

// Step draws a batch, asks it for the gradient, and moves, Epochs times. What it
// remembers is kept by the step, so that a run can be resumed.
func (o Signs) Step(s *evolve.ExplicitStep) error {
	mean := s.Memory.Vector(0, len(s.Theta))
	for epoch := range o.Epochs {
		batch, err := s.Draw()
		if err != nil {
			return err
		}
		misfit, err := batch.Misfit() // log P − log target
		if err != nil {
			return err
		}
		gradient, err := batch.Gradient(misfit)
		if err != nil {
			return err
		}
		direction := make([]float64, len(gradient))
		for i, g := range gradient {
			mean[i] = 0.9*mean[i] + 0.1*g
			switch {
			case mean[i] > 0:
				direction[i] = 1
			case mean[i] < 0:
				direction[i] = -1
			}
		}
		slower := 1 - float64(epoch)/float64(o.Epochs)
		if err := s.Move(direction, -o.Rate*slower); err != nil {
			return err
		}
	}
	*s.Memory = evolve.Memory{Vectors: [][]float64{mean}}
	return nil
}

// A new optimiser is a type with three methods; nothing else changes.
func ExampleOptimiser() {
	n := crn.New("immigration and death")
	n.Param("in", 2)
	n.Param("out", 1)
	n.AddSpecies("X", crn.Poisson{Mean: 1}, 12)
	n.React("0 -> X", "in")
	n.React("X -> 0", "out")
	c, err := n.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	times := []float64{0.2}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range []evolve.Optimiser{Signs{Rate: 0.01, Epochs: 20}, evolve.Natural{}, evolve.TDVP{Order: 2}} {
		r, err := evolve.Run(context.Background(), c, evolve.Settings{
			Times: times, Seed: 1,
			Network:  van.NADE{Heads: van.Softmax{}},
			Proposal: evolve.Vanilla{Draws: 1000},
			Scheme:   evolve.Published{Optimiser: o, Dt: 0.025},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		d := dist.Hellinger(r.Snapshots[0].Dist.Marginal(0), exact.Snapshots[0].Dist.Marginal(0))
		fmt.Printf("%T: mean %.1f, distance below 0.03: %t\n", o, r.Snapshots[0].Dist.Moment(0).Mean, d.Value < 0.03)
	}
	// Output:
	// evolve_test.Signs: mean 1.2, distance below 0.03: true
	// evolve.Natural: mean 1.2, distance below 0.03: true
	// evolve.TDVP: mean 1.2, distance below 0.03: true
}
