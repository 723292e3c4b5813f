package study

import (
	"errors"
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// Outcome is how a field did in one case.
type Outcome struct {
	Error float64 // mean squared error of the moving parameters over the known times; +Inf where the path diverged
	Path  []reduced.Parameters
	Swing calcium.Span // of calcium, in µM
}

// Follow integrates a field from the first parameters of a case and compares the path with the known ones. A path that diverges is no error: its
// Error is +Inf.
func (s *Study) Follow(c Case, by reduced.Integrator, f reduced.Field) (Outcome, error) {
	path, err := by.Follow(f, c.Series.Filtered[0], len(c.Series.Filtered))
	if errors.Is(err, reduced.ErrDiverged) {
		return Outcome{Error: math.Inf(1), Swing: calcium.Span{Min: math.Inf(-1), Max: math.Inf(1)}}, nil
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("%s: %w", c.Name(), err)
	}
	o := Outcome{Path: path}
	known, got := c.Series.Filtered, path
	if c.Known != nil {
		known, got = nil, nil
		for _, t := range c.Known {
			known, got = append(known, c.Series.Filtered[t]), append(got, path[t])
		}
	}
	if o.Error, err = s.Reduction.Deviation(got, known); err != nil {
		return o, err
	}
	if math.IsNaN(o.Error) {
		o.Error = math.Inf(1)
	}
	o.Swing, err = s.swing(c, path)
	return o, err
}

// swing of calcium over the last steps of a path.
func (s *Study) swing(c Case, path []reduced.Parameters) (calcium.Span, error) {
	return calcium.SwingOf(path, s.Reduction.Scale, c.Condition, s.Experiment.tail(len(path)))
}

// tail is the number of last steps over which the source takes the swing of calcium.
func (e Experiment) tail(steps int) int {
	if e == Receptors {
		return min(100, steps)
	}
	return min(300, steps)
}

// Kept is the error of keeping the first value, which a network must beat to be of use.
func (s *Study) Kept(c Case) (float64, error) {
	o, err := s.Follow(c, reduced.Euler{}, reduced.Still)
	return o.Error, err
}
