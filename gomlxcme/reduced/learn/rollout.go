package learn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Rollout trains a network further by what it does over many steps: paths of Euler steps begin at known parameters, kicked aside or not, and their
// squared distance from the known ones is made small. A network that was fitted to single steps knows nothing of where its own errors lead;
// this one learns to come back. Gradients pass through all steps. No kick and a shrinking of 3 did best at concentrations inside the source's training
// range that were left out of the training (RESULTS.md): nothing beyond that range chose them.
type Rollout struct {
	Steps   int     // of a path; 0 means 200
	Starts  int     // paths in each series for one update; 0 means 1
	Updates int     // 0 means 150
	Rate    float64 // of Adam; 0 means 0.001
	Kick    float64 // standard deviation of what is added to the first parameters of a path
	Shrink  float64 // by how much of the rate weights shrink in each update; 0 means 3, a negative number not at all
	Clip    float64 // largest size of a weight; 0 means 1
	Seed    uint64
	Hook    run.Hook // progress, one step an update; nil is silent
}

// Filled returns the settings with their defaults, or an error that wraps ErrSettings. No shrinking is −1, so that it can be given on.
func (r Rollout) Filled() (Rollout, error) {
	r, err := r.filled()
	if r.Shrink == 0 {
		r.Shrink = -1
	}
	return r, err
}

func (r Rollout) filled() (Rollout, error) {
	set(&r.Steps, 200)
	set(&r.Starts, 1)
	set(&r.Updates, 150)
	set(&r.Rate, 1e-3)
	set(&r.Shrink, 3)
	set(&r.Clip, 1)
	r.Shrink = max(r.Shrink, 0)
	if r.Hook == nil {
		r.Hook = run.Silence{}
	}
	if r.Steps < 1 || r.Starts < 1 || r.Updates < 1 || !(r.Rate > 0) || !(r.Kick >= 0) || math.IsInf(r.Kick, 0) || !(r.Clip > 0) || !(r.Rate*r.Shrink < 1) {
		return r, fmt.Errorf("%w: paths of %d steps, %d in a series, %d updates, rate %v, kick %v, clip %v, shrink %v: give numbers above 0, no kick or one above 0, and rate times shrink below 1", ErrSettings, r.Steps, r.Starts,
			r.Updates, r.Rate, r.Kick, r.Clip, r.Shrink)
	}
	return r, nil
}

// lost is the size of a moving parameter, in standardised counts, at which a path is given up: known ones stay below 1.
const lost = 10

// roller has the graphs of one step of all paths at once.
type roller struct {
	net       *net
	expansion *reduced.Expansion
	step      *mlx.Exec // of waves, coefficients, scale, state [n, O] and parameters: the next state
	back      *mlx.Exec // the same with a cotangent [n, O] of the next state: those of the state and of the parameters
}

func (m *Model) roller(b *backend.Backend) (*roller, error) {
	p := m.Problem
	r := &roller{net: m.net}
	var err error
	if r.expansion, err = reduced.NewExpansion(len(p.Reduction.Scale.Mean), p.inputs, p.Reduction.MovingB, p.Reduction.MovingW); err != nil {
		return nil, err
	}
	if r.step, err = mlx.NewExec(b.Backend, func(in []*mlx.Node) *mlx.Node { return r.next(in[0], in[1], in[2], in[3], in[4:]) }); err != nil {
		return nil, fmt.Errorf("cannot prepare a step of the network: %w", err)
	}
	if r.back, err = mlx.NewExec(b.Backend, func(in []*mlx.Node) []*mlx.Node {
		total := mlx.ReduceAllSum(mlx.Mul(in[4], r.next(in[0], in[1], in[2], in[3], in[5:])))
		return mlx.Gradient(total, append([]*mlx.Node{in[3]}, in[5:]...)...)
	}); err != nil {
		return nil, fmt.Errorf("cannot prepare the gradient of a step: %w", err)
	}
	return r, nil
}

