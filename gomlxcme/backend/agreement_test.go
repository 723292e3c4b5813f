package backend_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// networks has every architecture and every kind of head, with and without a
// conservation law. XLA takes half a second of the processor to compile a graph: for
// those marked long, only draws, log P and scores are run without CME_LONG.
var networks = []struct {
	name string
	long bool
	box  van.Box
	arch van.Architecture
}{
	{"nade, splines", false, van.Box{Caps: []int{1, 19, 15}}, van.NADE{Hidden: 5}},
	{"nade, logistic", true, van.Box{Caps: []int{1, 25, 40}}, van.NADE{Hidden: 4, Heads: van.Logistic{}}},
	{"transformer, softmax", true, van.Box{Caps: []int{1, 3, 14}}, van.Transformer{DModel: 6, AttentionHeads: 3, Layers: 1, Heads: van.Softmax{}}},
	{"gru, splines, law", true, van.Box{Caps: []int{20, 1, 10}, Laws: []van.Law{{Weights: []int{1, 0, 2}, Total: 20}}}, van.GRU{Hidden: 4}},
	{"lstm, flat splines", true, van.Box{Caps: []int{2, 19, 15}}, van.LSTM{Hidden: 4, Heads: van.Spline{Flat: []bool{true, true, true}}}},
	{"ordered nade, logistic, law", true, van.Box{Caps: []int{20, 1, 20}, Laws: []van.Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		van.Ordered{Network: van.NADE{Hidden: 4, Heads: van.Logistic{Components: 2}}, Order: []int{2, 0, 1}}},
}

// long says whether tests that take long are asked for.
func long() bool { return os.Getenv("CME_LONG") != "" }

// rounding is the largest difference of two backends, as a share of the largest
// number of a result. Sums of up to some thousand terms in another order differ by
// 1e-13, and the worst seen is 4e-14; a function computed in single precision would
// differ by 1e-7.
const rounding = 1e-11

// The same uniform numbers give the same states, and every function of the
// networks the same numbers, on every backend that is here.
func TestGraphsAgree(t *testing.T) {
	judge, list := others(t)
	for _, n := range networks {
		all := long() || !n.long
		want := evaluate(t, judge, n.box, n.arch, all, nil)
		for _, b := range list {
			t.Run(b.name+"/"+n.name, func(t *testing.T) {
				t.Parallel()
				got := evaluate(t, b.Backend, n.box, n.arch, all, want.states)
				for i, x := range want.drawn {
					if !slices.Equal(got.drawn[i], x) {
						t.Errorf("draws of kind %d are others", i)
					}
				}
				for name, x := range want.numbers {
					if d := difference(got.numbers[name], x); !(d < rounding) {
						t.Errorf("%s differs by %.2g", name, d)
					}
				}
			})
		}
	}
}

// difference is the largest difference over the largest number.
func difference(a, b []float64) float64 {
	top, d := 1e-300, 0.0
	for i := range b {
		top = max(top, math.Abs(b[i]))
		d = max(d, math.Abs(a[i]-b[i]))
		if math.IsNaN(a[i]) || math.IsNaN(b[i]) {
			return math.NaN()
		}
	}
	return d / top
}

// results are what a network gives on one backend.
type results struct {
	states  []int32
	drawn   [][]int32 // plain, tempered, bent
	numbers map[string][]float64
}

// evaluate runs a network's draws, log P and scores once, and all its other
// functions if asked, on the given states or, if there are none, on its own draws.
func evaluate(t *testing.T, b *backend.Backend, box van.Box, arch van.Architecture, all bool, states []int32) results {
	t.Helper()
	m, err := van.New(b, box, arch, 2)
	must(t, err)
	rng := rand.New(rand.NewPCG(11, 12))
	theta := m.Init(rng)
	for i := range theta {
		theta[i] += 0.3 * rng.NormFloat64() // far from a smooth start, so that no gradient vanishes
	}
	const n = 150
	l, p := box.Species(), m.Size()
	u, powers, v := make([]float64, n*l), make([]float64, n), make([]float64, n)
	for i := range u {
		u[i] = rng.Float64()
	}
	for i := range n {
		powers[i], v[i] = 0.2+0.8*rng.Float64(), rng.NormFloat64()
	}
	r := results{drawn: [][]int32{make([]int32, n*l), make([]int32, n*l), make([]int32, n*l)}, numbers: map[string][]float64{}}
	number := func(name string, size int) []float64 {
		r.numbers[name] = make([]float64, size)
		return r.numbers[name]
	}
	must(t, m.Sample(r.drawn[0], theta, u, nil))
	must(t, m.Sample(r.drawn[1], theta, u, powers))
	if r.states = states; states == nil {
		r.states = r.drawn[0]
	}
	must(t, m.LogProb(number("log P", n), theta, r.states))
	scores := number("scores", n*p)
	must(t, m.Scores(make([]float64, n), theta, r.states, func(lo, hi int, rows []float64) { copy(scores[lo*p:hi*p], rows) }))
	if !all {
		return r
	}
	must(t, m.SampleBent(r.drawn[2], theta, u, van.Power(0.5)))
	must(t, m.LogProbBent(number("log Q", n), theta, r.states, van.Power(0.5)))
	must(t, m.ScoresVJP(number("gradient", p), theta, r.states, v))
	must(t, m.Gram(number("Gram matrix", n*n), theta, r.states))
	c := van.Combination{Start: []int{0}}
	for range 60 {
		for range rng.IntN(6) {
			c.State, c.Factor = append(c.State, int32(rng.IntN(n))), append(c.Factor, rng.NormFloat64())
		}
		c.Start = append(c.Start, len(c.State))
	}
	rows := number("combined rows", c.Rows()*p)
	must(t, m.CombinedScores(theta, r.states, c, func(lo, hi int, part []float64) { copy(rows[lo*p:hi*p], part) }))
	must(t, m.CombinedGram(number("Gram matrix of combined rows", c.Rows()*c.Rows()), theta, r.states, c))
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Steps of the implicit scheme without noise, from the same network, end with the
// same law: this runs residuals, rows, normal equations, updates and validation.
// The equations have a condition of up to 1e5 (their damping is 1e-5), and some ten
// updates follow each other: differences of 1e-14 may grow to 1e-8.
func TestStepsAgree(t *testing.T) {
	judge, list := others(t)
	c := gene(t)
	for i, arch := range []van.Architecture{van.NADE{}, van.Transformer{DModel: 8, AttentionHeads: 2, Layers: 1}} {
		if i > 0 && !long() {
			continue
		}
		settings := evolve.Settings{Times: []float64{0.3}, Seed: 1, Backend: judge, Proposal: evolve.FullSum{}, Network: arch}
		start, err := evolve.Run(context.Background(), c, settings)
		must(t, err)
		settings.Times, settings.Resume = []float64{0.3, 0.4}, &start.State
		law := func(b *backend.Backend) []float64 {
			settings.Backend = b
			r, err := evolve.Run(context.Background(), c, settings)
			must(t, err)
			all, err := r.Model.Box.Enumerate(1000)
			must(t, err)
			logp := make([]float64, len(all)/2)
			must(t, r.Model.LogProb(logp, r.State.Outputs[1].Theta, all))
			return logp
		}
		want := law(judge)
		for _, b := range list {
			t.Run(b.name+"/"+fmt.Sprintf("%T", arch), func(t *testing.T) {
				for i, v := range law(b.Backend) {
					// Where P is below e⁻²⁵ nothing holds log P.
					if want[i] > -25 && !(math.Abs(v-want[i]) < 1e-6) {
						t.Errorf("state %d: log P %v, want %v", i, v, want[i])
					}
				}
			})
		}
	}
}

// Whole steps of a natural gradient on the device of every backend end with the law of
// steps on the host of the Go backend, in full-sum mode. Differences of 1e-15 grow by the
// condition of the equations, whose damping is 1e-3 and whose largest entries are about 10.
func TestStepsOnTheDeviceAgree(t *testing.T) {
	judge, list := others(t)
	c := gene(t)
	for _, space := range []evolve.Space{evolve.SampleSpace, evolve.ParameterSpace} {
		law := func(b *backend.Backend, place evolve.Place) []float64 {
			r, err := evolve.Run(context.Background(), c, evolve.Settings{
				Times: []float64{0.02}, Seed: 1, Backend: b, Proposal: evolve.FullSum{}, Network: van.NADE{}, Step: place,
				Scheme: evolve.Published{Dt: 0.01, Optimiser: evolve.Natural{Metric: evolve.Metric{Space: space}}, Start: evolve.Adam{Epochs: 50, Rate: 0.1}},
			})
			must(t, err)
			all, err := r.Model.Box.Enumerate(1000)
			must(t, err)
			logp := make([]float64, len(all)/2)
			must(t, r.Model.LogProb(logp, r.State.Outputs[0].Theta, all))
			return logp
		}
		want := law(judge, evolve.OnHost)
		for _, b := range list {
			t.Run(fmt.Sprintf("%s/%v", b.name, space), func(t *testing.T) {
				if d := difference(law(b.Backend, evolve.OnDevice), want); !(d < 1e-9) {
					t.Errorf("log P differs by %.2g", d)
				}
			})
		}
	}
}
