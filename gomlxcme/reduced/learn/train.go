package learn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// Settings of Train; the zero value is that of the source's shallow network.
type Settings struct {
	Hidden  int     // units; 0 means 25
	Dropout float64 // share of units left out in training; 0 means 0.5, a negative number none
	Epochs  int     // 0 means 200
	Batch   int     // points; 0 means 64
	Rate    float64 // of Adam; 0 means 0.001
	Clip    float64 // largest size of a weight; 0 means 1
	Seed    uint64
	// Validation are series whose loss, without dropout, is taken after each epoch; the epoch with the lowest one is kept. Without them it is the
	// last one. A series that chooses the epoch is no test of the result any more.
	Validation []*reduced.Series
}

func (s Settings) filled() (Settings, error) {
	set(&s.Hidden, 25)
	set(&s.Dropout, 0.5)
	set(&s.Epochs, 200)
	set(&s.Batch, 64)
	set(&s.Rate, 1e-3)
	set(&s.Clip, 1)
	s.Dropout = max(s.Dropout, 0)
	if s.Hidden < 1 || !(s.Dropout < 1) || s.Epochs < 1 || s.Batch < 1 || !(s.Rate > 0) || !(s.Clip > 0) {
		return s, fmt.Errorf("%w: %d hidden units, dropout %v, %d epochs of batches of %d, rate %v, clip %v: give numbers above 0, and a dropout below 1", ErrSettings,
			s.Hidden, s.Dropout, s.Epochs, s.Batch, s.Rate, s.Clip)
	}
	return s, nil
}

// set replaces the zero value of a setting by its default.
func set[T comparable](v *T, byDefault T) {
	var zero T
	if *v == zero {
		*v = byDefault
	}
}

// Model is a trained network. It may not be used by several goroutines at once.
type Model struct {
	Problem *Problem
	Theta   []float64 // all parameters: 4F of the latent law, then weights and biases
	Losses  []float64 // mean loss of each epoch, with dropout
	Checked []float64 // loss of the validation after each epoch
	Epoch   int       // that is kept, from 1

	net *net
}

// Size is the number of parameters.
func (m *Model) Size() int { return len(m.Theta) }

// Train fits a network to the problem. The same settings give the same network on one backend.
func Train(ctx context.Context, b *backend.Backend, p *Problem, s Settings) (*Model, error) {
	s, err := s.filled()
	if err != nil {
		return nil, err
	}
	n, err := p.net(b, s.Hidden)
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(s.Seed, 0x6c6561726e))
	m := &Model{Problem: p, Theta: n.init(rng), net: n}
	check := p.points(s.Validation)
	var best []float64
	opt := adam{rate: s.Rate, first: make([]float64, n.size()), second: make([]float64, n.size())}
	gradient := make([]float64, n.size())
	for range s.Epochs {
		order := rng.Perm(len(p.train.steps))
		total := 0.0
		for from := 0; from < len(order); from += s.Batch {
			if err := ctx.Err(); err != nil {
				return nil, fmt.Errorf("training stopped after %d of %d epochs: %w", len(m.Losses), s.Epochs, err)
			}
			chosen := order[from:min(from+s.Batch, len(order))]
			loss, err := n.gradient(gradient, m.Theta, p.batch(n, chosen, s, rng))
			if err != nil {
				return nil, err
			}
			if math.IsNaN(loss) || math.IsInf(loss, 0) {
				return nil, fmt.Errorf("%w: the loss is %v in epoch %d: give a smaller rate than %v", reduced.ErrDiverged, loss, len(m.Losses)+1, s.Rate)
			}
			total += loss * float64(len(chosen))
			opt.step(m.Theta, gradient)
			for i, v := range m.Theta {
				if n.isWeight(i) {
					m.Theta[i] = min(max(v, -s.Clip), s.Clip)
				}
			}
		}
		m.Losses = append(m.Losses, total/float64(len(order)))
		if len(s.Validation) == 0 {
			m.Epoch = len(m.Losses)
			continue
		}
		loss, err := m.lossOf(check)
		if err != nil {
			return nil, err
		}
		if m.Checked = append(m.Checked, loss); loss <= slices.Min(m.Checked) {
			m.Epoch, best = len(m.Losses), slices.Clone(m.Theta)
		}
	}
	if best != nil {
		m.Theta = best
	}
	return m, nil
}

// lossOf is the mean squared error of the standardised outputs at points, without dropout.
func (m *Model) lossOf(p *points) (float64, error) {
	var waves []float64
	for _, step := range p.steps {
		waves = append(waves, m.Problem.waves(step)...)
	}
	y, err := m.net.outputsOf(m.Theta, &batch{waves: waves, coefficients: p.coefficients}, len(p.steps))
	if err != nil {
		return 0, err
	}
	square := 0.0
	for i, v := range y {
		square += (v - p.targets[i]) * (v - p.targets[i])
	}
	return square / float64(len(y)), nil
}

// batch gathers points and draws their dropout. The last batch is filled up with points of weight 0, so that one graph serves all.
func (p *Problem) batch(n *net, chosen []int, s Settings, rng *rand.Rand) *batch {
	b := &batch{weights: make([]float64, s.Batch), dropout: make([]float64, s.Batch*n.hidden)}
	each := n.inputs * len(n.powers)
	for i := range s.Batch {
		k := chosen[0]
		if i < len(chosen) {
			k = chosen[i]
			b.weights[i] = 1
		}
		b.waves = append(b.waves, p.waves(p.train.steps[k])...)
		b.coefficients = append(b.coefficients, p.train.coefficients[k*each:(k+1)*each]...)
		b.targets = append(b.targets, p.train.targets[k*n.outputs:(k+1)*n.outputs]...)
	}
	for i := range b.dropout {
		if rng.Float64() >= s.Dropout {
			b.dropout[i] = 1 / (1 - s.Dropout)
		}
	}
	return b
}

// adam is the optimiser of Kingma and Ba (2015).
type adam struct {
	rate          float64
	count         int
	first, second []float64
}

func (a *adam) step(theta, gradient []float64) {
	const decay1, decay2, floor = 0.9, 0.999, 1e-8
	a.count++
	unbias1, unbias2 := 1-math.Pow(decay1, float64(a.count)), 1-math.Pow(decay2, float64(a.count))
	for i, g := range gradient {
		a.first[i] = decay1*a.first[i] + (1-decay1)*g
		a.second[i] = decay2*a.second[i] + (1-decay2)*g*g
		theta[i] -= a.rate * a.first[i] / unbias1 / (math.Sqrt(a.second[i]/unbias2) + floor)
	}
}

// Field is the learned field, for reduced.Euler or reduced.Adaptive.
func (m *Model) Field(dw, db []float64, hat reduced.Parameters, step float64) error {
	p := m.Problem
	y, err := m.net.outputsOf(m.Theta, &batch{waves: p.waves(step), coefficients: p.coefficients(hat)}, 1)
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
