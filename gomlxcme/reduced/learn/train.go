package learn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// training is a network on its way.
type training struct {
	settings Settings
	model    *Model
	opt      *adam
	source   *rand.PCG
	rng      *rand.Rand
	best     []float64
	check    *points
	spans    [][2]int // of groups that are to vanish; nil for none
	gone     [][2]int // those of them that have vanished
}

// Train fits a network to the problem. The same settings give the same network on one backend, also if it is stopped and goes on with what its
// Keeper has.
func Train(ctx context.Context, b *backend.Backend, p *Problem, s Settings) (*Model, error) {
	s, err := s.filled()
	if err != nil {
		return nil, err
	}
	n, err := p.net(b, s)
	if err != nil {
		return nil, err
	}
	t := &training{settings: s, source: rand.NewPCG(s.Seed, 0x6c6561726e), opt: newAdam(s.Rate, n.size()), check: p.points(s.Validation)}
	t.rng = rand.New(t.source)
	t.model = &Model{Problem: p, Theta: n.init(t.rng), Seed: s.Seed, net: n}
	if s.Sparsity > 0 {
		if p.group < 1 {
			return nil, fmt.Errorf("%w: sparsity %v without groups of inputs: give their size to Prepare", ErrSettings, s.Sparsity)
		}
		t.spans = n.groups(p.group)
	}
	if err := t.load(); err != nil {
		return nil, err
	}
	s.Hook.Start(run.Start{Solver: "train", Model: fmt.Sprintf("network %d", s.Seed), TEnd: float64(s.Epochs)})
	err = t.all(ctx)
	s.Hook.Done(run.Done{Err: err})
	if err != nil {
		return nil, err
	}
	return t.model, nil
}

// all trains the epochs that are missing.
func (t *training) all(ctx context.Context) error {
	for len(t.model.Losses) < t.settings.Epochs {
		if err := t.epoch(ctx); err != nil {
			return err
		}
		m := t.model
		now := dist.Diagnostics{{Name: "loss", Value: m.Losses[len(m.Losses)-1]}}
		if n := len(m.Checked); n > 0 {
			now = append(now, dist.Diagnostic{Name: "validation", Value: m.Checked[n-1]})
		}
		done := len(m.Losses) == t.settings.Epochs
		if done && t.best != nil {
			m.Theta, t.best = t.best, nil
		}
		if err := t.save(done); err != nil {
			return err
		}
		t.settings.Hook.Step(run.Step{Time: float64(len(m.Losses)), Fraction: float64(len(m.Losses)) / float64(t.settings.Epochs), Fields: now})
	}
	return nil
}

// epoch visits every point once.
func (t *training) epoch(ctx context.Context) error {
	m, s := t.model, t.settings
	n, train := m.net, m.Problem.train
	gradient := make([]float64, n.size())
	order := t.rng.Perm(len(train.steps))
	total := 0.0
	for from := 0; from < len(order); from += s.Batch {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("training stopped after %d of %d epochs: %w", len(m.Losses), s.Epochs, err)
		}
		chosen := order[from:min(from+s.Batch, len(order))]
		loss, err := n.gradient(gradient, m.Theta, m.Problem.batch(n, chosen, s, t.rng))
		if err != nil {
			return err
		}
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return fmt.Errorf("%w: the loss is %v in epoch %d: give a smaller rate than %v", reduced.ErrDiverged, loss, len(m.Losses)+1, s.Rate)
		}
		total += loss * float64(len(chosen))
		t.opt.step(m.Theta, gradient)
		lessen(m.Theta, t.spans, s.Rate*s.Sparsity)
		n.clip(m.Theta, s.Clip)
		without(m.Theta, t.gone)
	}
	t.gone = leave(m.Theta, t.spans, s.Rate)
	m.Losses = append(m.Losses, total/float64(len(order)))
	if len(t.check.steps) == 0 {
		m.Epoch = len(m.Losses)
		return nil
	}
	loss, err := m.lossOf(t.check)
	if err != nil {
		return err
	}
	if m.Checked = append(m.Checked, loss); loss <= slices.Min(m.Checked) {
		m.Epoch, t.best = len(m.Losses), slices.Clone(m.Theta)
	}
	return nil
}

// load goes on where the keeper has been left.
func (t *training) load() error {
	if t.settings.Keeper == nil {
		return nil
	}
	s, err := t.settings.Keeper.Load(t.settings.Seed)
	if err != nil || s == nil {
		return err
	}
	m := t.model
	if err := s.check(t.settings.Seed, m.net.size(), t.settings.Epochs); err != nil {
		return err
	}
	m.Theta, m.Losses, m.Checked, m.Epoch = slices.Clone(s.Theta), slices.Clone(s.Losses), slices.Clone(s.Checked), s.Epoch
	if t.spans != nil {
		t.gone = m.absent()
	}
	if s.Done() {
		return nil
	}
	t.best, t.opt.count = slices.Clone(s.Best), s.Count
	copy(t.opt.first, s.First)
	copy(t.opt.second, s.Second)
	if err := t.source.UnmarshalBinary(s.Random); err != nil {
		return fmt.Errorf("%w: %w", ErrState, err)
	}
	return nil
}

// save lets the keeper have what has been reached.
func (t *training) save(done bool) error {
	if t.settings.Keeper == nil {
		return nil
	}
	m := t.model
	s := &State{Seed: m.Seed, Theta: m.Theta, Losses: m.Losses, Checked: m.Checked, Epoch: m.Epoch}
	if !done {
		random, err := t.source.MarshalBinary()
		if err != nil {
			return err
		}
		s.Best, s.Count, s.First, s.Second, s.Random = t.best, t.opt.count, t.opt.first, t.opt.second, random
	}
	return t.settings.Keeper.Save(s)
}

// batch gathers points and draws their dropout. The last batch is filled up with points of weight 0, so that one graph serves all.
func (p *Problem) batch(n *net, chosen []int, s Settings, rng *rand.Rand) *batch {
	each := n.inputs * len(n.live)
	b := &batch{
		waves: make([]float64, 0, s.Batch*2*p.Harmonics), coefficients: make([]float64, 0, s.Batch*each), targets: make([]float64, 0, s.Batch*n.outputs),
		weights: make([]float64, s.Batch),
	}
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
	for _, h := range n.hidden {
		mask := make([]float64, s.Batch*h)
		for i := range mask {
			if rng.Float64() >= s.Dropout {
				mask[i] = 1 / (1 - s.Dropout)
			}
		}
		b.dropout = append(b.dropout, mask)
	}
	return b
}
