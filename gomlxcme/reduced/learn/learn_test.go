package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
)

func open(t testing.TB) *backend.Backend {
	t.Helper()
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// learned are the published series at 0.4 to 1.0 µM.
func learned(t testing.TB) []*reduced.Series {
	t.Helper()
	s, err := study.PublishedIP3(published.Files(t))
	if err != nil {
		t.Fatal(err)
	}
	return study.Series(s.Where(study.IP3.Training))
}

func problem(t testing.TB, reactions bool) *Problem {
	t.Helper()
	inputs := reduced.ParameterPolynomials(2)
	if reactions {
		f, err := reduced.NewFeatures(calcium.VariablesIP3(), calcium.CandidatesIP3()...)
		if err != nil {
			t.Fatal(err)
		}
		inputs = f.Polynomials()
	}
	p, err := Prepare(calcium.ReductionIP3(), Inputs{Polynomials: inputs}, learned(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// The standardisation is the published one, and networks have as many parameters as the source's, beside 24 of the latent law.
func TestProblemIsThePublishedOne(t *testing.T) {
	for reactions, folder := range map[bool]string{true: "training_data_rxns/", false: "training_data_params/"} {
		p := problem(t, reactions)
		const root = "repo/learn_ip3/train/training_data/"
		for what, c := range map[string]struct{ got, want []float64 }{
			"mean":           {p.In.Mean, published.Column(t, root+folder+"std_m.txt")},
			"sd":             {p.In.SD, published.Column(t, root+folder+"std_v.txt")},
			"mean of output": {p.Out.Mean, published.Column(t, root+folder+"out_mean.txt")},
			"sd of output":   {p.Out.SD, published.Column(t, root+folder+"out_std.txt")},
		} {
			for i := range c.want {
				near(t, folder+what, c.got[i], c.want[i], 1e-7)
			}
		}
		want := 252 + 24
		if reactions {
			want = 1577 + 24
		}
		if got := p.shape(Settings{Hidden: []int{25}}).size(); got != want {
			t.Errorf("%s: %d parameters, want %d", folder, got, want)
		}
	}
}

// The inputs inside the graph are those of Features: with one hidden unit that passes an input on, the output is that input.
func TestGraphInputs(t *testing.T) {
	for _, reactions := range []bool{true, false} {
		p := problem(t, reactions)
		n, err := p.net(open(t), Settings{Hidden: []int{1}})
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		f, err := reduced.NewFeatures(calcium.VariablesIP3(), calcium.CandidatesIP3()...)
		if err != nil {
			t.Fatal(err)
		}
		for k := range n.inputs {
			m := &Model{Problem: p, Theta: make([]float64, n.size()), net: n}
			parts := n.parts() // of the latent law, first weights, first biases, second weights
			for i := range parts[0].to {
				m.Theta[i] = 0.2 * rng.NormFloat64()
			}
			const shift = 50 // keeps the hidden unit above 0
			m.Theta[parts[1].from+k] = 1
			m.Theta[parts[2].from] = shift
			m.Theta[parts[3].from] = 1
			hat := learned(t)[2].Filtered[100]
			y, err := n.outputsOf(m.Theta, &batch{waves: p.waves(101), coefficients: p.coefficients(hat)}, 1)
			if err != nil {
				t.Fatal(err)
			}
			frame, err := m.Latent().Frame(101)
			if err != nil {
				t.Fatal(err)
			}
			q := hat.In(frame)
			want := []float64{q.W[0][0], q.W[0][1], q.Latent.Var[0], q.Noise, q.Latent.Mean[0], q.B[0], q.B[1]}
			if reactions {
				want = make([]float64, f.Size())
				if err := f.Evaluate(want, q); err != nil {
					t.Fatal(err)
				}
			}
			p.In.Apply(want, want)
			near(t, "input", y[0]-shift, want[k], 1e-11)
		}
	}
}

// The gradient of all parameters is that of central differences, the latent law and the slopes of parametric units included.
func TestGradient(t *testing.T) {
	for _, s := range []Settings{
		{Hidden: []int{4}, Batch: 5, Dropout: 0.3},
		{Hidden: []int{5, 3}, Activation: PReLU, Batch: 5, Dropout: 0.3},
	} {
		p := problem(t, true)
		s, err := s.filled()
		if err != nil {
			t.Fatal(err)
		}
		n, err := p.net(open(t), s)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(2, 2))
		theta := n.init(rng)
		for i := range n.parts()[0].to {
			theta[i] = 0.2 * rng.NormFloat64()
		}
		b := p.batch(n, []int{5, 700, 1234}, s, rng) // two points of weight 0 fill it up
		got, scratch := make([]float64, n.size()), make([]float64, n.size())
		if _, err := n.gradient(got, theta, b); err != nil {
			t.Fatal(err)
		}
		for i := range theta {
			if i >= n.parts()[1].from+20 && i < n.parts()[1].to && i%7 != 0 {
				continue
			}
			const eps = 1e-6
			at := func(v float64) float64 {
				moved := append([]float64{}, theta...)
				moved[i] += v
				loss, err := n.gradient(scratch, moved, b)
				if err != nil {
					t.Fatal(err)
				}
				return loss
			}
			near(t, fmt.Sprintf("gradient %d of %v", i, s.Hidden), got[i], (at(eps)-at(-eps))/(2*eps), 1e-6)
		}
	}
}

// The same seed gives the same network, alone or beside others.
func TestTrainingIsRepeatable(t *testing.T) {
	p := problem(t, true)
	one, err := Train(t.Context(), open(t), p, Settings{Epochs: 3, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	many, err := TrainSeeds(t.Context(), open(t), p, Settings{Epochs: 3, Seed: 4}, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	if many[0].Losses[0] == many[1].Losses[0] {
		t.Error("two seeds gave the same network")
	}
	var last *Model
	for _, m := range []*Model{one, many[1]} {
		if !(m.Losses[2] < m.Losses[0]) {
			t.Errorf("losses %v do not fall", m.Losses)
		}
		if last != nil {
			for i, v := range m.Theta {
				if v != last.Theta[i] {
					t.Fatalf("parameter %d is %v, then %v", i, last.Theta[i], v)
				}
			}
		}
		last = m
	}
}

// With a validation the epoch with the lowest loss is kept; here that of other concentrations than those that are learned from.
func TestValidationChoosesTheEpoch(t *testing.T) {
	series := learned(t)
	p, err := Prepare(calcium.ReductionIP3(), Inputs{Polynomials: reduced.ParameterPolynomials(2)}, series[2:])
	if err != nil {
		t.Fatal(err)
	}
	s := Settings{Epochs: 6, Rate: 0.03, Validation: series[:2]}
	m, err := Train(t.Context(), open(t), p, s)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Checked) != 6 || m.Checked[m.Epoch-1] != slices.Min(m.Checked) {
		t.Fatalf("epoch %d of the losses %v was kept", m.Epoch, m.Checked)
	}
	got, err := m.lossOf(p.points(s.Validation))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "loss of the network that is kept", got, m.Checked[m.Epoch-1], 1e-15)
	s.Validation = nil
	s.Epochs = m.Epoch
	last, err := Train(t.Context(), open(t), p, s)
	if err != nil {
		t.Fatal(err)
	}
	if last.Epoch != m.Epoch || !slices.Equal(last.Theta, m.Theta) {
		t.Error("the network of that epoch is another one without a validation")
	}
}

func TestRefused(t *testing.T) {
	if _, err := Prepare(calcium.ReductionIP3(), Inputs{}, nil); !errors.Is(err, ErrSettings) {
		t.Errorf("nothing to learn from: error %v", err)
	}
	p := problem(t, false)
	for _, s := range []Settings{{Hidden: []int{0}}, {Hidden: []int{}}, {Activation: 2}, {Dropout: 1}, {Epochs: -1}, {Rate: -1}, {Clip: -1}, {Batch: -1}} {
		if _, err := Train(t.Context(), open(t), p, s); !errors.Is(err, ErrSettings) {
			t.Errorf("%+v: error %v", s, err)
		}
	}
	if _, err := TrainSeeds(t.Context(), open(t), p, Settings{}, 0, 1); !errors.Is(err, ErrSettings) {
		t.Errorf("no networks: error %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := TrainSeeds(ctx, open(t), p, Settings{}, 2, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: error %v", err)
	}
}
