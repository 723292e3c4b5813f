package evolve

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// drawn is a batch of smallGene at random parameters of a network, in a step from them.
func drawn(t testing.TB, arch van.Architecture, proposal Proposal) *Batch {
	t.Helper()
	set, err := Settings{Times: []float64{1}, Backend: openGo(t), Network: arch, Proposal: proposal, Scheme: Published{Dt: 0.02}, Workers: 2}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSolver(smallGene(t), set)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(4, 4))
	theta := s.problem.model.Init(rng)
	for i := range theta {
		theta[i] += 0.2 * rng.NormFloat64()
	}
	b, err := newExplicitStep(context.Background(), s.problem, point{Theta: theta}, 0.02, rng).Draw()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// networks are one of each kind.
var networks = map[string]van.Architecture{
	"nade":        van.NADE{Hidden: 3},
	"shared nade": van.SharedNADE{Hidden: 3, Heads: van.Softmax{}},
	"transformer": van.Transformer{DModel: 4, Layers: 1, AttentionHeads: 1},
	"gru":         van.GRU{Hidden: 3, Heads: van.Softmax{}},
	"lstm":        van.LSTM{Hidden: 3},
}

// The spaces of samples and of parameters give the same update for every network
// and any weights, with a prior and without. With λ = 1e-3 and norms of order one
// the equations have a condition of at most 1e5 or so.
func TestBothSpacesAgree(t *testing.T) {
	for name, arch := range networks {
		for _, proposal := range []Proposal{Vanilla{Draws: 300}, Mixture{Draws: 300, Share: 0.5}} {
			b := drawn(t, arch, proposal)
			r, err := b.Misfit()
			if err != nil {
				t.Fatal(err)
			}
			prior := make([]float64, len(b.theta))
			for i := range prior {
				prior[i] = math.Sin(float64(i))
			}
			for _, p := range [][]float64{nil, prior} {
				samples, err := b.Fit(Metric{Space: SampleSpace}, r, p)
				if err != nil {
					t.Fatal(err)
				}
				parameters, err := b.Fit(Metric{Space: ParameterSpace}, r, p)
				if err != nil {
					t.Fatal(err)
				}
				largest := 0.0
				for _, v := range parameters {
					largest = max(largest, math.Abs(v))
				}
				for i, v := range parameters {
					if math.Abs(samples[i]-v) > 1e-8*largest {
						t.Errorf("%s, %v: parameter %d changes by %v and %v", name, proposal, i, samples[i], v)
						break
					}
				}
			}
		}
	}
}

// The update is the minimum of the function in the comment of Fit: its gradient
// there is 0, with scores from the network itself.
func TestFitIsTheMinimum(t *testing.T) {
	b := drawn(t, van.NADE{Hidden: 3}, Mixture{Draws: 300})
	r, err := b.Rate()
	if err != nil {
		t.Fatal(err)
	}
	n, p := len(r), len(b.theta)
	prior := make([]float64, p)
	for i := range prior {
		prior[i] = math.Cos(float64(i))
	}
	m := Metric{Damping: 1e-2, Relative: 1e-2}
	delta, err := b.Fit(m, r, prior)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]float64, n*p)
	err = b.step.problem.model.Scores(make([]float64, n), b.theta, b.States, func(lo, hi int, o []float64) { copy(rows[lo*p:hi*p], o) })
	if err != nil {
		t.Fatal(err)
	}
	mean, meanR := make([]float64, p), dot(b.Weights, r)
	for i, w := range b.Weights {
		for j := range mean {
			mean[j] += w * rows[i*p+j]
		}
	}
	gradient, trace := make([]float64, p), 0.0
	for i, w := range b.Weights {
		for j := range mean {
			rows[i*p+j] -= mean[j]
			trace += w * rows[i*p+j] * rows[i*p+j]
		}
		left := dot(rows[i*p:(i+1)*p], delta) - (r[i] - meanR)
		for j := range gradient {
			gradient[j] += w * left * rows[i*p+j]
		}
	}
	for j := range gradient {
		gradient[j] += (1e-2 + 1e-2*trace) * (delta[j] - prior[j])
		if math.Abs(gradient[j]) > 1e-10 {
			t.Errorf("gradient %d is %v", j, gradient[j])
		}
	}
}

