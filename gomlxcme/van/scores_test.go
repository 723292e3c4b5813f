package van

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// randomStates draws n states of the box that the network does not find
// impossible.
func randomStates(t testing.TB, m *Model, theta Params, n int, seed uint64) []int32 {
	rng := rand.New(rand.NewPCG(seed, 31))
	u := make([]float64, n*m.Box.Species())
	for i := range u {
		u[i] = rng.Float64()
	}
	x := make([]int32, len(u))
	if err := m.Sample(x, theta, u, nil); err != nil {
		t.Fatal(err)
	}
	return x
}

// allScores returns the scores [n·P] of states.
func allScores(t testing.TB, m *Model, theta Params, states []int32) []float64 {
	p := m.Size()
	n := len(states) / m.Box.Species()
	o := make([]float64, n*p)
	err := m.Scores(make([]float64, n), theta, states, func(lo, hi int, rows []float64) { copy(o[lo*p:hi*p], rows) })
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// randomCombination has rows of 0 to 5 entries, some of them of the same state.
func randomCombination(rows, states int, rng *rand.Rand) Combination {
	c := Combination{Start: []int{0}}
	for range rows {
		for range rng.IntN(6) {
			c.State = append(c.State, int32(rng.IntN(states)))
			c.Factor = append(c.Factor, rng.NormFloat64())
		}
		c.Start = append(c.Start, len(c.State))
	}
	return c
}

// dense returns C O [rows·P].
func (c Combination) dense(o []float64, p int) []float64 {
	j := make([]float64, c.Rows()*p)
	for r := range c.Rows() {
		for k := c.Start[r]; k < c.Start[r+1]; k++ {
			for i := range p {
				j[r*p+i] += c.Factor[k] * o[int(c.State[k])*p+i]
			}
		}
	}
	return j
}

// outer returns A Aᵀ of A [n·p].
func outer(a []float64, n, p int) []float64 {
	k := make([]float64, n*n)
	for i := range n {
		for j := range n {
			for q := range p {
				k[i*n+j] += a[i*p+q] * a[j*p+q]
			}
		}
	}
	return k
}

// different returns the largest difference in units of the largest entry.
func different(a, b []float64) float64 {
	d, top := 0.0, 1e-300
	for i := range a {
		d, top = max(d, math.Abs(a[i]-b[i])), max(top, math.Abs(b[i]))
		if math.IsNaN(a[i]) {
			return math.NaN()
		}
	}
	return d / top
}

// Sums of the same numbers in another order differ by rounding: 1e-12 of the
// largest entry leaves room for 10⁴ units in the last place.
const sameSum = 1e-12

func TestProductsWithScoresAgreeWithTheScores(t *testing.T) {
	for name, m := range testModels(t) {
		const n, rows = 70, 40
		p := m.Size()
		theta := roughParams(m, 32)
		x := randomStates(t, m, theta, n, 33)
		o := allScores(t, m, theta, x)
		rng := rand.New(rand.NewPCG(34, 35))
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		want := make([]float64, p)
		for k := range v {
			for i := range want {
				want[i] += v[k] * o[k*p+i]
			}
		}
		got := make([]float64, p)
		if err := m.ScoresVJP(got, theta, x, v); err != nil {
			t.Fatal(name, err)
		}
		if d := different(got, want); !(d < sameSum) {
			t.Errorf("%s: Oᵀv differs by %v", name, d)
		}
		gram := make([]float64, n*n)
		if err := m.Gram(gram, theta, x); err != nil {
			t.Fatal(name, err)
		}
		if d := different(gram, outer(o, n, p)); !(d < sameSum) {
			t.Errorf("%s: O Oᵀ differs by %v", name, d)
		}
		c := randomCombination(rows, n, rng)
		j, combined := c.dense(o, p), make([]float64, rows*p)
		err := m.CombinedScores(theta, x, c, func(lo, hi int, r []float64) { copy(combined[lo*p:hi*p], r) })
		if err != nil {
			t.Fatal(name, err)
		}
		if d := different(combined, j); !(d < sameSum) {
			t.Errorf("%s: C O differs by %v", name, d)
		}
		gram = make([]float64, rows*rows)
		if err := m.CombinedGram(gram, theta, x, c); err != nil {
			t.Fatal(name, err)
		}
		if d := different(gram, outer(j, rows, p)); !(d < sameSum) {
			t.Errorf("%s: J Jᵀ differs by %v", name, d)
		}
		clear(want)
		for r := range rows {
			for i := range want {
				want[i] += v[r] * j[r*p+i]
			}
		}
		if err := m.ScoresVJP(got, theta, x, c.Transposed(v[:rows], n)); err != nil {
			t.Fatal(name, err)
		}
		if d := different(got, want); !(d < sameSum) {
			t.Errorf("%s: Jᵀv differs by %v", name, d)
		}
	}
}

// Several chunks on several workers give the same bytes, with parameters so many
// that scores are taken in smaller chunks.
func TestProductsDoNotDependOnWorkers(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	const n, rows = Chunk + 11, 90
	var want [][]float64
	for _, workers := range []int{1, 4} {
		m, err := New(b, Box{Caps: []int{1, 20, 20}}, GRU{Hidden: 64}, workers)
		if err != nil {
			t.Fatal(err)
		}
		if m.rowChunk() == Chunk {
			t.Fatalf("%d parameters do not need smaller chunks", m.Size())
		}
		theta := m.Init(rand.New(rand.NewPCG(1, 2)))
		x := randomStates(t, m, theta, n, 36)
		rng := rand.New(rand.NewPCG(37, 38))
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		c := randomCombination(rows, n, rng)
		got := [][]float64{make([]float64, m.Size()), make([]float64, rows*rows), make([]float64, rows*rows)}
		if err := m.ScoresVJP(got[0], theta, x, v); err != nil {
			t.Fatal(err)
		}
		if err := m.CombinedGram(got[1], theta, x, c); err != nil {
			t.Fatal(err)
		}
		if err := m.Gram(got[2], theta, x[:rows*3]); err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		for k := range got {
			if !slices.Equal(got[k], want[k]) {
				t.Errorf("%d workers change result %d", workers, k)
			}
		}
	}
}

// A row may combine more states than one execution takes.
func TestRowsOfVeryManyEntries(t *testing.T) {
	m := testModels(t)["softmax heads"]
	theta := roughParams(m, 81)
	const n = Chunk + 90
	x := randomStates(t, m, theta, n, 82)
	rng := rand.New(rand.NewPCG(83, 84))
	c := randomCombination(3, n, rng)
	for i := range 3 * n {
		c.State, c.Factor = append(c.State, int32(i%n)), append(c.Factor, rng.NormFloat64())
	}
	c.Start = append(c.Start, len(c.State), len(c.State))
	p := m.Size()
	got := make([]float64, c.Rows()*p)
	err := m.CombinedScores(theta, x, c, func(lo, hi int, rows []float64) { copy(got[lo*p:hi*p], rows) })
	if err != nil {
		t.Fatal(err)
	}
	if d := different(got, c.dense(allScores(t, m, theta, x), p)); !(d < sameSum) {
		t.Errorf("C O differs by %v", d)
	}
}

func TestWrongShapesAreRefused(t *testing.T) {
	m := testModels(t)["gene"]
	theta, x := roughParams(m, 1), make([]int32, 4*3)
	for name, err := range map[string]error{
		"product": m.ScoresVJP(make([]float64, m.Size()), theta, x, make([]float64, 2)),
		"gram":    m.Gram(make([]float64, 4), theta, x),
		"rows":    m.CombinedScores(theta, x, Combination{Start: []int{0, 1}, State: []int32{3}, Factor: []float64{1}}, func(int, int, []float64) {}),
		"starts":  m.CombinedScores(theta, x, Combination{Start: []int{0, 2}, State: []int32{1}, Factor: []float64{1}}, func(int, int, []float64) {}),
		"params":  m.ScoresVJP(make([]float64, m.Size()), theta[1:], x, make([]float64, 3)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