// next builds the state after a step. Coefficients [C, K, P] are those of the C series, to each of which n/C paths in a row belong.
func (r *roller) next(waves, coefficients, scale, state *mlx.Node, theta []*mlx.Node) *mlx.Node {
	mean, spread := r.net.latent(waves, theta[0])
	live := []*mlx.Node{mean, spread}
	for i := range r.net.outputs {
		live = append(live, mlx.Slice(state, mlx.AxisRange(), mlx.AxisElem(i)))
	}
	series, n := coefficients.Shape().Dim(0), state.Shape().Dim(0)
	products := mlx.Reshape(monomials(r.expansion.Powers, live...), series, n/series, len(r.expansion.Powers))
	z := mlx.Reshape(mlx.Einsum("csp,ckp->csk", products, coefficients), n, r.net.inputs)
	y := r.net.layers(z, theta[1:], nil)
	row := func(i int) *mlx.Node { return mlx.Slice(scale, mlx.AxisElem(i)) }
	return mlx.Add(state, mlx.Add(mlx.Mul(y, row(1)), row(0)))
}

// refinement is a rollout on its way.
type refinement struct {
	Rollout
	roller       *roller
	model        *Model
	train        []*reduced.Series
	coefficients *tensors.Tensor // [C, K, P]
	scale        *tensors.Tensor // [2, O]
	rng          *rand.Rand
}

// Refine returns a network that goes on from m by rollout on series. It does not change m. The same settings give the same network on one
// backend.
func Refine(ctx context.Context, b *backend.Backend, m *Model, train []*reduced.Series, r Rollout) (*Model, error) {
	r, err := r.filled()
	if err != nil {
		return nil, err
	}
	if len(train) == 0 {
		return nil, fmt.Errorf("%w: no series to learn from", ErrSettings)
	}
	for i, s := range train {
		if len(s.Filtered) <= r.Steps {
			return nil, fmt.Errorf("%w: paths of %d steps in series %d of %d: give fewer", ErrSettings, r.Steps, i, len(s.Filtered))
		}
	}
	refined := *m
	refined.Theta, refined.held = slices.Clone(m.Theta), nil
	f := &refinement{Rollout: r, model: &refined, train: train, rng: rand.New(rand.NewPCG(r.Seed, 0x726f6c6c))}
	if f.roller, err = m.roller(b); err != nil {
		return nil, err
	}
	f.prepare()
	r.Hook.Start(run.Start{Solver: "refine", Model: fmt.Sprintf("network %d", m.Seed), TEnd: float64(r.Updates)})
	err = f.all(ctx)
	r.Hook.Done(run.Done{Err: err})
	if err != nil {
		return nil, err
	}
	return &refined, nil
}

// prepare hands over what stays the same.
func (f *refinement) prepare() {
	p := f.model.Problem
	var c []float64
	for _, s := range f.train {
		c = append(c, p.scaled(f.roller.expansion, s.Filtered[0])...)
	}
	f.coefficients = tensors.FromFlatDataAndDimensions(c, len(f.train), f.roller.net.inputs, len(f.roller.expansion.Powers))
	f.scale = tensors.FromFlatDataAndDimensions(append(slices.Clone(p.Out.Mean), p.Out.SD...), 2, len(p.Out.Mean))
}

// all makes the updates.
func (f *refinement) all(ctx context.Context) error {
	n := f.roller.net
	opt := newAdam(f.Rate, n.size())
	gradient := make([]float64, n.size())
	gone := f.model.absent()
	for i := range f.Updates {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("refining stopped after %d of %d updates: %w", i, f.Updates, err)
		}
		clear(gradient)
		loss, err := f.gradient(gradient, f.starts())
		if err != nil {
			return err
		}
		opt.step(f.model.Theta, gradient)
		n.shrink(f.model.Theta, f.Rate*f.Shrink)
		n.clip(f.model.Theta, f.Clip)
		without(f.model.Theta, gone)
		f.Hook.Step(run.Step{Time: float64(i + 1), Fraction: float64(i+1) / float64(f.Updates), Fields: dist.Diagnostics{{Name: "loss", Value: loss}}})
	}
	return nil
}

