package learn

import (
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// Model is a trained network. It may not be used by several goroutines at once.
type Model struct {
	Problem *Problem
	Seed    uint64
	Theta   []float64 // all parameters: 4F of the latent law, then weights, biases and slopes of each layer
	Losses  []float64 // mean loss of each epoch, with dropout
	Checked []float64 // loss of the validation after each epoch
	Epoch   int       // that is kept, from 1

	net  *net
	held []any // the parameters as tensors, once they are trained
}

// Size is the number of parameters.
func (m *Model) Size() int { return len(m.Theta) }

// block is the number of points whose outputs are computed at once.
const block = 1024

// lossOf is the mean squared error of the standardised outputs at points, without dropout.
func (m *Model) lossOf(p *points) (float64, error) {
	each := m.net.inputs * len(m.net.live)
	square := 0.0
	for from := 0; from < len(p.steps); from += block {
		to := min(from+block, len(p.steps))
		b := &batch{coefficients: p.coefficients[from*each : to*each]}
		for _, step := range p.steps[from:to] {
			b.waves = append(b.waves, m.Problem.waves(step)...)
		}
		y, err := m.net.outputsOf(m.Theta, b, to-from)
		if err != nil {
			return 0, err
		}
		for i, v := range y {
			d := v - p.targets[from*m.net.outputs+i]
			square += d * d
		}
	}
	return square / float64(len(p.targets)), nil
}

// Loss is the mean squared error of the standardised derivatives of series, without dropout.
func (m *Model) Loss(series []*reduced.Series) (float64, error) {
	return m.lossOf(m.Problem.points(series))
}

// Field is the learned field, for reduced.Euler or reduced.Adaptive.
func (m *Model) Field(dw, db []float64, hat reduced.Parameters, step float64) error {
	p := m.Problem
	if m.held == nil {
		m.held = m.net.tensors(nil, m.Theta) // millions of numbers, and a path has hundreds of steps
	}
	y, err := m.net.outputsFor(m.held, &batch{waves: p.waves(step), coefficients: p.coefficients(hat)}, 1)
	if err != nil {
		return err
	}
	p.Out.Undo(y, y)
	for k, i := range p.Reduction.MovingB {
		db[i] = y[k]
	}
	for k, i := range p.Reduction.MovingW {
		dw[i] = y[len(p.Reduction.MovingB)+k]
	}
	return nil
}

// Latent is the learned law of the latent variable.
func (m *Model) Latent() reduced.Latent {
	f := m.Problem.Harmonics
	l := reduced.NewLatent(f, m.Problem.Steps)
	for k, to := range [][]float64{l.Mean.Sin, l.Mean.Cos, l.Var.Sin, l.Var.Cos} {
		copy(to, m.Theta[k*f:(k+1)*f])
	}
	return l
}