// Gradient is that of the divergence from the target: the sum over all states of
// P (log P − log target) changes so, by finite differences.
func TestGradientOfTheDivergence(t *testing.T) {
	b := drawn(t, van.GRU{Hidden: 2, Heads: van.Softmax{}}, whole)
	r, err := b.Misfit()
	if err != nil {
		t.Fatal(err)
	}
	g, err := b.Gradient(r)
	if err != nil {
		t.Fatal(err)
	}
	logp, err := b.LogProb()
	if err != nil {
		t.Fatal(err)
	}
	target := make([]float64, len(r))
	for i := range r {
		target[i] = logp[i] - r[i]
	}
	divergence := func(theta van.Params) float64 {
		now := make([]float64, len(r))
		if err := b.step.problem.model.LogProb(now, theta, b.States); err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, v := range now {
			sum += math.Exp(v) * (v - target[i])
		}
		return sum
	}
	const h = 1e-4
	for j := 0; j < len(g); j += 5 {
		up, down := slices.Clone(b.theta), slices.Clone(b.theta)
		up[j] += h
		down[j] -= h
		if want := (divergence(up) - divergence(down)) / (2 * h); math.Abs(g[j]-want) > 1e-8 {
			t.Errorf("parameter %d: %v, want %v", j, g[j], want)
		}
	}
}

// Without momentum SPRING is the plain natural gradient, and what it keeps is the
// last update.
func TestSpringWithoutMomentum(t *testing.T) {
	for _, momentum := range []float64{0, 1e-300, 0.9} {
		b := drawn(t, van.NADE{Hidden: 3}, whole)
		s := b.step
		if err := (Natural{Rate: 1, Epochs: 1, Momentum: momentum}).Step(s); err != nil {
			t.Fatal(err)
		}
		r, err := b.Misfit()
		if err != nil {
			t.Fatal(err)
		}
		delta, err := b.Fit(Metric{}, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		// The first update has nothing to remember.
		for i, v := range delta {
			if got := b.theta[i] - s.Theta[i]; math.Abs(got-v) > 1e-12 {
				t.Fatalf("momentum %g: parameter %d changes by %v, want %v", momentum, i, got, v)
			}
		}
		if momentum == 0 && s.Memory.Vectors != nil {
			t.Error("something is remembered without momentum")
		}
		if momentum > 0 && !slices.EqualFunc(s.Memory.Vectors[0], delta, func(a, b float64) bool { return math.Abs(a-b) < 1e-12 }) {
			t.Error("the last update is not what is remembered")
		}
	}
}

// Where all draws are one state nothing can be learned from the batch, and nothing moves.
func TestFitOfOneState(t *testing.T) {
	b := drawn(t, van.NADE{Hidden: 3}, Vanilla{Draws: 1})
	for _, m := range []Metric{{}, {Relative: 1e-3}} {
		delta, err := b.Fit(m, []float64{3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range delta {
			if math.Abs(v) > 1e-9 {
				t.Errorf("%v: parameter %d changes by %v", m, i, v)
			}
		}
	}
}

// With a network that can represent any law one natural gradient reaches the target
// but for terms of second order: half the step leaves a quarter of the misfit. The
// bounds leave room for terms of third order.
func TestOneNaturalGradientReachesTheTarget(t *testing.T) {
	left := func(dt float64) float64 {
		s := drawn(t, exact, whole).step
		s = newExplicitStep(context.Background(), s.problem, s.old, dt, s.rng)
		if err := (Natural{Rate: 1, Epochs: 1, Metric: sharp}).Step(s); err != nil {
			t.Fatal(err)
		}
		before := s.loss
		b, err := s.Draw()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Misfit(); err != nil {
			t.Fatal(err)
		}
		if s.loss > 0.1*before {
			t.Errorf("dt = %g: the misfit falls from %.2g to %.2g only", dt, before, s.loss)
		}
		return s.loss
	}
	if coarse, fine := left(0.01), left(0.005); coarse < 3.5*fine || coarse > 4.6*fine {
		t.Errorf("misfits %.3g and %.3g, ratio %.2f", coarse, fine, coarse/fine)
	}
}