// paths are where an update begins: the time index of each path, and its state [n·O].
type paths struct {
	at    []int
	state []float64
}

// starts draws them, in each series alike.
func (f *refinement) starts() *paths {
	out := &paths{}
	for _, s := range f.train {
		for range f.Starts {
			t := f.rng.IntN(len(s.Filtered) - f.Steps)
			out.at = append(out.at, t)
			for _, v := range f.model.Problem.moving(s.Filtered[t]) {
				out.state = append(out.state, v+f.Kick*f.rng.NormFloat64())
			}
		}
	}
	return out
}

// moving parameters in the order of the outputs.
func (p *Problem) moving(hat reduced.Parameters) (x []float64) {
	for _, i := range p.Reduction.MovingB {
		x = append(x, hat.B[i])
	}
	for _, i := range p.Reduction.MovingW {
		x = append(x, hat.W[0][i])
	}
	return x
}

// inputs of both graphs after step steps.
func (f *refinement) inputs(p *paths, step int, state []float64) []any {
	var waves []float64
	for _, t := range p.at {
		waves = append(waves, f.model.Problem.waves(float64(t+step+1))...)
	}
	n := len(p.at)
	of := tensors.FromFlatDataAndDimensions[float64]
	return []any{of(waves, n, 2*f.roller.net.harmonics), f.coefficients, f.scale, of(state, n, f.roller.net.outputs)}
}

// gradient adds that of the mean squared distance over steps, paths and moving parameters to dst.
func (f *refinement) gradient(dst []float64, p *paths) (loss float64, err error) {
	n := f.roller.net
	theta := n.tensors(nil, f.model.Theta)
	states, slopes := [][]float64{p.state}, [][]float64{nil} // slopes are of the loss by the states
	for step := 0; step < f.Steps && !astray(states[step]); step++ {
		next, err := f.roller.step.Call1(append(f.inputs(p, step, states[step]), theta...)...)
		if err != nil {
			return 0, fmt.Errorf("a step of the network: %w", err)
		}
		state := make([]float64, len(p.state))
		if err := next.ConstFlatData(func(flat any) { copy(state, flat.([]float64)) }); err != nil {
			return 0, err
		}
		states, slopes = append(states, state), append(slopes, f.distance(p, step+1, state))
	}
	steps := len(states) - 1
	if steps == 0 {
		return 0, fmt.Errorf("%w: a path begins at %v", reduced.ErrDiverged, p.state)
	}
	count := float64(steps * len(p.state))
	part := make([]float64, len(dst))
	flow := make([]float64, len(p.state))
	for step := steps; step > 0; step-- {
		for i, d := range slopes[step] {
			loss += d * d / count
			flow[i] += 2 * d / count
		}
		in := append(f.inputs(p, step-1, states[step-1]), tensors.FromFlatDataAndDimensions(flow, len(p.at), n.outputs))
		out, err := f.roller.back.Call(append(in, theta...)...)
		if err != nil {
			return 0, fmt.Errorf("gradient of a step of the network: %w", err)
		}
		if err := out[0].ConstFlatData(func(flat any) { copy(flow, flat.([]float64)) }); err != nil {
			return 0, err
		}
		if err := n.gather(part, out[1:]); err != nil {
			return 0, err
		}
		for i, g := range part {
			dst[i] += g
		}
	}
	return loss, nil
}

// distance of the states after step steps from the known ones.
func (f *refinement) distance(p *paths, step int, state []float64) []float64 {
	d := slices.Clone(state)
	o := f.roller.net.outputs
	for i, t := range p.at {
		for k, v := range f.model.Problem.moving(f.train[i/f.Starts].Filtered[t+step]) {
			d[i*o+k] -= v
		}
	}
	return d
}

// astray reports whether a path is lost.
func astray(state []float64) bool {
	return slices.ContainsFunc(state, func(v float64) bool { return !(math.Abs(v) < lost) })
}
