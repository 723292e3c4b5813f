package van

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// testModels are small boxes that cover every head and input: a gene, counts
// with free logits, spline heads with and without base measure, one count only.
func testModels(t testing.TB) map[string]*Model {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	models := map[string]*Model{}
	for name, c := range map[string]struct {
		caps []int
		arch Architecture
		laws []Law
	}{
		"one species":                 {caps: []int{30}, arch: NADE{}},
		"gene":                        {caps: []int{1, 1, 19, 15}, arch: NADE{Hidden: 5}},
		"softmax heads":               {caps: []int{3, 14, 9}, arch: NADE{Hidden: 4, Heads: Softmax{}}},
		"flat splines":                {caps: []int{40, 40}, arch: NADE{Hidden: 3, Heads: Spline{Flat: []bool{true, true}, Knots: 9}}},
		"fixed count":                 {caps: []int{0, 20, 2}, arch: NADE{}},
		"conserved":                   {caps: []int{20, 1, 10}, arch: NADE{}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		"conserved, two":              {caps: []int{9, 9, 9, 4}, arch: NADE{}, laws: []Law{{Weights: []int{1, 1, 1, 0}, Total: 9}, {Weights: []int{0, 1, 0, -2}, Total: 1}}},
		"shared":                      {caps: []int{1, 3, 19, 15}, arch: SharedNADE{Hidden: 5}},
		"shared, conserved":           {caps: []int{20, 1, 10}, arch: SharedNADE{Hidden: 3, Heads: Softmax{}}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		"transformer":                 {caps: []int{1, 3, 19, 15}, arch: Transformer{DModel: 6, AttentionHeads: 3, Layers: 2}},
		"transformer, conserved":      {caps: []int{20, 1, 10}, arch: Transformer{DModel: 4, DFF: 5, Layers: 1, AttentionHeads: 1, Heads: Softmax{}}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		"gru":                         {caps: []int{1, 3, 19, 15}, arch: GRU{Hidden: 5}},
		"gru, two layers, conserved":  {caps: []int{20, 1, 10}, arch: GRU{Hidden: 3, Layers: 2, Heads: Softmax{}}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		"lstm":                        {caps: []int{1, 3, 19, 15}, arch: LSTM{Hidden: 4}},
		"lstm, two layers, conserved": {caps: []int{20, 1, 10}, arch: LSTM{Hidden: 3, Layers: 2, Heads: Softmax{}}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
		"ordered, conserved":          {caps: []int{20, 1, 10, 3}, arch: Ordered{Network: GRU{Hidden: 3, Heads: Spline{Flat: []bool{false, false, true, false}}}, Order: []int{2, 3, 1, 0}}, laws: []Law{{Weights: []int{1, 0, 2, 0}, Total: 20}}},
		"logistic mixture":            {caps: []int{1, 25, 40}, arch: NADE{Hidden: 4, Heads: Logistic{Scale: []float64{0, 6}}}},
		"logistic mixture, conserved": {caps: []int{20, 1, 20}, arch: GRU{Hidden: 3, Heads: Logistic{Components: 2}}, laws: []Law{{Weights: []int{1, 0, 2}, Total: 20}}},
	} {
		m, err := New(b, Box{Caps: c.caps, Laws: c.laws}, c.arch, 2)
		if err != nil {
			t.Fatal(name, err)
		}
		models[name] = m
	}
	return models
}

// roughParams are far from the smooth start, so that no gradient vanishes.
func roughParams(m *Model, seed uint64) Params {
	rng := rand.New(rand.NewPCG(seed, 1))
	theta := m.Init(rng)
	for i := range theta {
		theta[i] += 0.3 * rng.NormFloat64()
	}
	return theta
}

func TestNormalised(t *testing.T) {
	for name, m := range testModels(t) {
		all, err := m.Box.Enumerate(10000)
		if err != nil {
			t.Fatal(err)
		}
		logp := make([]float64, len(all)/m.Box.Species())
		if err := m.LogProb(logp, roughParams(m, 2), all); err != nil {
			t.Fatal(name, err)
		}
		sum := 0.0
		for _, v := range logp {
			sum += math.Exp(v)
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: probabilities sum to %v", name, sum)
		}
	}
}

// The frequencies of n samples are compared with the enumerated distribution by
// the statistic of Pearson, merged to cells with at least 10 expected samples.
// The bound of 4.5 standard deviations gives a false alarm in 1 of 10⁵ seeds for
// random numbers; the seeds are fixed.
func TestSamplesFollowTheDistribution(t *testing.T) {
	const n = 10000
	for name, m := range testModels(t) {
		l := m.Box.Species()
		theta := m.Init(rand.New(rand.NewPCG(3, 3)))
		all, _ := m.Box.Enumerate(10000)
		logp := make([]float64, len(all)/l)
		if err := m.LogProb(logp, theta, all); err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(5, 6))
		u := make([]float64, n*l)
		for i := range u {
			u[i] = rng.Float64()
		}
		x := make([]int32, n*l)
		if err := m.Sample(x, theta, u, nil); err != nil {
			t.Fatal(name, err)
		}
		count := make([]float64, len(logp))
		index := map[string]int{}
		for i := range logp {
			index[fmt.Sprint(all[i*l:(i+1)*l])] = i
		}
		for k := range n {
			i, ok := index[fmt.Sprint(x[k*l:(k+1)*l])]
			if !ok {
				t.Fatalf("%s: drew %v, which is not in the box", name, x[k*l:(k+1)*l])
			}
			count[i]++
		}
		chi, cells, restE, restO := 0.0, 0.0, 0.0, 0.0
		for i, lp := range logp {
			e := n * math.Exp(lp)
			if e < 10 {
				restE, restO = restE+e, restO+count[i]
				continue
			}
			chi += (count[i] - e) * (count[i] - e) / e
			cells++
		}
		if restE > 10 {
			chi += (restO - restE) * (restO - restE) / restE
			cells++
		}
		if z := (chi - (cells - 1)) / math.Sqrt(2*(cells-1)+1e-9); cells > 1 && z > 4.5 {
			t.Errorf("%s: χ² = %.1f for %v cells, %.1f standard deviations too large", name, chi, cells, z)
		}
	}
}

func TestTemperedSamplesFlattenEveryConditional(t *testing.T) {
	m := testModels(t)["one species"]
	theta := m.Init(rand.New(rand.NewPCG(1, 1)))
	all, _ := m.Box.Enumerate(100)
	logp := make([]float64, len(all))
	if err := m.LogProb(logp, theta, all); err != nil {
		t.Fatal(err)
	}
	const n, power = 30000, 0.3
	u, powers, x := make([]float64, n), make([]float64, n), make([]int32, n)
	NewSequence([]float64{0.4}).Next(u)
	for i := range powers {
		powers[i] = power
	}
	if err := m.Sample(x, theta, u, powers); err != nil {
		t.Fatal(err)
	}
	z, want := 0.0, make([]float64, len(all))
	for i, v := range logp {
		want[i] = math.Exp(power * v)
		z += want[i]
	}
	got := make([]float64, len(all))
	for _, v := range x {
		got[v] += 1.0 / n
	}
	for i := range want {
		// Quasi-random points fill an interval to within a few parts in n.
		if math.Abs(got[i]-want[i]/z) > 10.0/n {
			t.Errorf("count %d: frequency %v, want %v", i, got[i], want[i]/z)
		}
	}
}

func TestScoresAgainstFiniteDifferences(t *testing.T) {
	for name, m := range testModels(t) {
		l, p := m.Box.Species(), m.Size()
		theta := roughParams(m, 7)
		rng := rand.New(rand.NewPCG(8, 9))
		const n = 5
		all, _ := m.Box.Enumerate(10000)
		x := make([]int32, 0, n*l)
		for range n {
			i := rng.IntN(len(all) / l)
			x = append(x, all[i*l:(i+1)*l]...)
		}
		scores, logp := make([]float64, n*p), make([]float64, n)
		err := m.Scores(logp, theta, x, func(lo, hi int, rows []float64) { copy(scores[lo*p:hi*p], rows) })
		if err != nil {
			t.Fatal(name, err)
		}
		// Some parameters one by one, and all of them in random directions.
		directions := make([][]float64, 0, 30)
		for j := 0; j < p; j += 1 + p/15 {
			d := make([]float64, p)
			d[j] = 1
			directions = append(directions, d)
		}
		for range 5 {
			d := make([]float64, p)
			for j := range d {
				d[j] = rng.NormFloat64() / math.Sqrt(float64(p))
			}
			directions = append(directions, d)
		}
		const h = 1e-5
		up, down := make([]float64, n), make([]float64, n)
		moved := make(Params, p)
		for q, d := range directions {
			for _, side := range []struct {
				step float64
				logp []float64
			}{{h, up}, {-h, down}} {
				for j := range moved {
					moved[j] = theta[j] + side.step*d[j]
				}
				if err := m.LogProb(side.logp, moved, x); err != nil {
					t.Fatal(name, err)
				}
			}
			for k := range n {
				want, got := (up[k]-down[k])/(2*h), 0.0
				for j, v := range d {
					got += v * scores[k*p+j]
				}
				// Central differences err by h² times the third derivative, which
				// the spline bases keep below 10³.
				if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
					t.Fatalf("%s: score of sample %d in direction %d: %v, want %v", name, k, q, got, want)
				}
			}
		}
	}
}

func TestResultsDoNotDependOnWorkers(t *testing.T) {
	b, _ := backend.Open("go")
	var want []float64
	for _, workers := range []int{1, 2, 5} {
		m, err := New(b, Box{Caps: []int{1, 60, 60}}, nil, workers)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := m.Box.Enumerate(10000)
		got := make([]float64, len(all)/3)
		if err := m.LogProb(got, m.Init(rand.New(rand.NewPCG(1, 2))), all); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%d workers: log P of state %d is %v, with 1 worker %v", workers, i, got[i], want[i])
			}
		}
	}
}

// One worker, batches of 4096 states of the toggle switch's box. The operation
// count of log P is 2·(Σ products + Σ M·R) flops and Σ M exponentials a state: for
// 8 hidden units about 6,000 flops and 164 exponentials of 8 ns, a floor of 1.9 µs
// at 10 Gflop/s.
func BenchmarkToggle(b *testing.B) {
	be, err := backend.Open("go")
	if err != nil {
		b.Fatal(err)
	}
	for _, hidden := range []int{8, 16} {
		m, err := New(be, Box{Caps: []int{1, 1, 79, 79}}, NADE{Hidden: hidden}, 1)
		if err != nil {
			b.Fatal(err)
		}
		theta := m.Init(rand.New(rand.NewPCG(1, 2)))
		const n = 8 * Chunk
		u := make([]float64, 4*n)
		NewSequence(make([]float64, 4)).Next(u)
		x, logp := make([]int32, 4*n), make([]float64, n)
		if err := m.Sample(x, theta, u, nil); err != nil {
			b.Fatal(err)
		}
		for _, part := range []struct {
			name string
			run  func() error
		}{
			{"sample", func() error { return m.Sample(x, theta, u, nil) }},
			{"logprob", func() error { return m.LogProb(logp, theta, x) }},
			{"scores", func() error { return m.Scores(logp, theta, x, func(int, int, []float64) {}) }},
		} {
			b.Run(fmt.Sprintf("hidden=%d/%s", hidden, part.name), func(b *testing.B) {
				for b.Loop() {
					if err := part.run(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/state")
			})
		}
	}
}

func TestLawsThatCannotBeMetAreRefused(t *testing.T) {
	for _, l := range []Law{{Weights: []int{2, 2}, Total: 3}, {Weights: []int{1, 1}, Total: 9}, {Weights: []int{1}, Total: 1}} {
		if _, err := NewBox([]int{4, 4}, l); !errors.Is(err, ErrBox) {
			t.Errorf("law %v: got %v", l, err)
		}
	}
}

func TestStatesThatBreakALawHaveNoProbability(t *testing.T) {
	m := testModels(t)["conserved"]
	logp := make([]float64, 2)
	if err := m.LogProb(logp, roughParams(m, 4), []int32{10, 1, 5, 10, 1, 6}); err != nil {
		t.Fatal(err)
	}
	if math.Exp(logp[0]) == 0 || math.Exp(logp[1]) != 0 {
		t.Errorf("log P %v", logp)
	}
}
